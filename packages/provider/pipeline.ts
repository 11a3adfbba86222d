import { setTimeout as wait } from "node:timers/promises";
import type { HttpMethods, Pipeline, PipelineResponse, RestError } from "@azure/core-rest-pipeline";
import { pluginName, pluginVersion } from "./tokens";
import { UserError } from "./userError";
import { realPace, type Cloud, type Pace } from "./cloud";

/** How long one change may take, and what ends it early. */
export interface Call {
  /** Aborted when the user presses Ctrl-C. */
  readonly signal?: AbortSignal;
  /** Time limit of the program (`customTimeouts`). @default half an hour */
  readonly timeoutMs?: number;
}

/** Pipeline options for the certificates of a cloud that has its own. */
export const trust = ({ certificates }: Cloud) =>
  certificates === undefined ? {} : { tlsOptions: { ca: certificates } };

export const paceOf = (cloud: Cloud): Pace => ({ ...realPace, ...cloud.pace });

const mostRetries = 7;
const mostRetriesWithoutAnswer = 3;
/** A longer Retry-After is no pause but a refusal. */
const longestPauseMs = 5 * 60_000;

/** Loaded with the first request: the engine waits for everything that a plugin loads at its start. */
const core = () =>
  require("@azure/core-rest-pipeline") as typeof import("@azure/core-rest-pipeline");

export interface Outgoing {
  readonly url: string;
  /** @default GET */
  readonly method?: HttpMethods;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal;
  /** Milliseconds for each attempt. @default no end */
  readonly timeout?: number;
}

export interface SenderOptions {
  /** Scope of the token that goes with every request. @default none does */
  readonly scope?: string;
  /** How often a request that failed is sent again. @default 7 */
  readonly maxRetries?: number;
}

export type Sender = (request: Outgoing) => Promise<PipelineResponse>;

/** Sends requests through Azure's core pipeline, which is made with the first one. */
export function senderOf(cloud: Cloud, options: SenderOptions = {}): Sender {
  const open = () => ({
    pipeline: pipelineOf(cloud, options),
    client: cloud.httpClient ?? core().createDefaultHttpClient(),
  });
  let opened: ReturnType<typeof open> | undefined;
  return ({ headers, signal, ...request }) => {
    const { pipeline, client } = (opened ??= open());
    const { createHttpHeaders, createPipelineRequest } = core();
    return pipeline.sendRequest(
      client,
      createPipelineRequest({
        ...request,
        headers: createHttpHeaders(headers),
        abortSignal: signal,
      }),
    );
  };
}

/**
 * Azure's core pipeline. Its own retry rule leaves a 429 without Retry-After alone, so ours takes its place:
 * 408, 429, 5xx and connections that break, after Retry-After or doubling pauses.
 */
function pipelineOf(cloud: Cloud, { scope, maxRetries = mostRetries }: SenderOptions): Pipeline {
  const { bearerTokenAuthenticationPolicy, createPipelineFromOptions, retryPolicy } = core();
  const pipeline = createPipelineFromOptions({
    ...trust(cloud),
    userAgentOptions: { userAgentPrefix: `${pluginName}/${pluginVersion}` },
  });
  pipeline.removePolicy({ name: "defaultRetryPolicy" });
  pipeline.addPolicy(
    retryPolicy([{ name: "faultsOfTheService", retry: faults(paceOf(cloud).retry) }], {
      maxRetries,
    }),
    { phase: "Retry" },
  );
  if (scope !== undefined) {
    const { credential } = cloud;
    pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes: scope }));
  }
  return pipeline;
}

interface Attempt {
  response?: PipelineResponse;
  responseError?: RestError;
  retryCount: number;
}

function faults(firstPauseMs: number) {
  return ({ response, responseError, retryCount }: Attempt) => {
    const doubled = Math.min(firstPauseMs * 2 ** retryCount, 60_000);
    const answer = response ?? responseError?.response;
    if (!answer) {
      const broken = responseError !== undefined && isBroken(responseError);
      if (broken && retryCount < mostRetriesWithoutAnswer) return { retryAfterInMs: doubled };
      return responseError ? { errorToThrow: responseError } : { skipStrategy: true };
    }
    const { status } = answer;
    const again = status === 408 || status === 429 || (status >= 500 && status !== 501);
    const pause = again ? (askedPause(answer) ?? doubled) : Infinity;
    return pause <= longestPauseMs ? { retryAfterInMs: pause } : { skipStrategy: true };
  };
}

/** Retry-After in seconds or as a date (RFC 9110), or Azure's own headers in milliseconds. */
export function askedPause({ headers }: Pick<PipelineResponse, "headers">): number | undefined {
  const exact = headers.get("retry-after-ms") ?? headers.get("x-ms-retry-after-ms");
  if (exact !== undefined) return Number(exact);
  const text = headers.get("retry-after");
  if (text === undefined) return undefined;
  const seconds = Number(text);
  const ms = Number.isNaN(seconds) ? Date.parse(text) - Date.now() : seconds * 1000;
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}

const isBroken = ({ code }: RestError) =>
  ["ECONNREFUSED", "ECONNRESET", "ENOTFOUND", "EAI_AGAIN", "ETIMEDOUT", "EPIPE"].includes(
    code ?? "",
  );

/** Waits, and ends at once with an AbortError when the user cancels. */
export const pause = (ms: number, signal?: AbortSignal): Promise<void> =>
  wait(ms, undefined, { signal, ref: true });

export const isAbort = (error: unknown): boolean =>
  error instanceof Error && error.name === "AbortError";

/** Turns what stops a request before any answer into words; anything else stays as it is. */
export function unreachable(error: unknown, address: string): unknown {
  if (!(error instanceof Error) || isAbort(error) || error instanceof UserError) return error;
  if (/Credential|Authentication/.test(error.name)) {
    return new UserError(
      `cannot log in to Azure for ${address}\n${error.message}\n` +
        "Log in with `az login`, or let the environment name an identity: AZURE_CLIENT_ID, AZURE_TENANT_ID and AZURE_FEDERATED_TOKEN_FILE.",
    );
  }
  if (error.name !== "RestError") return error;
  const { origin } = new URL(address);
  return new UserError(
    `cannot reach ${origin}\n${error.message}\n` +
      "Check the network of this machine and the addresses GENAIOPS_RESOURCE_MANAGER and GENAIOPS_BLOB_ENDPOINT.",
  );
}
