import { key } from "../ids";
import { refused, type Reply, type Request } from "../server/http";
import type { ScoredRequest } from "../server/scored";
import { matchesFilter, parseFilter, type Filter } from "./metricsFilter";

/**
 * Azure Monitor's metrics of an online endpoint, from the requests that its arms got. Names, units and
 * dimensions: azure-monitor, supported-metrics, microsoft-machinelearningservices-workspaces-onlineendpoints.
 */
interface Metric {
  readonly unit: string;
  readonly dimensions: readonly string[];
  readonly value: (requests: readonly ScoredRequest[]) => number | undefined;
}

const percentile = (share: number): Metric => ({
  unit: "Milliseconds",
  dimensions: ["deployment"],
  value: (requests) =>
    quantile(
      requests.map(({ latencyMs }) => latencyMs),
      share,
    ),
});

const metrics: Readonly<Record<string, Metric>> = {
  RequestLatency: {
    unit: "Milliseconds",
    dimensions: ["deployment"],
    value: (requests) =>
      requests.length === 0
        ? undefined
        : requests.reduce((sum, { latencyMs }) => sum + latencyMs, 0) / requests.length,
  },
  RequestLatency_P50: percentile(0.5),
  RequestLatency_P90: percentile(0.9),
  RequestLatency_P95: percentile(0.95),
  RequestLatency_P99: percentile(0.99),
  RequestsPerMinute: {
    unit: "Count",
    dimensions: ["deployment", "statusCode", "statusCodeClass", "modelStatusCode"],
    value: (requests) => requests.length,
  },
};

const path =
  /^(\/subscriptions\/.+\/onlineEndpoints\/[^/]+)\/providers\/Microsoft\.Insights\/metrics$/i;
const MINUTE = 60_000;
/** Versions of Microsoft.Insights/metrics that the swagger has as stable. */
const versions = ["2018-01-01", "2023-10-01", "2024-02-01"];
/** Time series without `top`: Metrics_List, parameter top. */
const defaultTop = 10;

/** Whether a path asks for metrics of an online endpoint, and of which. */
export const metricsOf = (pathname: string): string | undefined => path.exec(pathname)?.[1];

/** Answer `GET <endpoint>/providers/Microsoft.Insights/metrics`. */
export function answerMetrics(
  { method, url }: Pick<Request, "method" | "url">,
  endpoint: string,
  requests: readonly ScoredRequest[],
): Reply {
  const query = url.searchParams;
  const version = query.get("api-version");
  if (version === null) {
    return refused(
      400,
      "MissingApiVersionParameter",
      "The api-version query parameter (?api-version=) is required for all requests.",
    );
  }
  if (!versions.includes(version)) {
    return refused(
      400,
      "InvalidResourceType",
      `The resource type 'metrics' does not support the api-version '${version}'; supported are ${versions.join(", ")}.`,
    );
  }
  if (method !== "GET") return refused(405, "MethodNotAllowed", `${method} is not allowed: GET is`);
  const asked = (query.get("metricnames") ?? "").split(",").filter((name) => name !== "");
  const found = asked.map((name) =>
    Object.keys(metrics).find((one) => one.toLowerCase() === name.toLowerCase()),
  );
  if (asked.length === 0 || found.includes(undefined)) {
    const unknown = asked.filter((_, index) => found[index] === undefined).join(",");
    return refused(
      400,
      "BadRequest",
      `Failed to find metric configuration for provider: Microsoft.MachineLearningServices, resource Type: workspaces/onlineEndpoints, metric: ${unknown}, Valid metrics: ${Object.keys(metrics).join(",")}`,
    );
  }
  const names = found as string[];
  const span = timespan(query.get("timespan"));
  if (span === undefined) {
    return refused(
      400,
      "BadRequest",
      `Invalid timespan '${query.get("timespan") ?? ""}': start and end in ISO 8601 with a slash between.`,
    );
  }
  if ((query.get("interval") ?? "PT1M") !== "PT1M") {
    return refused(
      400,
      "BadRequest",
      `Invalid interval '${query.get("interval")}'; the sandbox knows PT1M.`,
    );
  }
  if ((query.get("aggregation") ?? "Average").toLowerCase() !== "average") {
    return refused(
      400,
      "BadRequest",
      `Invalid aggregation '${query.get("aggregation")}'; these metrics have Average.`,
    );
  }
  const filter = parseFilter(query.get("$filter") ?? "");
  if ("problem" in filter) return refused(400, "BadRequest", filter.problem);
  for (const name of names) {
    const dimensions = metrics[name]?.dimensions ?? [];
    const strange = filter.terms.find(({ dimension }) => !dimensions.includes(dimension));
    if (strange) {
      return refused(
        400,
        "BadRequest",
        `Metric: ${name} does not support requested dimension combination: ${strange.dimension}, supported ones are: ${dimensions.join(",")}`,
      );
    }
  }
  const [from, to] = span;
  const own = requests.filter(
    ({ endpoint: id, time }) => key(id) === key(endpoint) && time >= from && time < to,
  );
  const top = Number(query.get("top") ?? defaultTop);
  return {
    status: 200,
    json: {
      cost: 0,
      timespan: `${new Date(from).toISOString()}/${new Date(to).toISOString()}`,
      interval: "PT1M",
      namespace: "Microsoft.MachineLearningServices/workspaces/onlineEndpoints",
      value: names.map((name) => ({
        id: `${endpoint}/providers/Microsoft.Insights/metrics/${name}`,
        type: "Microsoft.Insights/metrics",
        name: { value: name, localizedValue: name },
        unit: metrics[name]?.unit,
        errorCode: "Success",
        timeseries: timeseries(metrics[name] as Metric, own, filter, from, to).slice(0, top),
      })),
    },
  };
}

