import path from "node:path";
import { readEnvironment } from "../../../config/read";
import { type Cloud, cloudFromEnvironment } from "../../provider/cloud";
import { ResourceManager } from "../../provider/resourceManager";
import { type Clock, cloudClock } from "../clock";
import type { ExitCode } from "../exit";
import { holdFolder } from "../lock";
import { LEAST_BAKE, metricsOf, minutesOf, stepsOf } from "./arguments";
import { liveEndpoint, telemetrySource } from "./edges";
import { journalFile } from "./journal";
import { commits, noPublisher, programsIn, pullRequests } from "./publish";
import { runRollout } from "./run";
import { rulesOf, startOrContinue } from "./start";
import { readWindows } from "./telemetry";
import { WeightsFile } from "./weightsFile";

/** A roll-out as the command line asks for it. */
export interface RolloutRequest {
  readonly root: string;
  readonly flow: string;
  readonly to: string;
  readonly steps: string;
  readonly bake: string;
  readonly metric?: string;
  readonly env: string;
  readonly auto?: boolean;
  readonly commit: boolean;
  readonly deployWithin: string;
  readonly signal: AbortSignal;
  /** @default the clock of the cloud */
  readonly clock?: Clock;
  /** @default the one that the process's environment names */
  readonly cloud?: Cloud;
  /** @default the standard output */
  readonly say?: (text: string) => void;
}

/** Check everything that can be checked, then roll out, alone on this flow and environment. */
export async function performRollout(request: RolloutRequest): Promise<ExitCode> {
  const { root, signal } = request;
  const asked = {
    flow: request.flow,
    to: request.to,
    steps: stepsOf(request.steps),
    bakeMinutes: minutesOf("--bake", request.bake, LEAST_BAKE),
    ...(request.metric !== undefined && { metrics: metricsOf(request.metric) }),
  };
  const deployMinutes = minutesOf("--deploy-within", request.deployWithin, 1);
  const environment = readEnvironment({ root, stack: request.env });
  const journal = startOrContinue(environment, asked);
  const { flow, rules } = rulesOf(environment, request.flow);
  const file = new WeightsFile(root, request.env, request.flow);
  const publisher = publisherOf(request, rules.change);
  await file.checkClean(publisher);
  const azure = new ResourceManager(request.cloud ?? cloudFromEnvironment());
  const source = telemetrySource(azure, environment, flow);
  const kept = journalFile(root, request.flow, request.env);
  const release = holdFolder(path.join(path.dirname(kept), `${request.env}.held`));
  try {
    return await runRollout(
      journal,
      {
        ...rules,
        auto: request.auto ?? false,
        metricsNamed: request.metric !== undefined,
        deployMinutes,
      },
      {
        clock: request.clock ?? cloudClock(signal),
        endpoint: liveEndpoint(azure, environment, flow, signal),
        telemetry: { windows: (arms, from, to) => readWindows(source, arms, from, to, { signal }) },
        publisher,
        file,
        journalFile: kept,
        say: request.say ?? ((text) => void process.stdout.write(`${text}\n`)),
      },
    );
  } finally {
    release();
  }
}

function publisherOf({ root, commit }: RolloutRequest, change: "commit" | "pullRequest") {
  if (!commit) return noPublisher;
  const programs = programsIn(root);
  return change === "pullRequest" ? pullRequests(root, programs) : commits(programs);
}
