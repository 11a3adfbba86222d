import { mkdirSync } from "node:fs";
import { once } from "node:events";
import { relative } from "node:path";
import { readEnvironment } from "../../../config/read";
import type { ArmBehaviours } from "../../sandbox/server/scored";
import type { Scoring } from "../../sandbox/server/scoring";
import { CLOCK_VARIABLE, nowAt, variableOf } from "../clock";
import { clusterPlace } from "./attachedCluster";
import { announce, environmentFile, startAzure } from "./azure";
import { occupy } from "./occupy";

export interface ServeSandbox {
  readonly root: string;
  /** Stack whose subscription and tenant the simulated Azure has. */
  readonly stack: string;
  readonly directory: string;
  /** How arms answer. @default each answers `{}` at once */
  readonly arms?: ArmBehaviours;
  /** Requests a minute that imagined customers send to each endpoint, in its own time. */
  readonly requests: number;
  /** How much faster the endpoints' time runs than the machine's. */
  readonly speed: number;
  readonly signal: AbortSignal;
  readonly say: (text: string) => void;
}

const MINUTE = 60_000;
/** Milliseconds between two handfuls of requests. */
const TICK = 100;

/** Keep the simulated Azure running until the signal comes, and leave its state behind. */
export async function serveSandbox(options: ServeSandbox): Promise<void> {
  const { root, stack, directory, signal, say, speed } = options;
  const environment = readEnvironment({ root, stack });
  mkdirSync(directory, { recursive: true });
  const leave = occupy(directory);
  try {
    const pace = { begin: Date.now(), speed };
    const { subscriptionId, tenantId, location, settings } = environment;
    const state = settings.devops?.state;
    const azure = await startAzure(
      directory,
      { subscriptionId, tenantId, location, state, cluster: clusterPlace(environment) },
      {
        ...(options.arms && { arms: options.arms }),
        clock: () => nowAt(pace),
      },
    );
    const variables = { ...azure.environment, [CLOCK_VARIABLE]: variableOf(pace) };
    const withdraw = announce(directory, { url: azure.url, environment: variables });
    const customers = setInterval(
      customersOf(azure.scoring, (options.requests * speed * TICK) / MINUTE),
      TICK,
    );
    try {
      const file = relative(root, environmentFile(directory));
      say(`the simulated Azure of ${stack}: ${azure.url}`);
      say(`in another terminal: . ${file}`);
      say("ready. Ctrl-C ends it; what stands in it stays.");
      if (!signal.aborted) await once(signal, "abort");
    } finally {
      clearInterval(customers);
      withdraw();
      await azure.close();
    }
  } finally {
    leave();
  }
}

/** Sends so many requests to each endpoint at each call; parts of a request are kept for the next one. */
function customersOf(scoring: Scoring, requests: number): () => void {
  let due = 0;
  return () => {
    due += requests;
    for (const endpoint of scoring.endpoints()) scoring.drive(endpoint, Math.floor(due));
    due -= Math.floor(due);
  };
}
