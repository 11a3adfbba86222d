import { lastName } from "../ids";
import { valueAt } from "../paths";
import { refused, type Reply, type Request } from "../server/http";
import type { ScoredRequest, SentFeedback } from "../server/scored";
import type { AzureState } from "../state";
import { type Row, runQuery } from "./kql";
import { QueryError } from "./kqlSyntax";

const componentToken = "azure-native:applicationinsights:Component";
/** Audience of a token: learn.microsoft.com/azure/azure-monitor/logs/api/access-api */
export const insightsAudience = "https://api.applicationinsights.io";
const MINUTE = 60_000;

/** What the arms' containers send to Application Insights. */
export interface Sent {
  readonly requests: readonly ScoredRequest[];
  readonly feedback: readonly SentFeedback[];
}

/** Answer `POST /v1/apps/<AppId>/query` with `{query, timespan?}`. */
export function answerInsights(request: Request, state: AzureState, sent: Sent): Reply {
  const [, app] = /^\/v1\/apps\/([^/]+)\/query$/.exec(request.url.pathname) ?? [];
  const known = Object.values(state.resources).some(
    ({ token, body }) => token === componentToken && valueAt(body, "properties.AppId") === app,
  );
  if (!known) {
    return refused(404, "PathNotFoundError", "The requested path does not exist");
  }
  if (request.method !== "POST") return refused(405, "MethodNotAllowed", "POST is allowed");
  const body = parse(request.body.toString("utf8"));
  if (typeof body?.["query"] !== "string") {
    return refused(
      400,
      "BadArgumentError",
      "The request had some invalid properties: query is required",
    );
  }
  try {
    const rows = runQuery(body["query"], tables(sent));
    const columns = Object.keys(rows[0] ?? {});
    return {
      status: 200,
      json: {
        tables: [
          {
            name: "PrimaryResult",
            columns: columns.map((name) => ({
              name,
              type: typeof rows[0]?.[name] === "number" ? "real" : "string",
            })),
            rows: rows.map((row) => columns.map((name) => row[name])),
          },
        ],
      },
    };
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    return {
      status: 400,
      json: {
        error: {
          code: "BadArgumentError",
          message: "The request had some invalid properties",
          innererror: { code: "SyntaxError", message: error.message },
        },
      },
    };
  }
}

/**
 * The rows of prompt flow's serving, promptflow-core 1.17: its metrics once a minute, summed by dimension, and
 * one span for each call of /feedback.
 */
function tables({ requests, feedback }: Sent): Record<string, Row[]> {
  return {
    customMetrics: [
      ...requests.flatMap(metricRows).reduce(summed, new Map<string, Row>()).values(),
    ],
    dependencies: [
      ...requests.flatMap((request) =>
        request.feedback === undefined
          ? []
          : [feedbackRow(request, JSON.stringify({ score: request.feedback }))],
      ),
      ...feedback.map((one) =>
        feedbackRow(one, typeof one.body === "string" ? one.body : JSON.stringify(one.body)),
      ),
    ],
  };
}

function metricRows({ endpoint, deployment, time, modelStatus, tokens }: ScoredRequest): Row[] {
  const timestamp = new Date(Math.floor(time / MINUTE) * MINUTE);
  const common = { endpoint: lastName(endpoint), deployment, flow: "flow" };
  return [
    {
      ...{ timestamp, name: "Flow_Request", valueSum: 1 },
      customDimensions: { ...common, response_code: String(modelStatus) },
    },
    ...(tokens === undefined
      ? []
      : [
          {
            ...{ timestamp, name: "Token_Consumption", valueSum: tokens },
            customDimensions: { ...common, token_type: "completion_tokens" },
          },
        ]),
  ];
}

function summed(rows: Map<string, Row>, row: Row): Map<string, Row> {
  const name = JSON.stringify([row["timestamp"], row["name"], row["customDimensions"]]);
  const before = Number(rows.get(name)?.["valueSum"] ?? 0);
  return rows.set(name, { ...row, valueSum: before + Number(row["valueSum"]) });
}

function feedbackRow(
  { endpoint, deployment, time }: Pick<SentFeedback, "endpoint" | "deployment" | "time">,
  feedback: string,
): Row {
  return {
    timestamp: new Date(time),
    name: "promptflow-feedback",
    customDimensions: { endpoint: lastName(endpoint), deployment, feedback },
  };
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
