import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Launcher } from "../../../packages/cli/serve/launch";
import type { ServedArm } from "../../../packages/cli/serve/plan";
import { type Serving, startServing } from "../../../packages/cli/serve/serving";
import { addressTarget } from "../../../packages/cli/testEndpoint/address";
import { callerOf } from "../../../packages/cli/testEndpoint/call";
import { checkArms, measure } from "../../../packages/cli/testEndpoint/measure";

/** Keeps the serving contract in a few lines, counts its requests, and ends when it is told to. */
const trivial = `
  let count = 0;
  console.log("the key is word");
  require("node:http").createServer((request, response) => {
    if (request.url === "/end") process.exit(3);
    if (request.url === "/half") { response.write("{"); setTimeout(() => process.exit(4), 50); return; }
    if (request.url === "/score") count += 1;
    let text = "";
    request.on("data", (data) => (text += data)).on("end", () => {
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ arm: process.env.ARM, count, text, url: request.url }));
    });
  }).listen(process.env.PORT, "127.0.0.1");
`;

const launcher: Launcher = (arm, port, folder) => ({
  command: process.execPath,
  args: ["-e", trivial],
  cwd: folder,
  env: { PATH: process.env.PATH, PORT: String(port), ARM: arm.name },
});

const folder = mkdtempSync(path.join(os.tmpdir(), "genaiops-serve-"));
const signal = new AbortController().signal;
const ends: string[] = [];
let serving: Serving | undefined;

async function start(
  weights: Record<string, number>,
  extra: Partial<Parameters<typeof startServing>[0]> = {},
  seconds = 30,
): Promise<string> {
  const arms: ServedArm[] = Object.entries(weights).map(([name, weight]) => ({
    name,
    weight,
    environment: {},
  }));
  serving = await startServing({
    flow: "chat",
    arms,
    notes: [],
    launcher,
    port: 0,
    seed: 11,
    folder,
    secrets: ["word"],
    onEnd: (arm, how) => ends.push(`${arm} ${how}`),
    ...extra,
  });
  await serving.ready(seconds, signal);
  return serving.url;
}

