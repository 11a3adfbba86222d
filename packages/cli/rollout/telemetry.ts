import type { ApplicationInsights } from "../../provider/applicationInsights";
import type { Call } from "../../provider/pipeline";
import type { ResourceManager } from "../../provider/resourceManager";
import { CommandError, EXIT } from "../exit";
import type { ArmWindow, Minute } from "./armWindow";

/** Where the numbers of one endpoint's arms come from. */
export interface TelemetrySource {
  readonly azure: ResourceManager;
  readonly insights: ApplicationInsights;
  /** ARM id of the endpoint. */
  readonly endpoint: string;
  /** ARM id of the Application Insights component. */
  readonly component: string;
}

/** Versions of Microsoft.Insights. */
const metricsVersion = "2023-10-01";
const componentVersion = "2020-02-02";
/** Series that one answer may hold; without it Azure Monitor answers with the first ten. */
const mostSeries = "1000";
const MINUTE = 60_000;

const percentiles = {
  RequestLatency_P50: "p50",
  RequestLatency_P90: "p90",
  RequestLatency_P95: "p95",
  RequestLatency_P99: "p99",
} as const;

/** What the arms did from one whole minute up to another, in milliseconds since 1970. */
export async function readWindows(
  source: TelemetrySource,
  arms: readonly string[],
  from: number,
  to: number,
  call: Call = {},
): Promise<ArmWindow[]> {
  const [app, metrics] = await Promise.all([
    appId(source, call),
    Promise.all(arms.map((arm) => readMetrics(source, arm, from, to, call))),
  ]);
  const name = source.endpoint.split("/").at(-1) ?? "";
  const [tokens, feedback] = await Promise.all([
    source.insights.query(app, tokensQuery(name, from, to), call),
    source.insights.query(app, feedbackQuery(name, from, to), call),
  ]);
  return arms.map((arm, index) => {
    const counted = new Map(
      tokens
        .filter((row) => row["deployment"] === arm)
        .map((row) => [
          timeOf(row["minute"]),
          { sum: Number(row["tokens"]), requests: Number(row["answered"]) },
        ]),
    );
    const said = feedback.find((row) => row["deployment"] === arm);
    return {
      arm,
      minutes: (metrics[index] ?? []).map((minute) => {
        const own = counted.get(minute.time);
        return own && own.sum > 0 ? { ...minute, tokens: own } : minute;
      }),
      feedback: {
        count: Number(said?.["scores"] ?? 0),
        mean: Number(said?.["mean"] ?? NaN),
        deviation: Number(said?.["deviation"] ?? NaN),
      },
    };
  });
}

async function appId({ azure, component }: TelemetrySource, call: Call): Promise<string> {
  const live = await azure.get(component, call, componentVersion);
  const properties = live?.body["properties"] as { AppId?: string } | undefined;
  if (properties?.AppId !== undefined) return properties.AppId;
  throw new CommandError(
    `there is no Application Insights ${component}; deploy the stack first`,
    EXIT.failed,
  );
}

interface Series {
  readonly metadatavalues?: readonly {
    readonly name: { readonly value: string };
    readonly value: string;
  }[];
  readonly data: readonly { readonly timeStamp: string; readonly average?: number | null }[];
}

interface MetricAnswer {
  readonly name: { readonly value: string };
  readonly timeseries: readonly Series[];
}

/** Requests by status, and latency, minute by minute. */
async function readMetrics(
  source: TelemetrySource,
  arm: string,
  from: number,
  to: number,
  call: Call,
): Promise<Minute[]> {
  const ask = async (metricnames: string, filter: string) =>
    (await source.azure.list(
      `${source.endpoint}/providers/Microsoft.Insights/metrics`,
      {
        "api-version": metricsVersion,
        metricnames,
        timespan: `${new Date(from).toISOString()}/${new Date(to).toISOString()}`,
        interval: "PT1M",
        aggregation: "Average",
        top: mostSeries,
        $filter: filter,
      },
      call,
    )) as unknown as MetricAnswer[];
  const one = `deployment eq '${arm}'`;
  const [requests, latency] = await Promise.all([
    ask("RequestsPerMinute", `${one} and statusCode eq '*' and modelStatusCode eq '*'`),
    ask(Object.keys(percentiles).join(","), one),
  ]);
  return minutesOf(requests, latency);
}

