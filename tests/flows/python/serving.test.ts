import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type ModelStandIn, startModelStandIn } from "../../../packages/model-stand-in/server";
import { managedPython, root } from "./support";

const python = managedPython();
const script = path.join(root, "images/promptflow/serve.py");
const sample = (flow: string) =>
  readFileSync(path.join(root, "flows", flow, "sample-request.json"), "utf8");

let standIn: ModelStandIn;
beforeAll(async () => {
  standIn = await startModelStandIn({ key: "canary" });
});
afterAll(() => standIn.close());

const environment = (flow: string, extra: Record<string, string> = {}): NodeJS.ProcessEnv => ({
  PATH: process.env.PATH,
  HOME: process.env.HOME,
  AZUREML_MODEL_DIR: path.join(root, "flows", flow),
  ...extra,
});

const aoai = () =>
  JSON.stringify({
    api_key: "canary",
    api_base: standIn.url,
    api_type: "azure",
    api_version: "2024-10-21",
  });

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}

/** Serve a flow as its container does, ask, and stop the server. */
async function served<Answer>(
  flow: string,
  extra: Record<string, string>,
  ask: (url: string) => Promise<Answer>,
): Promise<{ answer: Answer; log: string }> {
  const port = await freePort();
  const server: ChildProcess = spawn(python!, [script], {
    env: environment(flow, { aoai: aoai(), PORT: String(port), ...extra }),
  });
  let log = "";
  server.stdout?.on("data", (text) => (log += text));
  server.stderr?.on("data", (text) => (log += text));
  const ended = once(server, "close");
  try {
    const url = `http://127.0.0.1:${port}`;
    await healthy(url, server, () => log);
    return { answer: await ask(url), log };
  } finally {
    server.kill();
    await ended;
  }
}

async function healthy(url: string, server: ChildProcess, log: () => string): Promise<void> {
  for (let attempt = 0; attempt < 240; attempt += 1) {
    if (server.exitCode !== null) {
      throw new Error(`the server ended: ${log()}`);
    }
    const status = await fetch(`${url}/health`).then(
      (response) => response.status,
      () => undefined,
    );
    if (status === 200) {
      return;
    }
    await sleep(250);
  }
  throw new Error(`not healthy after a minute: ${log()}`);
}

const score = (flow: string) => async (url: string) => {
  const response = await fetch(`${url}/score`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: sample(flow),
  });
  return { status: response.status, body: await response.json() };
};

(python === undefined ? describe.skip : describe)("the serving image's start-up", () => {
  test("serves /health, /score and /feedback of a DAG flow and prints no key", async () => {
    const { answer, log } = await served("web-classification", {}, async (url) => ({
      health: await (await fetch(`${url}/health`)).json(),
      score: await score("web-classification")(url),
      feedback: (await fetch(`${url}/feedback`, { method: "POST", body: '{"helpful": true}' }))
        .status,
    }));
    expect(answer).toMatchObject({
      health: { status: "Healthy" },
      score: { status: 200, body: { category: "Recipe", evidence: "Both" } },
      feedback: 200,
    });
    expect(log).not.toContain("canary");
  });

  test("an arm's variant changes the answer", async () => {
    const { answer } = await served(
      "web-classification",
      { GENAIOPS_VARIANT: "summarize_text_content.variant_0" },
      score("web-classification"),
    );
    expect(answer).toEqual({
      status: 200,
      body: {
        category: "Recipe",
        evidence: "Url",
        summary:
          "Bread teaches patience, my neighbour says, and she is seldom in a hurry about anything at all.",
      },
    });
  });

  test("a variant may be another kind of node: here one that asks no model", async () => {
    const asked = standIn.counters().requests;
    const { answer } = await served(
      "document-chat",
      { GENAIOPS_VARIANT: "rewrite_question.variant_1" },
      score("document-chat"),
    );
    expect(standIn.counters().requests - asked).toBe(1);
    // "And where does it leave?" alone meets one section of the document.
    expect(answer).toMatchObject({
      status: 200,
      body: { sections: ["Boat trips"] },
    });
  });

  test("an arm's environment chooses the model", async () => {
    standIn.configure({ key: "canary", deployments: ["gpt-4o-mini"] });
    const { answer } = await served(
      "support-reply",
      { CHAT_DEPLOYMENT: "gpt-4o-mini" },
      score("support-reply"),
    );
    standIn.configure({ key: "canary" });
    expect(answer).toMatchObject({ status: 200, body: { sources: ["Returns", "Payment"] } });
  });

  test.each<[string, string, Record<string, string>, string]>([
    [
      "an unknown variant",
      "named-entity-recognition",
      { GENAIOPS_VARIANT: "extract_entities.variant_7" },
      "error: GENAIOPS_VARIANT is 'extract_entities.variant_7'; flow.dag.yaml has extract_entities.variant_0, extract_entities.variant_1, extract_entities.variant_2\n",
    ],
    [
      "a variant for a flex flow",
      "support-reply",
      { GENAIOPS_VARIANT: "a.b" },
      "error: GENAIOPS_VARIANT is 'a.b', but flow.flex.yaml has no variants: remove it from the arm\n",
    ],
    [
      "no connection",
      "support-reply",
      {},
      "error: the flow needs the connections aoai: set PRT_CONFIG_OVERRIDE to the workspace that has them, or one environment variable for each\n",
    ],
    [
      "a connection that is none",
      "support-reply",
      { aoai: "canary" },
      'error: the environment variable aoai is not a connection; allowed is JSON with api_key, api_base, api_type ("azure" or "open_ai") and api_version\n',
    ],
    [
      "no flow",
      "web-classification/data",
      {},
      `error: no flow.dag.yaml, flow.dag.yml, flow.flex.yaml, flow.flex.yml below ${path.join(root, "flows/web-classification/data")}: mount the model there or copy the flow to /flow\n`,
    ],
  ])("%s ends with a message and no stack trace", (_, flow, extra, message) => {
    const ended = spawnSync(python!, [script], { env: environment(flow, extra), encoding: "utf8" });
    expect({ status: ended.status, error: ended.stderr }).toEqual({ status: 1, error: message });
  });
});
