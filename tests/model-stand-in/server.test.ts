import { type ModelStandIn, startModelStandIn } from "../../packages/model-stand-in/server";
import type { StandInOptions } from "../../packages/model-stand-in/settings";

let standIn: ModelStandIn;

beforeEach(async () => {
  standIn = await startModelStandIn();
});
afterEach(() => standIn.close());

const body = {
  messages: [
    { role: "system", content: "Summarise in one sentence." },
    {
      role: "user",
      content: [{ type: "text", text: "<text>Salt is white. Pepper is not.</text>" }],
    },
  ],
};

async function post(
  path: string,
  headers: Record<string, string>,
  extra: object = {},
): Promise<Response> {
  return fetch(standIn.url + path, {
    method: "POST",
    headers,
    body: JSON.stringify({ ...body, ...extra }),
  });
}

async function errorCode(response: Response): Promise<string> {
  return ((await response.json()) as { error: { code: string } }).error.code;
}

const azure = (deployment = "chat", key = "stand-in") =>
  post(`/openai/deployments/${deployment}/chat/completions?api-version=2024-10-21`, {
    "api-key": key,
  });

async function settle(options: StandInOptions): Promise<void> {
  const answer = await fetch(`${standIn.url}/stand-in/settings`, {
    method: "PUT",
    body: JSON.stringify(options),
  });
  expect(answer.status).toBe(200);
}

test("Azure's path and OpenAI's path give the same answer with the same usage", async () => {
  const first = await (await azure("gpt")).json();
  const second = await (
    await post("/v1/chat/completions", { authorization: "Bearer stand-in" }, { model: "gpt" })
  ).json();
  expect(first).toEqual(second);
  expect(first).toMatchObject({
    object: "chat.completion",
    model: "gpt",
    choices: [{ finish_reason: "stop", message: { role: "assistant", content: "Salt is white." } }],
    usage: { prompt_tokens: 26, completion_tokens: 4, total_tokens: 30 },
  });
  expect(standIn.counters()).toMatchObject({
    requests: 2,
    answered: 2,
    promptTokens: 52,
    completionTokens: 8,
  });
});

test("a streamed answer is the same text, piece by piece", async () => {
  const response = await post(
    "/v1/chat/completions",
    { authorization: "Bearer stand-in" },
    { model: "gpt", stream: true, stream_options: { include_usage: true } },
  );
  const events = (await response.text())
    .trim()
    .split("\n\n")
    .map((event) => event.replace("data: ", ""));
  expect(events.at(-1)).toBe("[DONE]");
  const chunks = events.slice(0, -1).map((event) => JSON.parse(event));
  expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? "").join("")).toBe(
    "Salt is white.",
  );
  expect(chunks.at(-1).usage.total_tokens).toBe(30);
});

test.each([
  ["a wrong key", () => azure("chat", "other"), 401, "401"],
  [
    "no api-version",
    () => post("/openai/deployments/chat/chat/completions", { "api-key": "stand-in" }),
    404,
    "404",
  ],
  ["another path", () => post("/v1/embeddings", {}), 404, "404"],
])("%s is refused", async (_, request, status, code) => {
  const response = await request();
  expect(response.status).toBe(status);
  expect(await errorCode(response)).toBe(code);
});

test("only the deployments that exist answer", async () => {
  await settle({ deployments: ["gpt-4o"] });
  expect((await azure("gpt-4o")).status).toBe(200);
  const missing = await azure("gpt-5o");
  expect(missing.status).toBe(404);
  expect(await errorCode(missing)).toBe("DeploymentNotFound");
});

test("over the limit comes 429 with the time to wait, and after it an answer", async () => {
  await settle({ rateLimit: { requests: 2, seconds: 0.3 } });
  expect((await azure()).status).toBe(200);
  expect((await azure()).status).toBe(200);
  const refused = await azure();
  expect(refused.status).toBe(429);
  expect(refused.headers.get("retry-after")).toBe("1");
  const wait = Number(refused.headers.get("retry-after-ms"));
  expect(wait).toBeGreaterThan(0);
  expect(wait).toBeLessThanOrEqual(300);
  await new Promise((resolve) => setTimeout(resolve, wait));
  expect((await azure()).status).toBe(200);
  expect(standIn.counters()).toMatchObject({ requests: 4, answered: 3, rateLimited: 1 });
});

test("faults strike each n-th request, so often, or only what contains a text", async () => {
  await settle({ fault: { kind: "error", every: 2, times: 1 } });
  expect([
    (await azure()).status,
    (await azure()).status,
    (await azure()).status,
    (await azure()).status,
  ]).toEqual([200, 500, 200, 200]);
  await settle({ fault: { kind: "error", containing: "Pepper" } });
  expect((await azure()).status).toBe(500);
  await settle({ fault: { kind: "error", containing: "Paprika" } });
  expect((await azure()).status).toBe(200);
});

test("garbage cannot be parsed, a hang-up cuts the connection", async () => {
  await settle({ fault: { kind: "garbage" } });
  await expect((await azure()).json()).rejects.toThrow("JSON");
  await settle({ fault: { kind: "hangUp" } });
  await expect(azure()).rejects.toThrow("fetch failed");
});

test("settings that mean nothing are refused and the old ones stay", async () => {
  const answer = await fetch(`${standIn.url}/stand-in/settings`, {
    method: "PUT",
    body: '{"speed": 3}',
  });
  expect(answer.status).toBe(400);
  expect((await azure()).status).toBe(200);
});

test("the status never shows the key", async () => {
  await settle({ key: "canary" });
  const status = await (await fetch(`${standIn.url}/stand-in/status`)).text();
  expect(status).not.toContain("canary");
  expect(JSON.parse(status).counters.requests).toBe(0);
});