/** One series for each combination of the dimensions that the filter names; the busiest first. */
function timeseries(
  metric: Metric,
  requests: readonly ScoredRequest[],
  filter: Filter,
  from: number,
  to: number,
) {
  const names = [...new Set(filter.terms.map(({ dimension }) => dimension))];
  const groups = new Map<string, ScoredRequest[]>();
  for (const request of requests) {
    const dimensions = dimensionsOf(request);
    if (!matchesFilter(filter, dimensions)) continue;
    const name = JSON.stringify(names.map((one) => dimensions[one]));
    const group = groups.get(name) ?? [];
    groups.set(name, group);
    group.push(request);
  }
  return [...groups]
    .sort(([, one], [, other]) => other.length - one.length)
    .map(([name, group]) => {
      const values = JSON.parse(name) as string[];
      const byMinute = new Map<number, ScoredRequest[]>();
      for (const request of group) {
        const minute = Math.floor(request.time / MINUTE) * MINUTE;
        const list = byMinute.get(minute) ?? [];
        byMinute.set(minute, list);
        list.push(request);
      }
      const minutes = Array.from(
        { length: Math.ceil((to - from) / MINUTE) },
        (_, index) => from + index * MINUTE,
      );
      return {
        metadatavalues: names.map((one, index) => ({
          name: { value: one.toLowerCase(), localizedValue: one.toLowerCase() },
          value: values[index],
        })),
        data: minutes.map((minute) => {
          const average = metric.value(byMinute.get(minute) ?? []);
          return {
            timeStamp: new Date(minute).toISOString(),
            ...(average !== undefined && { average }),
          };
        }),
      };
    });
}

function dimensionsOf({ deployment, status, modelStatus }: ScoredRequest): Record<string, string> {
  return {
    deployment,
    statusCode: String(status),
    statusCodeClass: `${Math.floor(status / 100)}xx`,
    modelStatusCode: String(modelStatus),
  };
}

function timespan(text: string | null): [number, number] | undefined {
  const [from = NaN, to = NaN] = (text ?? "").split("/").map((part) => Date.parse(part));
  return from < to ? [Math.floor(from / MINUTE) * MINUTE, to] : undefined;
}

/** By linear interpolation; how Azure takes percentiles is not documented. */
function quantile(values: readonly number[], share: number): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  const [below, above] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  if (below === undefined || above === undefined) return undefined;
  return below + (above - below) * (place - Math.floor(place));
}
