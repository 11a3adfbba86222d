import type { Azure, AzureRequest } from "../azure";
import { answerMetrics, metricsOf } from "../telemetry/metrics";
import { bearerToken, refused, type Reply, type Request, unauthenticated } from "./http";
import type { ScoredRequest } from "./scored";
import type { Claims } from "./tokens";

export interface ObservedWrite {
  readonly method: string;
  /** ARM path without its query. */
  readonly path: string;
  readonly body: unknown;
  readonly status: number;
}

const storageAudience = /^https:\/\/(storage\.azure\.com|[a-z0-9]+\.blob\.)/;

/** Resource Manager over HTTP: the model behind Entra's tokens, and beside it the metrics of endpoints. */
export function answerResourceManager(
  request: Request,
  known: {
    readonly azure: Azure;
    /** Requests that the metrics count. */
    readonly scored: readonly ScoredRequest[];
    readonly claimsOf: (token: string) => Claims | undefined;
    /** Called after every request but a GET, refused ones too. */
    readonly written: (write: ObservedWrite) => void;
  },
): Reply {
  const { azure } = known;
  const claims = known.claimsOf(bearerToken(request.headers) ?? "");
  const refusal = loginRefusal(request, claims);
  if (refusal) return refusal;
  const path = decodeURIComponent(request.url.pathname);
  const endpoint = metricsOf(path);
  if (endpoint !== undefined) {
    const stored = azure.state.resources[endpoint.toLowerCase()];
    return stored
      ? answerMetrics(request, stored.id, known.scored)
      : refused(404, "ResourceNotFound", `The Resource '${endpoint}' was not found.`);
  }
  const text = request.body.toString("utf8");
  let body: unknown;
  try {
    body = text === "" ? undefined : JSON.parse(text);
  } catch {
    const message = "The request content was invalid and could not be deserialized.";
    return refused(400, "InvalidRequestContent", message);
  }
  const { method } = request;
  const answer = azure.request({
    method: method as AzureRequest["method"],
    path: path + request.url.search,
    body,
    principal: claims?.oid,
  });
  if (method !== "GET") known.written({ method, path, body, status: answer.status });
  return { status: answer.status, headers: answer.headers, json: answer.body };
}

function loginRefusal({ headers }: Request, claims: Claims | undefined): Reply | undefined {
  if (!headers.authorization) {
    return unauthenticated(
      "AuthenticationFailed",
      "Authentication failed. The 'Authorization' header is missing.",
    );
  }
  if (!claims) {
    return unauthenticated("InvalidAuthenticationToken", "The access token is invalid.");
  }
  if (!storageAudience.test(claims.aud)) return undefined;
  const message = `The access token has been obtained for wrong audience or resource '${claims.aud}'.`;
  return unauthenticated("InvalidAuthenticationTokenAudience", message);
}
