import path from "node:path";
import { readEnvironment } from "../../../config/read";
import { cloudFromEnvironment, type Cloud } from "../../provider/cloud";
import { ResourceManager } from "../../provider/resourceManager";
import { cloudClock } from "../clock";
import { CommandError, EXIT } from "../exit";
import { writeWhole } from "../experiment/files";
import { flowOf } from "../flowOf";
import { minutesOf } from "../rollout/arguments";
import { liveEndpoint, telemetrySource } from "../rollout/edges";
import { requireOnline } from "../rollout/onlineOnly";
import { rulesOf } from "../rollout/start";
import { readWindows } from "../rollout/telemetry";
import { comparePage } from "./page";
import { sideBySide } from "./sideBySide";
import { armsCsv, minutesCsv } from "./tables";

export interface CompareRequest {
  readonly root: string;
  readonly flow: string;
  readonly env: string;
  readonly since: string;
  readonly out?: string;
  /** @default the one that the process's environment names */
  readonly cloud?: Cloud;
  /** Milliseconds since 1970. @default now */
  readonly now?: number;
  readonly say?: (text: string) => void;
}

const MINUTE = 60_000;
/** A query of Azure Monitor spans at most 30 days: azure-monitor, metrics REST API. */
const longest = 30 * 24 * 60;

/** Read the arms' numbers and write the page and the tables, each whole. */
export async function performCompare(request: CompareRequest): Promise<void> {
  const {
    root,
    env,
    now = cloudClock().now(),
    say = (text) => void process.stdout.write(`${text}\n`),
  } = request;
  const minutes = minutesOf("--since", request.since, 1);
  if (minutes > longest) {
    throw new CommandError(
      `--since: found ${JSON.stringify(request.since)}; Azure Monitor answers up to 30 days at once; write at most 30d`,
      EXIT.problems,
    );
  }
  const environment = readEnvironment({ root, stack: env });
  const flow = flowOf(environment, request.flow);
  requireOnline(environment, flow);
  const azure = new ResourceManager(request.cloud ?? cloudFromEnvironment());
  const to = Math.floor(now / MINUTE) * MINUTE;
  const from = to - minutes * MINUTE;
  const arms = flow.arms.map(({ name }) => name);
  const [weights, windows] = await Promise.all([
    liveEndpoint(azure, environment, flow).weights(),
    readWindows(telemetrySource(azure, environment, flow), arms, from, to),
  ]);
  const rows = sideBySide(windows, weights, rulesOf(environment, flow.name).rules);
  const out = path.resolve(request.out ?? path.join(root, ".genaiops", "compare", flow.name, env));
  const page = comparePage({ flow: flow.name, environment: env, from, to, rows });
  for (const [name, text] of Object.entries({
    "arms.csv": armsCsv(rows),
    "minutes.csv": minutesCsv(rows),
    "compare.html": page,
  })) {
    try {
      writeWhole(path.join(out, name), text);
    } catch (error) {
      const why = (error as Error).message;
      throw new CommandError(
        `--out ${out} cannot be written: ${why}; name another folder`,
        EXIT.problems,
      );
    }
  }
  for (const { arm, requests } of rows) say(`${arm}: ${requests} requests`);
  say(path.join(out, "compare.html"));
}
