import { setMaxListeners } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import {
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
  type HttpMethods,
} from "@azure/core-rest-pipeline";

/** Header that names an arm: DOC/how-to-safely-rollout-online-endpoints.md */
const ARM = "azureml-model-deployment";
/** Cookie that pins a caller to a slot: learn.microsoft.com/azure/app-service/deploy-staging-slots */
const SLOT = /(?:^|[,;\s])x-ms-routing-name=([^;,\s]+)/;
/** What the container answered, where the endpoint made 424 of it: DOC/how-to-troubleshoot-online-endpoints.md */
const MODEL_STATUS = "ms-azureml-model-error-statuscode";
/** The longest that a managed endpoint lets a prompt flow work: DOC/prompt-flow/how-to-deploy-to-code.md */
const TIMEOUT = 300_000;
/** A rate limit is no fault of the deployment: such a request is sent again so often. */
const ATTEMPTS = 5;

export interface Asked {
  readonly method: HttpMethods;
  readonly url: string;
  /** Name of the arm that shall answer. @default the endpoint chooses by its weights */
  readonly arm?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeoutMs?: number;
}

export interface Answer {
  /** 0 where no answer came. */
  readonly status: number;
  /** The arm that answered, where the answer says it. */
  readonly arm?: string;
  /** Slot that a Web App pins the caller to: a name, or `self` for the production slot. */
  readonly slot?: string;
  /** Status of the container behind a 424. */
  readonly modelStatus?: number;
  /** Parsed, where it is JSON. */
  readonly body: unknown;
  readonly ms: number;
}

export type Caller = (asked: Asked) => Promise<Answer>;

/** Sends requests through the proxies of this machine, but for addresses on it. */
export function callerOf(signal: AbortSignal): Caller {
  // One listener for each request under way.
  setMaxListeners(0, signal);
  const client = createDefaultHttpClient();
  const away = createPipelineFromOptions({ retryOptions: { maxRetries: 0 } });
  const local = away.clone();
  local.removePolicy({ name: "proxyPolicy" });

  const once = async (asked: Asked): Promise<Answer & { readonly afterMs?: number }> => {
    const { url, method, arm, headers = {}, body, timeoutMs = TIMEOUT } = asked;
    const request = createPipelineRequest({
      url,
      method,
      body,
      timeout: timeoutMs,
      allowInsecureConnection: url.startsWith("http:"),
      abortSignal: signal,
      headers: createHttpHeaders({
        accept: "application/json",
        ...(body !== undefined && { "content-type": "application/json" }),
        ...(arm !== undefined && { [ARM]: arm }),
        ...headers,
      }),
    });
    const started = performance.now();
    try {
      const pipeline = isLocal(url) ? local : away;
      const answer = await pipeline.sendRequest(client, request);
      const modelStatus = answer.headers.get(MODEL_STATUS);
      return {
        status: answer.status,
        arm: answer.headers.get(ARM),
        slot: SLOT.exec(answer.headers.get("set-cookie") ?? "")?.[1],
        modelStatus: modelStatus === undefined ? undefined : Number(modelStatus),
        body: parse(answer.bodyAsText ?? ""),
        ms: performance.now() - started,
        afterMs: Number(answer.headers.get("retry-after") ?? NaN) * 1000,
      };
    } catch (error) {
      if (signal.aborted) throw error;
      return { status: 0, body: (error as Error).message, ms: performance.now() - started };
    }
  };

  return async (asked) => {
    for (let attempt = 1; ; attempt += 1) {
      const { afterMs, ...answer } = await once(asked);
      const limited = answer.status === 429 || answer.modelStatus === 429;
      if (!limited || attempt === ATTEMPTS) return answer;
      const wanted = afterMs === undefined || Number.isNaN(afterMs) ? 1000 * 2 ** attempt : afterMs;
      await sleep(Math.min(wanted, 60_000), undefined, { signal });
    }
  };
}

const isLocal = (url: string) =>
  ["127.0.0.1", "localhost", "[::1]"].includes(new URL(url).hostname);

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
