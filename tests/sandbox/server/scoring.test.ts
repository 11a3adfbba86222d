import type { ServerSettings } from "../../../packages/sandbox/server";
import { armByWeight, seeded } from "../../../packages/sandbox/server/routing";
import { TestSandbox, group } from "./sandbox";

const workspace = `${group}/providers/Microsoft.MachineLearningServices/workspaces/w`;
const endpoint = `${workspace}/onlineEndpoints/chat`;
const host = "chat.swedencentral.inference.ml.azure.com";

interface Given {
  readonly authMode?: string;
  readonly traffic?: Record<string, number>;
  readonly mirrorTraffic?: Record<string, number>;
  readonly states?: Record<string, string>;
}

function resources({ authMode = "AADToken", traffic = {}, mirrorTraffic = {}, states }: Given) {
  const arms = states ?? { blue: "Succeeded", green: "Succeeded" };
  const scoringUri = `https://${host}/score`;
  return [
    {
      id: endpoint,
      token: "azure-native:machinelearningservices:OnlineEndpoint",
      body: { properties: { authMode, traffic, mirrorTraffic, scoringUri } },
    },
    ...Object.entries(arms).map(([arm, provisioningState]) => ({
      id: `${endpoint}/deployments/${arm}`,
      token: "azure-native:machinelearningservices:OnlineDeployment",
      body: { properties: { provisioningState } },
    })),
  ];
}

let box: TestSandbox | undefined;
afterEach(async () => {
  await box?.close();
  box = undefined;
});

async function started(given: Given, settings: ServerSettings = {}) {
  box = await TestSandbox.start(settings, resources(given));
  const token = await box.personToken("https://ml.azure.com/.default");
  const score = async (headers: Record<string, string> = {}, verb = "score") => {
    const answer = await box!.send("POST", `/scoring/${host}/${verb}`, '{"text":"a"}', {
      authorization: `Bearer ${token}`,
      ...headers,
    });
    return {
      status: answer.status,
      arm: answer.headers["azureml-model-deployment"],
      body: JSON.parse(answer.text) as unknown,
    };
  };
  return { box, score, token };
}

const named = (arm: string) => ({ "azureml-model-deployment": arm });

test("the environment says where scoring addresses are found", async () => {
  const { box } = await started({});
  expect(box.sandbox.environment.GENAIOPS_SCORING_ENDPOINT).toBe(
    `${box.sandbox.url}/scoring/{host}`,
  );
});

test("an arm at weight 0 answers by name alone; others by weight", async () => {
  const { score, box } = await started(
    { traffic: { blue: 100, green: 0 } },
    { arms: { blue: { answer: { category: "App" } }, green: { answer: (body: unknown) => body } } },
  );
  expect(await score()).toEqual({ status: 200, arm: "blue", body: { category: "App" } });
  expect(await score(named("green"))).toEqual({ status: 200, arm: "green", body: { text: "a" } });
  expect(await score({}, "feedback")).toEqual({ status: 200, arm: "blue", body: {} });
  expect(box.sandbox.scoring.counts("chat")).toMatchObject({
    blue: { requests: 1, mirrored: 0, statuses: { 200: 1 } },
    green: { requests: 1, mirrored: 0, statuses: { 200: 1 } },
  });
  expect(box.sandbox.scoring.feedback).toMatchObject([
    { endpoint, deployment: "blue", body: { text: "a" } },
  ]);
});

describe.each<[string, Given, Record<string, string>, number]>([
  ["no weight", { traffic: {} }, {}, 404],
  ["all weights 0", { traffic: { blue: 0, green: 0 } }, {}, 404],
  ["an unknown arm", { traffic: { blue: 100 } }, named("red"), 404],
  ["a failed arm", { states: { blue: "Failed" } }, named("blue"), 424],
  ["an arm that is being made", { states: { blue: "Creating" } }, named("blue"), 424],
  ["an arm that is being updated", { states: { blue: "Updating" } }, named("blue"), 200],
  ["no token", {}, { authorization: "" }, 401],
  ["a wrong token", {}, { authorization: "Bearer a.b.c" }, 401],
  ["a token where a key is needed", { authMode: "Key", traffic: { blue: 100 } }, {}, 401],
])("%s", (_, given, headers, status) => {
  test(`answers ${status}`, async () => {
    const { score } = await started(given);
    expect((await score(headers)).status).toBe(status);
  });
});

test("a token for Resource Manager is refused", async () => {
  const { box, score } = await started({ traffic: { blue: 100 } });
  const token = await box.personToken();
  expect((await score({ authorization: `Bearer ${token}` })).status).toBe(401);
});

test.each([
  ["Key", "listKeys", "primaryKey"],
  ["AMLToken", "token", "accessToken"],
])("authMode %s takes what %s lists", async (authMode, action, field) => {
  const { box, score } = await started({ authMode, traffic: { blue: 100 } });
  const listed = await box.send("POST", `${endpoint}/${action}?api-version=2025-12-01`, undefined, {
    authorization: `Bearer ${await box.personToken()}`,
  });
  const key = (JSON.parse(listed.text) as Record<string, string>)[field];
  expect((await score({ authorization: `Bearer ${key}` })).status).toBe(200);
});

