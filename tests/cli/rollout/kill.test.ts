import { fork } from "node:child_process";
import path from "node:path";
import type { Message, Order } from "./child";
import { Stage } from "./stage";

jest.setTimeout(180_000);

const arm = { latencyMs: 800, latencySpread: 0.5, failureRate: 0.002, tokens: 500, feedback: 0.8 };
let stage: Stage;
afterEach(() => stage.close());

/** Run the roll-out in a process that logs in to the sandbox by itself. Undefined when it was killed. */
function inProcess(killAt?: string): Promise<number | undefined> {
  const child = fork(path.join(__dirname, "child.ts"), {
    execArgv: ["--require", "tsx/cjs"],
    env: { ...process.env, ...stage.box.sandbox.environment },
  });
  const { root } = stage;
  const request = {
    ...{ root, flow: "web", to: "green", steps: "10,50,100", bake: "15m", env: "dev" },
    ...{ commit: true, auto: true, deployWithin: "30m" },
  };
  return new Promise((resolve, reject) => {
    let code: number | undefined;
    child.on("message", (message: Message) => {
      if (message.kind === "said") stage.said.push(message.text);
      if (message.kind === "ended") code = message.code;
      if (message.kind === "sleep") {
        stage.pass(message.ms).then(() => child.send({ now: stage.now }), reject);
      }
    });
    child.on("exit", (_, signal) => {
      if (code === undefined && signal !== "SIGKILL") reject(new Error(stage.said.at(-1)));
      else resolve(code);
    });
    child.send({
      request,
      now: stage.now,
      ...(killAt !== undefined && { killAt }),
    } satisfies Order);
  });
}

test("killed at three points of a good roll-out, it still takes each step once", async () => {
  stage = await Stage.open({ blue: arm, green: arm });
  expect(await inProcess("Pulumi.dev.yaml: blue 90")).toBeUndefined();
  // The file was written, its commit was not.
  expect(stage.commits).toEqual([]);
  expect(stage.yaml).toContain("weight: 10,");
  expect(await inProcess("green at 10 %, look 2")).toBeUndefined();
  expect(await inProcess("waiting for the endpoint to route blue 50")).toBeUndefined();
  expect(await inProcess()).toBe(0);
  expect(stage.commits).toEqual([
    "web dev: green at 10 percent",
    "web dev: green at 50 percent",
    "web dev: green at 100 percent",
  ]);
  expect(stage.routed).toHaveLength(3);
});

test("killed at three points of a roll-back, it is finished", async () => {
  stage = await Stage.open({ blue: arm, green: { ...arm, failureRate: 0.5 } });
  expect(await inProcess(": roll back")).toBeUndefined();
  expect(await stage.endpoint.weights()).toEqual({ blue: 90, green: 10 });
  expect(await inProcess("rolled back: the endpoint routes")).toBeUndefined();
  expect(await stage.endpoint.weights()).toEqual({ blue: 100, green: 0 });
  expect(stage.yaml).toContain("weight: 10,");
  stage.frozen = true;
  expect(await inProcess("Pulumi.dev.yaml: blue 100")).toBeUndefined();
  stage.frozen = false;
  expect(await inProcess()).toBe(3);
  expect(await stage.endpoint.weights()).toEqual({ blue: 100, green: 0 });
  expect(stage.commits).toEqual(["web dev: green at 10 percent", "web dev: green rolled back"]);
});
