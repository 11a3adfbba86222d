import type { ScoredRequest } from "../../../packages/sandbox/server/scored";
import { answerInsights } from "../../../packages/sandbox/telemetry/insights";
import { emptyState } from "../../../packages/sandbox/state";

const endpoint = "/subscriptions/1/x/onlineEndpoints/web";
const nine = Date.UTC(2026, 5, 1, 9);
const state = {
  ...emptyState(),
  resources: {
    "/app": {
      ...{ token: "azure-native:applicationinsights:Component", id: "/app" },
      body: { properties: { AppId: "0f2a" } },
    },
  },
};
const scored = (part: Partial<ScoredRequest>): ScoredRequest => ({
  ...{ endpoint, deployment: "blue", time: nine + 1500, status: 200, modelStatus: 200 },
  ...{ latencyMs: 1, mirrored: false },
  ...part,
});
const sent = {
  requests: [
    ...[100, 300].map((tokens) => scored({ tokens })),
    scored({ status: 424, modelStatus: 500 }),
    scored({ deployment: "green", tokens: 50, feedback: 1, time: nine + 61_000 }),
  ],
  feedback: [{ endpoint, deployment: "green", time: nine, body: { score: 0 } }],
};

function ask(query: unknown, app = "0f2a") {
  const body = Buffer.from(JSON.stringify(query === undefined ? {} : { query }));
  const url = new URL(`https://sandbox/v1/apps/${app}/query`);
  const { status, json } = answerInsights({ method: "POST", url, headers: {}, body }, state, sent);
  return { status, json: JSON.parse(JSON.stringify(json)) as Answer };
}

interface Answer {
  readonly tables: { columns: { name: string }[]; rows: unknown[][] }[];
  readonly error: { code: string; innererror?: { code: string; message: string } };
}

test("metrics are summed by minute and dimension, as prompt flow exports them", () => {
  const { status, json } = ask(`customMetrics
| where name == "Token_Consumption" and timestamp >= datetime("2026-06-01T09:00:00Z")
| extend arm = tostring(customDimensions["deployment"])
| summarize tokens = sum(valueSum) by arm, minute = bin(timestamp, 1m)`);
  expect(status).toBe(200);
  expect(json.tables[0]!.columns.map(({ name }) => name)).toEqual(["arm", "minute", "tokens"]);
  expect(json.tables[0]!.rows).toEqual([
    ["blue", "2026-06-01T09:00:00.000Z", 400],
    ["green", "2026-06-01T09:01:00.000Z", 50],
  ]);
});

test("a feedback is a span, whoever sent it", () => {
  const { json } = ask(`dependencies | where name == 'promptflow-feedback'
| extend score = todouble(parse_json(tostring(customDimensions.feedback)).score)
| summarize n = count(), mean = avg(score), deviation = stdev(score)`);
  expect(json.tables[0]!.rows).toEqual([[2, 0.5, Math.SQRT1_2]]);
});

test("nothing found is an empty table", () => {
  expect(ask('dependencies | where name == "no"').json.tables[0]!.rows).toEqual([]);
});

test.each([
  ["a table that is none", "requestz | where 1 == 1", /named 'requestz'/],
  ["a column that is none", "customMetrics | where nam == 'x'", /named 'nam'/],
  ["an operator that is none", "customMetrics | filter name == 'x'", /operator 'filter'/],
  [
    "a function that is none",
    "customMetrics | where lower(name) == 'x'",
    /Unknown function: 'lower'/,
  ],
  ["a text that does not end", 'customMetrics | where name == "x', /could not be parsed at '"x'/],
  ["a condition that does not end", "customMetrics | where name ==", /Unexpected 'end of query'/],
])("%s is refused", (_, query, message) => {
  const { status, json } = ask(query);
  expect(status).toBe(400);
  expect(json.error.code).toBe("BadArgumentError");
  expect(json.error.innererror!.message).toMatch(message);
});

test("no query and an unknown application are refused", () => {
  expect(ask(undefined).status).toBe(400);
  expect(ask("customMetrics", "beef")).toMatchObject({
    status: 404,
    json: { error: { code: "PathNotFoundError" } },
  });
});
