import type { ArmBehaviour } from "../../../packages/sandbox/server/scored";
import { cloudClock } from "../../../packages/cli/clock";
import { Stage } from "./stage";

jest.setTimeout(180_000);

const blue: ArmBehaviour = {
  latencyMs: 800,
  latencySpread: 0.5,
  failureRate: 0.002,
  tokens: 500,
  feedback: 0.8,
};

let stage: Stage;
afterEach(() => stage.close());

async function staged(green: ArmBehaviour) {
  stage = await Stage.open({ blue, green: { ...blue, ...green } });
  return stage;
}

const steps = ["green at 10 percent", "green at 50 percent", "green at 100 percent"];

describe("a roll-out in the simulated Azure, over HTTPS", () => {
  test("an arm that is as good reaches 100 and is reported as equal", async () => {
    await staged({});
    const before = stage.yaml;
    expect(await stage.rollout()).toBe(0);
    expect(await stage.endpoint.weights()).toEqual({ blue: 0, green: 100 });
    expect(stage.said.at(-1)).toBe(
      "complete: green has 100 % of the requests; in every step green and blue were equal within the margins",
    );
    expect(stage.routed).toEqual([
      '{"blue":90,"green":10}',
      '{"blue":50,"green":50}',
      '{"blue":0,"green":100}',
    ]);
    expect(stage.commits).toEqual(steps.map((step) => `web dev: ${step}`));
    // Nothing but the two weights differs from the file that a person wrote.
    expect(stage.yaml).toBe(
      before.replace("weight: 100 }", "weight: 0 }").replace("weight: 0,", "weight: 100,"),
    );
    expect(stage.git("status", "--porcelain")).toBe("?? .genaiops/\n");
  });

  test("an arm that is better reaches 100 and is not called equal", async () => {
    await staged({ latencyMs: 300, feedback: 0.95, tokens: 300 });
    expect(await stage.rollout()).toBe(0);
    expect(stage.said.at(-1)).toBe("complete: green has 100 % of the requests");
  });

  test.each([
    ["slow", { latencyMs: 1400 }, "p95"],
    ["failing", { failureRate: 0.08 }, "5xx"],
    ["worse by feedback", { feedback: 0.55 }, "feedback"],
    ["dear", { tokens: 800 }, "tokens"],
  ])("an arm that is %s is stopped and rolled back", async (_, green, metric) => {
    await staged(green);
    expect(await stage.rollout()).toBe(3);
    expect(await stage.endpoint.weights()).toEqual({ blue: 100, green: 0 });
    expect(stage.commits).toEqual(["web dev: green at 10 percent", "web dev: green rolled back"]);
    const found = stage.said.find((text) => text.includes(": roll back"));
    expect(found?.split("\n").filter((line) => line.endsWith(": worse"))).toEqual([
      expect.stringMatching(new RegExp(`^  ${metric}: blue .*, green `)),
    ]);
    // The commit says why.
    expect(stage.git("log", "-1", "--format=%b")).toContain(": worse");
  });

  test("with --auto the endpoint is written before the file is", async () => {
    await staged({ failureRate: 0.5 });
    stage.onSay = (text) => {
      if (text.startsWith("rolled back: the endpoint")) expect(stage.yaml).toContain("weight: 10,");
    };
    expect(await stage.rollout({ auto: true })).toBe(3);
    expect(stage.said.slice(-3)).toEqual([
      "rolled back: the endpoint routes blue 100, green 0",
      "Pulumi.dev.yaml: blue 100, green 0",
      "rolled back: green gets no requests",
    ]);
    // The deployment that followed the commit found nothing to change.
    expect(stage.routed).toEqual(['{"blue":90,"green":10}']);
  });

  test("too few requests hold the weights where they are", async () => {
    await staged({});
    stage.requestsPerMinute = 4;
    expect(await stage.rollout()).toBe(1);
    expect(await stage.endpoint.weights()).toEqual({ blue: 90, green: 10 });
    expect(stage.said.at(-1)).toMatch(/^held: the weights stay at blue 90, green 10/);
  });

  test("a step that nobody deploys ends the wait and goes on later", async () => {
    await staged({});
    stage.deployMinutes = 45;
    await expect(stage.rollout()).rejects.toThrow(
      "The endpoint still routes blue 100, green 0 after 30 minutes, wanted blue 90, green 10",
    );
    // It was deployed meanwhile; the same command goes on from there.
    stage.deployMinutes = 2;
    expect(await stage.rollout({ steps: "10,50,100" })).toBe(0);
    expect(stage.commits).toHaveLength(3);
  });

  test("somebody else who changes the weights stops it", async () => {
    await staged({});
    let meddling: Promise<void> | undefined;
    stage.onSay = (text) => {
      if (text.includes("look 1 of 6")) {
        stage.onSay = () => undefined;
        stage.frozen = true;
        meddling = stage.endpoint.write({ blue: 80, green: 20 });
      }
    };
    await expect(stage.rollout()).rejects.toThrow(
      "Somebody else changed the endpoint's weights to blue 80, green 20",
    );
    await meddling;
  });
});