/** Merge Azure Monitor's series into minutes; a minute without requests is left out. */
function minutesOf(requests: readonly MetricAnswer[], latency: readonly MetricAnswer[]): Minute[] {
  const minutes = new Map<
    number,
    { requests: number; failed: number; throttled: number; latency: Found }
  >();
  const at = (timeStamp: string) => {
    const time = timeOf(timeStamp);
    const minute = minutes.get(time) ?? { requests: 0, failed: 0, throttled: 0, latency: {} };
    minutes.set(time, minute);
    return minute;
  };
  for (const series of requests.flatMap(({ timeseries }) => timeseries)) {
    const { failed, throttled } = statusOf(series);
    for (const { timeStamp, average } of series.data) {
      const minute = at(timeStamp);
      minute.requests += average ?? 0;
      minute.failed += failed ? (average ?? 0) : 0;
      minute.throttled += throttled ? (average ?? 0) : 0;
    }
  }
  for (const { name, timeseries } of latency) {
    for (const { timeStamp, average } of timeseries.flatMap(({ data }) => data)) {
      const percentile = percentiles[name.value as keyof typeof percentiles];
      if (typeof average === "number") at(timeStamp).latency[percentile] = average;
    }
  }
  return [...minutes]
    .sort(([a], [b]) => a - b)
    .flatMap(([time, { latency: found, ...counts }]) =>
      counts.requests === 0 ? [] : [{ time, ...counts, ...(isWhole(found) && { latency: found }) }],
    );
}

type Latency = NonNullable<Minute["latency"]>;
type Found = { -readonly [Name in keyof Latency]?: number };

const isWhole = (latency: Found): latency is Latency =>
  Object.values(percentiles).every((name) => latency[name] !== undefined);

/**
 * A container that fails reaches the caller as 424, with its own status beside it
 * (DOC/how-to-troubleshoot-online-endpoints.md, HTTP status codes).
 */
function statusOf({ metadatavalues = [] }: Series): { failed: boolean; throttled: boolean } {
  const valueOf = (dimension: string) =>
    Number(metadatavalues.find(({ name }) => name.value.toLowerCase() === dimension)?.value);
  const [status, model] = [valueOf("statuscode"), valueOf("modelstatuscode")];
  return {
    failed: status >= 500 || (status === 424 && !(model < 500)),
    throttled: status === 429 || (status === 424 && model === 429),
  };
}

const timeOf = (text: unknown): number => Math.floor(Date.parse(String(text)) / MINUTE) * MINUTE;

const between = (from: number, to: number) =>
  `timestamp >= datetime("${new Date(from).toISOString()}") and timestamp < datetime("${new Date(to).toISOString()}")`;

/** Metrics of prompt flow's serving, with the dimensions that it adds: promptflow-core, _serving/monitor/metrics.py. */
const tokensQuery = (endpoint: string, from: number, to: number) => `customMetrics
| where ${between(from, to)}
| where name in ("Token_Consumption", "Flow_Request")
| where tostring(customDimensions["endpoint"]) == "${endpoint}"
| extend deployment = tostring(customDimensions["deployment"]), code = tostring(customDimensions["response_code"])
| summarize tokens = sumif(valueSum, name == "Token_Consumption"), answered = sumif(valueSum, name == "Flow_Request" and code == "200") by deployment, minute = bin(timestamp, 1m)`;

/** Spans of POST /feedback, whose body is {"score": number}, sent whole or with ?flatten=true. */
const feedbackQuery = (endpoint: string, from: number, to: number) => `dependencies
| where ${between(from, to)}
| where name == "promptflow-feedback"
| where tostring(customDimensions["endpoint"]) == "${endpoint}"
| extend deployment = tostring(customDimensions["deployment"]), said = parse_json(tostring(customDimensions["feedback"]))
| extend score = coalesce(todouble(customDimensions["score"]), todouble(said["score"]))
| where isnotnull(score)
| summarize scores = count(), mean = avg(score), deviation = stdev(score) by deployment`;
