import type { ScoredRequest } from "../../../packages/sandbox/server/scored";
import { answerMetrics, metricsOf } from "../../../packages/sandbox/telemetry/metrics";
import { matchesFilter, parseFilter } from "../../../packages/sandbox/telemetry/metricsFilter";

const endpoint =
  "/subscriptions/1/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w/onlineEndpoints/web";
const nine = Date.UTC(2026, 5, 1, 9);
const request = (part: Partial<ScoredRequest>): ScoredRequest => ({
  ...{ endpoint, deployment: "blue", time: nine, status: 200, modelStatus: 200 },
  ...{ latencyMs: 100, mirrored: false },
  ...part,
});
const requests = [
  ...[100, 200, 300].map((latencyMs) => request({ latencyMs })),
  request({ deployment: "green", status: 424, modelStatus: 500, latencyMs: 50 }),
  request({ time: nine + 60_000, latencyMs: 900 }),
  request({ endpoint: `${endpoint}-other` }),
];

function ask(query: Record<string, string>, method = "GET") {
  const url = new URL(`https://sandbox${endpoint}/providers/Microsoft.Insights/metrics`);
  url.search = String(
    new URLSearchParams({
      "api-version": "2023-10-01",
      metricnames: "RequestsPerMinute",
      timespan: "2026-06-01T09:00:00Z/2026-06-01T09:02:00Z",
      ...query,
    }),
  );
  for (const [name, value] of Object.entries(query))
    if (value === "-") url.searchParams.delete(name);
  const { status, json } = answerMetrics({ method, url }, endpoint, requests);
  return { status, json: json as Answer };
}

interface Answer {
  readonly value: {
    timeseries: { metadatavalues: { value: string }[]; data: { average?: number }[] }[];
  }[];
  readonly error: { code: string; message: string };
}

const series = (answer: Answer, metric = 0) =>
  answer.value[metric]!.timeseries.map(({ metadatavalues, data }) => [
    metadatavalues.map(({ value }) => value).join(" "),
    data.map(({ average }) => average),
  ]);

test("requests a minute, split by arm and status as the filter asks", () => {
  const { status, json } = ask({ $filter: "deployment eq '*' and modelStatusCode eq '*'" });
  expect(status).toBe(200);
  expect(series(json)).toEqual([
    ["blue 200", [3, 1]],
    ["green 500", [1, 0]],
  ]);
});

test("percentiles of one arm; a minute without requests has no value", () => {
  const names = "RequestLatency_P50,RequestLatency_P95,RequestLatency";
  const { json } = ask({ metricnames: names, $filter: "deployment eq 'green'" });
  expect([0, 1, 2].map((index) => series(json, index))).toEqual([
    [["green", [50, undefined]]],
    [["green", [50, undefined]]],
    [["green", [50, undefined]]],
  ]);
  const blue = ask({ metricnames: names, $filter: "deployment eq 'blue'" });
  expect(series(blue.json, 0)).toEqual([["blue", [200, 900]]]);
  expect(series(blue.json, 1)).toEqual([["blue", [290, 900]]]);
});

test("without top, ten series at most", () => {
  const many = Array.from({ length: 12 }, (_, index) => request({ deployment: `arm-${index}` }));
  const url = new URL(
    `https://sandbox/?api-version=2023-10-01&metricnames=RequestsPerMinute&timespan=2026-06-01T09:00:00Z/2026-06-01T09:01:00Z&$filter=deployment eq '*'`,
  );
  const count = () =>
    (answerMetrics({ method: "GET", url }, endpoint, many).json as Answer).value[0]!.timeseries
      .length;
  expect(count()).toBe(10);
  url.searchParams.set("top", "100");
  expect(count()).toBe(12);
});

test.each([
  ["no api-version", { "api-version": "-" }, "MissingApiVersionParameter", /is required/],
  [
    "an unknown version",
    { "api-version": "2025-12-01" },
    "InvalidResourceType",
    /does not support the api-version/,
  ],
  [
    "an unknown metric",
    { metricnames: "RequestLatency_P96" },
    "BadRequest",
    /metric: RequestLatency_P96, Valid metrics: RequestLatency,/,
  ],
  ["no metric", { metricnames: "-" }, "BadRequest", /Failed to find metric/],
  ["a filter that is none", { $filter: "deployment = 'green'" }, "BadRequest", /Invalid filter/],
  [
    "or between dimensions",
    { $filter: "deployment eq 'a' or statusCode eq '200'" },
    "BadRequest",
    /two different dimension names/,
  ],
  [
    "a dimension that the metric lacks",
    { metricnames: "RequestLatency_P95", $filter: "statusCode eq '200'" },
    "BadRequest",
    /does not support requested dimension combination: statusCode/,
  ],
  ["a total", { aggregation: "Total" }, "BadRequest", /Invalid aggregation/],
  ["no timespan", { timespan: "yesterday" }, "BadRequest", /Invalid timespan/],
  ["an interval of an hour", { interval: "PT1H" }, "BadRequest", /Invalid interval/],
])("%s is refused", (_, query, code, message) => {
  const { status, json } = ask(query as unknown as Record<string, string>);
  expect(status).toBe(400);
  expect(json.error.code).toBe(code);
  expect(json.error.message).toMatch(message);
});

test("the path of an endpoint's metrics", () => {
  expect(metricsOf(`${endpoint}/providers/microsoft.insights/metrics`)).toBe(endpoint);
  expect(
    metricsOf(`${endpoint}/deployments/blue/providers/Microsoft.Insights/metrics`),
  ).toBeUndefined();
});

test.each([
  ["", { deployment: "a" }, true],
  ["deployment eq 'A'", { deployment: "a" }, true],
  ["deployment ne 'a'", { deployment: "a" }, false],
  ["deployment eq 'a' or deployment eq 'b'", { deployment: "b" }, true],
  ["deployment eq 'a' and statusCode ne '200'", { deployment: "a", statusCode: "200" }, false],
])("the filter %j on %j: %s", (text, dimensions, matches) => {
  const filter = parseFilter(text);
  if ("problem" in filter) throw new Error(filter.problem);
  expect(matchesFilter(filter, dimensions as unknown as Record<string, string>)).toBe(matches);
});
