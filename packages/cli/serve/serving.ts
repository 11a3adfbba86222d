import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { seeded } from "../../sandbox/server/routing";
import { CommandError, EXIT } from "../exit";
import { localAddress, type LocalArm } from "./address";
import { ArmProcess } from "./armProcess";
import type { Launcher } from "./launch";
import type { ArmChoice, ServedArm } from "./plan";

export interface ServingOptions extends ArmChoice {
  readonly flow: string;
  readonly launcher: Launcher;
  /** 0: a free one. */
  readonly port: number;
  /** The same seed sends the same requests, in the same order, to the same arms. */
  readonly seed: number;
  /** Holds the arms' logs and what they write for themselves. */
  readonly folder: string;
  /** Never shown in a log. */
  readonly secrets: readonly string[];
  /** Told when an arm's process ends by itself. */
  readonly onEnd: (arm: string, how: string, process: ArmProcess) => void;
}

/** Arms that run, behind one address. */
export interface Serving {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  readonly arms: readonly (LocalArm & { readonly process: ArmProcess })[];
  /** Settles when the processes of all arms have ended. */
  readonly over: Promise<void>;
  /**
   * Settles when each arm is ready or has ended.
   *
   * @throws CommandError when `seconds` pass before that
   */
  ready(seconds: number, signal: AbortSignal): Promise<void>;
  /** Ends the address and every process. */
  close(): Promise<void>;
}

/** Start every arm on a free port of its own and the address before them. */
export async function startServing(options: ServingOptions): Promise<Serving> {
  const arms: Serving["arms"][number][] = [];
  const ports = await freePorts(options.arms.length);
  const server = localAddress({
    flow: options.flow,
    mirror: options.mirror,
    random: seeded(options.seed),
    arms,
  });
  // The address comes first: a port that is taken must not leave processes behind.
  await listen(server, options.port);
  // Each process is ended with this one, and an endpoint has up to 20 arms.
  process.setMaxListeners(process.getMaxListeners() + options.arms.length);
  let closing = false;
  for (const [index, arm] of options.arms.entries()) {
    const started = start(options, arm, ports[index]!);
    arms.push(facade(arm, started));
    void started.ended.then((how) => {
      if (!closing) options.onEnd(arm.name, how, started);
    });
  }
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    arms,
    over: Promise.all(arms.map((arm) => arm.process.ended)).then(() => undefined),
    ready: (seconds, signal) => untilReady(arms, seconds, signal),
    close: async () => {
      closing = true;
      server.close();
      server.closeAllConnections();
      await Promise.all(arms.map((arm) => arm.process.stop()));
      process.setMaxListeners(process.getMaxListeners() - options.arms.length);
    },
  };
}

function start(options: ServingOptions, arm: ServedArm, port: number): ArmProcess {
  const own = path.join(options.folder, arm.name);
  const launch = options.launcher(arm, port, own);
  return new ArmProcess(port, launch, own, `${own}.log`, options.secrets);
}

const facade = ({ name, weight }: ServedArm, process: ArmProcess) => ({
  name,
  weight,
  port: process.port,
  process,
  get state() {
    return process.state;
  },
  probe: () => process.probe(),
});

async function untilReady(
  arms: readonly LocalArm[],
  seconds: number,
  signal: AbortSignal,
): Promise<void> {
  for (const end = Date.now() + seconds * 1000; ;) {
    const states = await Promise.all(arms.map((arm) => arm.probe()));
    if (states.every((state) => state === "ready" || state === "ended")) return;
    if (Date.now() > end) {
      const late = arms.filter(({ state }) => state !== "ready" && state !== "ended");
      throw new CommandError(
        `not ready after ${seconds} s: ${late.map(({ name, port }) => `${name} on port ${port}`).join(", ")}; ` +
          "a container listens on the port that PORT names and answers GET /health; see its log, or wait longer with --wait",
        EXIT.failed,
      );
    }
    await sleep(250, undefined, { signal });
  }
}

async function listen(server: Server, port: number): Promise<void> {
  try {
    await once(server.listen(port, "127.0.0.1"), "listening");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new CommandError(
      code === "EADDRINUSE"
        ? `port ${port} is taken; end what listens there or choose another one: --port ${port + 1}`
        : `cannot listen on port ${port}: ${message}; choose another one with --port`,
      EXIT.failed,
    );
  }
}

/** Ports that were free a moment ago, all different. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, "127.0.0.1");
      await once(server, "listening");
      return server;
    }),
  );
  return Promise.all(
    servers.map(async (server) => {
      const { port } = server.address() as AddressInfo;
      server.close();
      await once(server, "close");
      return port;
    }),
  );
}