test("Ctrl-C while it waits ends it at once, and the same command goes on", async () => {
  await staged({ failureRate: 0.5 });
  const controller = new AbortController();
  stage.onSay = (text) => {
    if (text.startsWith("waiting")) controller.abort();
  };
  const { signal } = controller;
  await expect(stage.rollout({ signal, clock: cloudClock(signal) })).rejects.toThrow(/abort/i);
  stage.onSay = () => undefined;
  expect(await stage.rollout()).toBe(3);
  expect(stage.commits).toEqual(["web dev: green at 10 percent", "web dev: green rolled back"]);
});

describe("killed and started again", () => {
  class Killed extends Error {}

  async function killedAt(when: (text: string) => boolean, green: ArmBehaviour, auto = false) {
    await staged(green);
    stage.onSay = (text) => {
      if (!when(text)) return;
      stage.onSay = () => undefined;
      throw new Killed(text);
    };
    await expect(stage.rollout({ auto })).rejects.toThrow(Killed);
    return stage.rollout({ auto });
  }

  test.each([
    [
      "between the file and its commit",
      (text: string) => text.startsWith("Pulumi.dev.yaml: blue 50"),
    ],
    [
      "while the step is deployed",
      (text: string) => text.startsWith("waiting for") && text.includes("green 10;"),
    ],
    ["in the middle of a bake", (text: string) => text.includes("green at 50 %, look 2")],
  ])("%s: the same end, each step once", async (_, when) => {
    expect(await killedAt(when, {})).toBe(0);
    expect(stage.commits).toEqual(steps.map((step) => `web dev: ${step}`));
    expect(stage.routed).toHaveLength(3);
  });

  test("after a look the same look finds the same numbers", async () => {
    await killedAt((text) => text.includes("green at 10 %, look 2"), {});
    const looks = stage.said.filter((text) => text.startsWith("green at 10 %, look 2"));
    expect(looks).toHaveLength(2);
    expect(looks[0]).toBe(looks[1]);
  });

  test.each([
    ["the decision", (text: string) => text.includes(": roll back")],
    ["the endpoint was written", (text: string) => text.startsWith("rolled back: the endpoint")],
    ["the file was written", (text: string) => text.startsWith("Pulumi.dev.yaml: blue 100")],
  ])("in a roll-back, after %s: it is finished", async (_, when) => {
    expect(await killedAt(when, { failureRate: 0.5 }, true)).toBe(3);
    expect(await stage.endpoint.weights()).toEqual({ blue: 100, green: 0 });
    expect(stage.commits).toEqual(["web dev: green at 10 percent", "web dev: green rolled back"]);
    expect(stage.git("status", "--porcelain")).toBe("?? .genaiops/\n");
  });

  test("another roll-out of the flow is refused meanwhile", async () => {
    await staged({});
    stage.onSay = () => {
      throw new Killed();
    };
    await expect(stage.rollout()).rejects.toThrow(Killed);
    await expect(stage.rollout({ steps: "20,100" })).rejects.toThrow(
      "a roll-out of web to green with steps 10,50,100, bake 15m and metrics p95,5xx,tokens,feedback is under way",
    );
  });
});
