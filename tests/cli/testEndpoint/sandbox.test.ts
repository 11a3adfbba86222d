import { readEnvironment } from "../../../config/read";
import { endpointId } from "../../../packages/cli/testEndpoint/managed";
import type { ServerSettings } from "../../../packages/sandbox/server";
import { TestSandbox } from "../../sandbox/server/sandbox";
import { root } from "../run";
import { genaiopsBeside } from "./command";

/** The endpoint of web-classification in dev as a stack leaves it behind, and the command against it over HTTPS. */

jest.setTimeout(120_000);

const environment = readEnvironment({ root, stack: "dev" });
const flow = environment.flows.find(({ name }) => name === "web-classification")!;
const id = endpointId(environment, flow);
const host = `${flow.endpointName}.swedencentral.inference.ml.azure.com`;
const answer = { category: "App", evidence: "Both", summary: "A summary." };
const good = { blue: { answer }, green: { answer }, "gpt-mini": { answer } };

interface Given {
  readonly traffic?: Record<string, number>;
  readonly authMode?: string;
  readonly states?: Record<string, string>;
  readonly endpointState?: string;
}

function resources(given: Given) {
  const {
    traffic = { blue: 90, green: 10, "gpt-mini": 0 },
    authMode = "AADToken",
    states = { blue: "Succeeded", green: "Succeeded", "gpt-mini": "Succeeded" },
    endpointState = "Succeeded",
  } = given;
  const properties = { traffic, authMode, scoringUri: `https://${host}/score` };
  return [
    {
      id,
      token: "azure-native:machinelearningservices:OnlineEndpoint",
      body: { properties: { ...properties, provisioningState: endpointState } },
    },
    ...Object.entries(states).map(([arm, provisioningState]) => ({
      id: `${id}/deployments/${arm}`,
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

async function testAgainst(
  given: Given | "nothing",
  settings: ServerSettings,
  args: readonly string[] = [],
) {
  box = await TestSandbox.start(settings, given === "nothing" ? [] : resources(given));
  return genaiopsBeside(
    ["test-endpoint", "web-classification", "--env", "dev", ...args],
    box.sandbox.environment,
  );
}

test("the endpoint of a stack passes: every arm by name, and 400 requests within their bounds", async () => {
  const { code, out, err } = await testAgainst({}, { arms: good }, ["--requests", "400"]);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  const lines = out.split("\n");
  expect(lines[0]).toBe(
    `web-classification in dev  ${box!.sandbox.url}/scoring/${host}/score  AADToken`,
  );
  expect(lines[1]).toMatch(/^ {2}arm +weight +by name +served +allowed +p50 +p95$/);
  expect(lines[2]).toMatch(/^ {2}blue +90 % +ok, 200 in \d+ ms +\d+ +327 to 386 +\d+ ms +\d+ ms$/);
  expect(lines[3]).toMatch(/^ {2}gpt-mini +0 % +ok, 200 in \d+ ms +0 +0$/);
  expect(lines[4]).toMatch(/^ {2}green +10 % +ok, 200 in \d+ ms +\d+ +14 to 73 +\d+ ms +\d+ ms$/);
  expect(lines.slice(5)).toEqual([
    "400 requests by weight; a right split is called wrong at most once in 1,000,000 tests (exact binomial)",
    "passed",
    "",
  ]);
  const counts = box!.sandbox.scoring.counts(flow.endpointName);
  expect(counts["gpt-mini"]?.requests).toBe(1);
  expect((counts.blue?.requests ?? 0) + (counts.green?.requests ?? 0)).toBe(402);
});

test.each<[string, Given | "nothing", ServerSettings, string]>([
  [
    "an arm that always fails",
    {},
    { arms: { ...good, green: { failureRate: 1 } } },
    'failed: green, called by its name, answered 424 (its container answered 500): {"error":',
  ],
  [
    "an arm at weight 0 that answers in another shape",
    {},
    { arms: { ...good, "gpt-mini": { answer: { label: "App" } } } },
    "failed: gpt-mini, called by its name, answered without category, evidence, summary: it has label",
  ],
  [
    "an arm that answers no object",
    {},
    { arms: { ...good, blue: { answer: ["App"] } } },
    'failed: blue, called by its name, answered ["App"], which is no JSON object',
  ],
  [
    "a routing that somebody changed",
    { traffic: { blue: 50, green: 50 } },
    { arms: good },
    "failed: Azure's routing is not the declared one: blue has 50 % and not 90 %",
  ],
])("%s fails with 1", async (_, given, settings, line) => {
  const { code, out, err } = await testAgainst(given, settings);
  expect({ code, err }).toEqual({ code: 1, err: "" });
  expect(out).toContain(line);
  expect(out).not.toContain("passed");
});

test.each<[string, Given | "nothing", string]>([
  [
    "no endpoint",
    "nothing",
    `web-classification in dev: there is no endpoint ${flow.endpointName}: make it with pulumi up --stack dev\n`,
  ],
  [
    "a failed arm",
    { states: { blue: "Succeeded", green: "Failed", "gpt-mini": "Succeeded" } },
    "web-classification in dev: the arm green is Failed\n",
  ],
  [
    "an arm that is not deployed",
    { states: { blue: "Succeeded", green: "Succeeded" } },
    "web-classification in dev: the arm gpt-mini (version current) is not deployed\n",
  ],
])("%s is not waited for", async (_, given, message) => {
  const { code, out, err } = await testAgainst(given, {});
  expect({ code, out, err }).toEqual({ code: 1, out: "", err: message });
});

test("what does not become ready in time is said", async () => {
  const { code, err } = await testAgainst({ endpointState: "Updating" }, {}, ["--wait", "1"]);
  expect({ code, err }).toEqual({
    code: 1,
    err: "waiting: the endpoint is Updating\nweb-classification in dev is not ready after 1 s: the endpoint is Updating; wait longer with --wait, or see what keeps it\n",
  });
});