test("a principal needs a role to score", async () => {
  const stranger = {
    clientId: "c0c0c0c0-0000-4000-8000-000000000001",
    objectId: "c0c0c0c0-0000-4000-8000-000000000002",
    clientSecret: "word",
  };
  const ask = async (grants: ServerSettings["grants"]) => {
    const { box, score } = await started(
      { traffic: { blue: 100 } },
      { applications: [stranger], grants },
    );
    const login = await box.logIn({
      client_id: stranger.clientId,
      client_secret: "word",
      scope: "https://ml.azure.com/.default",
    });
    const { access_token } = JSON.parse(login.text) as { access_token: string };
    const { status } = await score({ authorization: `Bearer ${access_token}` });
    await box.close();
    return status;
  };
  const role = "f6c7c914-8db3-469d-8ca1-694a8f32e121";
  expect(await ask([])).toBe(403);
  expect(await ask([{ scope: workspace, role, principalId: stranger.objectId }])).toBe(200);
  box = undefined;
});

test("a failing container reaches the caller as 424 and names its own status", async () => {
  const { box, token } = await started(
    { traffic: { blue: 100 } },
    { arms: { blue: { failureRate: 1 } } },
  );
  const answer = await box.send("POST", `/scoring/${host}/score`, "{}", {
    authorization: `Bearer ${token}`,
  });
  expect(answer.status).toBe(424);
  expect(answer.headers["ms-azureml-model-error-statuscode"]).toBe("500");
  expect(box.sandbox.scoring.requests).toMatchObject([{ status: 424, modelStatus: 500 }]);
});

test("an answer takes the arm's latency", async () => {
  const { score } = await started(
    { traffic: { blue: 100 } },
    { arms: { blue: { latencyMs: 150 } } },
  );
  const from = Date.now();
  await score();
  expect(Date.now() - from).toBeGreaterThanOrEqual(149);
});

test("10,000 imagined requests split, fail, cost and please as the settings say", async () => {
  const { box } = await started(
    { traffic: { blue: 90, green: 10 }, mirrorTraffic: { shadow: 30 } },
    {
      clock: () => 1000,
      arms: {
        blue: { latencyMs: 200, latencySpread: 0.5, tokens: 40, feedback: 0.9 },
        "chat/green": { failureRate: 0.2 },
        green: { failureRate: 1 },
      },
    },
  );
  const { scoring } = box.sandbox;
  scoring.drive("chat", 10_000);
  const { blue, green, shadow } = scoring.counts("chat");
  // Six standard deviations: the seed is fixed, so this fails only where the arithmetic is wrong.
  expect(Math.abs((green?.requests ?? 0) - 1000)).toBeLessThan(180);
  expect((blue?.requests ?? 0) + (green?.requests ?? 0)).toBe(10_000);
  expect(Math.abs((shadow?.requests ?? 0) - 3000)).toBeLessThan(275);
  expect(shadow?.mirrored).toBe(shadow?.requests);
  expect(Math.abs((green?.statuses[424] ?? 0) / (green?.requests ?? 1) - 0.2)).toBeLessThan(0.08);
  const sorted = [...(blue?.latenciesMs ?? [])].sort((a, b) => a - b);
  expect(sorted[Math.floor(sorted.length / 2)]).toBeCloseTo(200, -1);
  expect((sorted[Math.floor(sorted.length * 0.95)] ?? 0) / 200).toBeCloseTo(2.28, 1);
  const ofBlue = scoring.requests.filter(({ deployment }) => deployment === "blue");
  expect(new Set(ofBlue.map(({ tokens, time }) => `${tokens} ${time}`))).toEqual(
    new Set(["40 1000"]),
  );
  const helpful = ofBlue.filter(({ feedback }) => feedback === 1).length / ofBlue.length;
  expect(Math.abs(helpful - 0.9)).toBeLessThan(0.02);

  scoring.configure({ green: {} });
  scoring.drive("chat", 1000);
  const later = scoring.requests.slice(-1000).filter(({ deployment }) => deployment === "green");
  expect(new Set(later.map(({ status }) => status))).toEqual(new Set([200]));
  expect(() => scoring.drive("other", 1)).toThrow("no endpoint other");
});

test("a request that names its arm is not mirrored", async () => {
  const { box, score } = await started({ traffic: { blue: 100 }, mirrorTraffic: { green: 50 } });
  for (let sent = 0; sent < 8; sent += 1) await score(named("blue"));
  expect(Object.keys(box.sandbox.scoring.counts("chat"))).toEqual(["blue"]);
});

test.each([
  [{ blue: 90, green: 10 }, 0.8999, "blue"],
  [{ blue: 90, green: 10 }, 0.9, "green"],
  [{ green: 10, blue: 90 }, 0.05, "blue"],
  [{ blue: 0, green: 100 }, 0, "green"],
  [{ blue: 0, green: 0 }, 0.5, undefined],
])("weights %j at %d choose %s", (weights, draw, arm) => {
  expect(armByWeight(weights, draw)).toBe(arm);
});

test("a seed repeats its numbers, which spread evenly from 0 up to 1", () => {
  const [first, second] = [seeded(7), seeded(7)];
  const numbers = Array.from({ length: 10_000 }, first);
  expect(Array.from({ length: 10_000 }, second)).toEqual(numbers);
  const bins = Array.from(
    { length: 10 },
    (_, bin) => numbers.filter((number) => Math.floor(number * 10) === bin).length,
  );
  for (const count of bins) expect(Math.abs(count - 1000)).toBeLessThan(180);
});