afterEach(async () => {
  await serving?.close();
  serving = undefined;
  ends.length = 0;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function ask(url: string, verb: string, arm?: string) {
  const answer = await fetch(`${url}/${verb}`, {
    method: "POST",
    body: "{}",
    headers: arm === undefined ? {} : { "azureml-model-deployment": arm },
  });
  return {
    status: answer.status,
    arm: answer.headers.get("azureml-model-deployment"),
    body: (await answer.json()) as Record<string, unknown>,
  };
}

test("two arms split 10,000 requests within the bound of their weights", async () => {
  const url = await start({ blue: 90, green: 10 });
  const call = callerOf(signal);
  const look = await addressTarget("chat", url, call).look();
  if (look.state !== "ready") throw new Error(JSON.stringify(look));
  expect(look.endpoint.weights).toEqual({ blue: 90, green: 10 });
  const request = { endpoint: look.endpoint, sample: "{}", keys: ["arm"], call };
  const { split, problems } = await measure(request, 10_000, 16);
  expect(problems).toEqual([]);
  expect(split).toMatchObject([
    { arm: "blue", low: 8846, high: 9147, within: true },
    { arm: "green", low: 853, high: 1154, within: true },
  ]);
  expect(split!.reduce((sum, { served }) => sum + served, 0)).toBe(10_000);
}, 120_000);

test("the same seed sends the same requests to the same arms", async () => {
  const sequence = async () => {
    const url = await start({ blue: 50, green: 50 });
    const arms = [];
    for (let sent = 0; sent < 12; sent += 1) arms.push((await ask(url, "score")).arm);
    await serving!.close();
    return arms;
  };
  const first = await sequence();
  expect(new Set(first)).toEqual(new Set(["blue", "green"]));
  expect(await sequence()).toEqual(first);
});

test("an arm at weight 0 answers by its name; the answer says who answered", async () => {
  const url = await start({ blue: 100, green: 0 });
  expect(await ask(url, "score", "green")).toMatchObject({
    status: 200,
    arm: "green",
    body: { arm: "green", text: "{}" },
  });
  expect(await ask(url, "feedback")).toMatchObject({ arm: "blue", body: { url: "/feedback" } });
  expect(await ask(url, "score", "red")).toEqual({
    status: 404,
    arm: null,
    body: { error: { code: "404", message: "there is no arm red; there are blue, green" } },
  });
  const health = await fetch(`${url}/health`);
  expect(health.status).toBe(200);
  expect(await health.json()).toEqual({
    status: "Healthy",
    flow: "chat",
    arms: { blue: { weight: 100, state: "ready" }, green: { weight: 0, state: "ready" } },
  });
});

test("without weights a request must name its arm", async () => {
  const url = await start({ blue: 0 });
  expect((await ask(url, "score")).status).toBe(404);
  expect((await ask(url, "score", "blue")).status).toBe(200);
});

test("an arm that ends is said, answers 503 and makes the address unhealthy", async () => {
  const url = await start({ blue: 100, green: 0 });
  expect((await ask(url, "end")).status).toBe(503);
  await serving!.arms[0]!.process.ended;
  expect(ends).toEqual(["blue ended with 3"]);
  expect(await ask(url, "score")).toEqual({
    status: 503,
    arm: "blue",
    body: { error: { code: "503", message: "the arm blue does not answer: it is ended" } },
  });
  expect((await ask(url, "score", "green")).status).toBe(200);
  const health = await fetch(`${url}/health`);
  expect(health.status).toBe(503);
  expect(await health.json()).toMatchObject({
    status: "Unhealthy",
    arms: { blue: { state: "ended" }, green: { state: "ready" } },
  });
  const look = await addressTarget("chat", url, callerOf(signal)).look();
  expect(look).toEqual({ state: "failed", why: ["the process of the arm blue has ended"] });
});

test("an answer that breaks off half-way breaks off for the caller", async () => {
  const url = await start({ blue: 100 });
  await expect(ask(url, "half")).rejects.toThrow();
});

test("a declared share is mirrored, but not of requests that name their arm", async () => {
  const url = await start({ blue: 100, shadow: 0 }, { mirror: { arm: "shadow", percent: 50 } });
  for (let sent = 0; sent < 60; sent += 1) expect((await ask(url, "score")).arm).toBe("blue");
  let asked = 0;
  const copies = async () => {
    asked += 1;
    return Number((await ask(url, "score", "shadow")).body.count) - asked;
  };
  // Nobody waits for a copy's answer, so the last ones may still be under way. About half of 60, by a fixed seed:
  while ((await copies()) < 25);
  for (let sent = 0; sent < 20; sent += 1) await ask(url, "score", "blue");
  expect(await copies()).toBe(25);
});

test("logs are kept without secrets, and processes are gone after the end", async () => {
  await start({ blue: 100 });
  const { process: arm } = serving!.arms[0]!;
  await serving!.close();
  expect(readFileSync(arm.logFile, "utf8")).toBe("the key is [secret]\n");
  expect(arm.state).toBe("ended");
  expect(ends).toEqual([]);
  await expect(fetch(`http://127.0.0.1:${arm.port}/health`)).rejects.toThrow();
});

test("a port that is taken is said before any process is started", async () => {
  const url = await start({ blue: 100 });
  const port = Number(new URL(url).port);
  const started: string[] = [];
  await expect(
    startServing({
      flow: "chat",
      arms: [{ name: "blue", weight: 100, environment: {} }],
      notes: [],
      launcher: (...given) => (started.push("blue"), launcher(...given)),
      port,
      seed: 1,
      folder,
      secrets: [],
      onEnd: () => undefined,
    }),
  ).rejects.toThrow(
    `port ${port} is taken; end what listens there or choose another one: --port ${port + 1}`,
  );
  expect(started).toEqual([]);
});

test("a container that does not listen where PORT says is not waited for without end", async () => {
  const silent: Launcher = (arm, port, own) => ({
    ...launcher(arm, port, own),
    args: ["-e", "setInterval(() => 0, 1000)"],
  });
  await expect(start({ blue: 100 }, { launcher: silent }, 1)).rejects.toThrow(
    /not ready after 1 s: blue on port \d+; a container listens on the port/,
  );
});

test("each arm is called by its name, and one that answers in another's place is found", async () => {
  const url = await start({ blue: 100, green: 0 });
  const call = callerOf(signal);
  const endpoint = {
    scoreUrl: `${url}/score`,
    authentication: "none",
    headers: async () => ({}),
    weights: { blue: 100, green: 0 },
    problems: [],
    notes: [],
  };
  const request = { endpoint, sample: '{"a":1}', keys: ["arm", "score"], call };
  expect(await checkArms(request)).toMatchObject([
    {
      arm: "blue",
      status: 200,
      problems: ["answered without score: it has arm, count, text, url"],
    },
    { arm: "green", status: 200 },
  ]);
  const swapped = (asked: Parameters<typeof call>[0]) => call({ ...asked, arm: "blue" });
  expect(await checkArms({ ...request, keys: [], call: swapped })).toMatchObject([
    { arm: "blue", problems: [] },
    { arm: "green", problems: ["the arm blue answered in its place"] },
  ]);
});
