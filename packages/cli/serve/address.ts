import { Agent, createServer, request } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { armByWeight } from "../../sandbox/server/routing";
import { armHeader } from "../../sandbox/server/scoring";
import type { ArmState } from "./armProcess";

/** An arm as the local address sees it. */
export interface LocalArm {
  readonly name: string;
  readonly weight: number;
  readonly port: number;
  readonly state: ArmState;
  probe(): Promise<ArmState>;
}

/** What `GET /health` of the local address answers, whatever the status. */
export interface LocalHealth {
  readonly status: "Healthy" | "Unhealthy";
  readonly flow: string;
  readonly arms: Readonly<Record<string, { readonly weight: number; readonly state: ArmState }>>;
  readonly mirror?: { readonly arm: string; readonly percent: number };
}

export interface LocalAddress {
  readonly flow: string;
  readonly arms: readonly LocalArm[];
  readonly mirror?: { readonly arm: string; readonly percent: number };
  /** From 0 up to 1. */
  readonly random: () => number;
}

/** Headers that belong to one connection: RFC 9110, 7.6.1. */
const ofConnection = ["connection", "keep-alive", "transfer-encoding", "upgrade", "te", "trailer"];

/**
 * One address before several arms, as an endpoint has it: `GET /health` is that of all arms together, any
 * other request goes to one arm, by its name in the header or else by the weights.
 */
export function localAddress(address: LocalAddress): Server {
  const agent = new Agent({ keepAlive: true });
  const server = createServer((message, response) => {
    serve(address, agent, message, response).catch((error: unknown) => {
      refuse(response, 500, error instanceof Error ? error.message : String(error));
    });
  });
  server.on("close", () => agent.destroy());
  return server;
}

async function serve(
  address: LocalAddress,
  agent: Agent,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (message.method === "GET" && /^\/health\/?(\?|$)/.test(message.url ?? "")) {
    const health = await healthOf(address);
    return send(response, health.status === "Healthy" ? 200 : 503, health);
  }
  const body = await buffer(message);
  const named = message.headers[armHeader];
  const arm = route(address, typeof named === "string" ? named : undefined);
  if (typeof arm === "string") return refuse(response, 404, arm);
  const copied = named === undefined && message.method === "POST" ? mirrored(address) : undefined;
  if (copied)
    forward(
      copied,
      agent,
      message,
      body,
      (answer) => answer.resume(),
      () => undefined,
    );
  if (arm.state === "ended" || arm.state === "starting") return absent(response, arm);
  await new Promise<void>((done) => {
    forward(
      arm,
      agent,
      message,
      body,
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, { ...kept(answer), [armHeader]: arm.name });
        // An arm that dies half-way breaks the connection: the caller must not take a part for the whole.
        answer.on("error", () => response.destroy()).on("close", done);
        response.on("close", () => answer.destroy());
        answer.pipe(response);
      },
      (error) => {
        if (response.headersSent) response.destroy();
        else absent(response, arm, error);
        done();
      },
    );
  });
}

/** The arm of a request, or why there is none. */
function route({ arms, random }: LocalAddress, named: string | undefined): LocalArm | string {
  const weights = Object.fromEntries(arms.map(({ name, weight }) => [name, weight]));
  const wanted = named ?? armByWeight(weights, random());
  const names = arms.map(({ name }) => name).join(", ");
  if (wanted === undefined) return `no arm has weight; name one in ${armHeader}: ${names}`;
  return (
    arms.find(({ name }) => name === wanted) ?? `there is no arm ${wanted}; there are ${names}`
  );
}

/** The arm that gets a copy of this request; requests that name their arm are not copied, as in Azure. */
function mirrored({ arms, mirror, random }: LocalAddress): LocalArm | undefined {
  if (mirror === undefined || random() * 100 >= mirror.percent) return undefined;
  return arms.find(({ name, state }) => name === mirror.arm && state === "ready");
}

function forward(
  arm: LocalArm,
  agent: Agent,
  { method, url, headers }: IncomingMessage,
  body: Buffer,
  onAnswer: (answer: IncomingMessage) => void,
  onError: (error: Error) => void,
): void {
  const sent = Object.fromEntries(
    Object.entries(headers).filter(([name]) => !ofConnection.includes(name) && name !== "host"),
  );
  request(
    {
      host: "127.0.0.1",
      port: arm.port,
      method,
      path: url,
      agent,
      headers: { ...sent, "content-length": body.length },
    },
    onAnswer,
  )
    .on("error", onError)
    .end(body);
}

const kept = ({ headers }: IncomingMessage) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !ofConnection.includes(name)));

function absent(response: ServerResponse, { name, state }: LocalArm, error?: Error): void {
  const why = error === undefined ? "" : ` (${error.message})`;
  response.setHeader(armHeader, name);
  refuse(response, 503, `the arm ${name} does not answer: it is ${state}${why}`);
}

/** What all arms are like now. Healthy: every one of them is ready. */
async function healthOf({ flow, arms, mirror }: LocalAddress): Promise<LocalHealth> {
  const states = await Promise.all(arms.map((arm) => arm.probe()));
  return {
    status: states.every((state) => state === "ready") ? "Healthy" : "Unhealthy",
    flow,
    arms: Object.fromEntries(
      arms.map(({ name, weight }, index) => [name, { weight, state: states[index]! }]),
    ),
    ...(mirror !== undefined && { mirror }),
  };
}

function refuse(response: ServerResponse, status: number, message: string): void {
  send(response, status, { error: { code: String(status), message } });
}

function send(response: ServerResponse, status: number, content: object): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(content));
}
