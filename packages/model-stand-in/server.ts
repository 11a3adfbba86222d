import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { text as readText } from "node:stream/consumers";
import { Behaviour, type Verdict } from "./behaviour";
import { complete, plainMessages, requestSchema, streamed } from "./completion";
import { type Counters, noRequests, settingsSchema, type StandInOptions } from "./settings";

/** A running stand-in on 127.0.0.1. */
export interface ModelStandIn {
  /** `http://127.0.0.1:<port>`: the `api_base` of an Azure OpenAI connection; an OpenAI one adds `/v1`. */
  readonly url: string;
  readonly counters: () => Readonly<Counters>;
  /** Behave differently from the next request on; the counters stay. */
  readonly configure: (options: StandInOptions) => void;
  readonly close: () => Promise<void>;
}

/**
 * Serve chat completions in the ways of Azure OpenAI and of OpenAI.
 * @param port by default a free one
 */
export async function startModelStandIn(
  options: StandInOptions = {},
  port = 0,
): Promise<ModelStandIn> {
  const behaviour = new Behaviour(settingsSchema.parse(options), noRequests());
  const server = createServer((request, response) => {
    serve(behaviour, request, response).catch((error: unknown) => {
      send(response, 400, problem("invalid_request_error", String(error)));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    counters: () => ({ ...behaviour.counters }),
    configure: (changed) => {
      behaviour.settings = settingsSchema.parse(changed);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const azurePath = /^\/openai\/deployments\/([^/]+)\/chat\/completions$/;

async function serve(
  behaviour: Behaviour,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const address = new URL(request.url ?? "/", "http://127.0.0.1");
  const route = `${request.method} ${address.pathname}`;
  const azure = azurePath.exec(address.pathname);
  if (route === "GET /stand-in/status") {
    send(response, 200, {
      settings: { ...behaviour.settings, key: undefined },
      counters: behaviour.counters,
    });
  } else if (route === "PUT /stand-in/settings") {
    behaviour.settings = settingsSchema.parse(JSON.parse(await readText(request)));
    send(response, 200, {});
  } else if (route === "POST /stand-in/reset") {
    behaviour.counters = noRequests();
    send(response, 200, {});
  } else if (request.method === "POST" && azure !== null) {
    // https://learn.microsoft.com/azure/ai-services/openai/reference: api-version is a required parameter.
    if (address.searchParams.has("api-version")) {
      await chat(behaviour, request, response, decodeURIComponent(azure[1]!));
    } else {
      send(response, 404, problem("404", "Resource not found: api-version is missing."));
    }
  } else if (route === "POST /v1/chat/completions") {
    await chat(behaviour, request, response);
  } else {
    send(response, 404, problem("404", `${route} is not served; chat completions are.`));
  }
}

async function chat(
  behaviour: Behaviour,
  request: IncomingMessage,
  response: ServerResponse,
  deployment?: string,
): Promise<void> {
  const body = requestSchema.parse(JSON.parse(await readText(request)));
  const messages = plainMessages(body);
  const model = deployment ?? body.model ?? "";
  const verdict = behaviour.meet({
    key: headerKey(request),
    deployment: model,
    text: messages.map(({ content }) => content).join("\n"),
    at: performance.now(),
  });
  await sleep(behaviour.settings.latencyMilliseconds);
  if (verdict.kind !== "answer") {
    refuse(response, verdict, model);
    return;
  }
  const completion = complete(messages, model);
  behaviour.counters.promptTokens += completion.usage.prompt_tokens;
  behaviour.counters.completionTokens += completion.usage.completion_tokens;
  if (body.stream === true) {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.end(streamed(completion, body.stream_options?.include_usage === true));
  } else {
    send(response, 200, completion);
  }
}

/** Azure sends the key as `api-key`, OpenAI as a bearer token. */
function headerKey({ headers }: IncomingMessage): string | undefined {
  const key = headers["api-key"];
  return typeof key === "string" ? key : headers.authorization?.replace(/^Bearer /i, "");
}

function refuse(
  response: ServerResponse,
  verdict: Exclude<Verdict, { kind: "answer" }>,
  model: string,
): void {
  switch (verdict.kind) {
    case "unauthorised":
      return send(response, 401, problem("401", "Access denied: the key is missing or wrong."));
    case "missingDeployment":
      return send(
        response,
        404,
        problem("DeploymentNotFound", `There is no deployment "${model}".`),
      );
    case "rateLimited":
      response.setHeader("retry-after", Math.ceil(verdict.retryAfterMilliseconds / 1000));
      response.setHeader("retry-after-ms", Math.ceil(verdict.retryAfterMilliseconds));
      return send(response, 429, problem("429", "The rate limit of this deployment is exceeded."));
    case "error":
      return send(response, 500, problem("InternalServerError", "The server had an error."));
    case "garbage":
      response.writeHead(200, { "content-type": "application/json" });
      response.end('{"choices": [{"message": {"content": "half a');
      return;
    case "hangUp":
      response.destroy();
      return;
  }
}

function problem(code: string, message: string): object {
  return { error: { code, message } };
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}
