import type { Environment, Flow } from "../../../config/environment";
import type { FlowSettings } from "../../../config/settings";
import { CommandError, EXIT } from "../exit";
import type { MetricName } from "./compareArms";
import { METRICS } from "./compareArms";
import { journalFile, readJournal, type Journal } from "./journal";
import { planRollout } from "./plan";

export interface Asked {
  readonly flow: string;
  readonly to: string;
  readonly steps: readonly number[];
  readonly bakeMinutes: number;
  /** Undefined: all of them, as far as there are numbers. */
  readonly metrics?: readonly MetricName[];
}

/** The roll-out that is under way, or a new one. Refuses another one on the same flow before the first has ended. */
export function startOrContinue(environment: Environment, asked: Asked): Journal {
  const file = journalFile(environment.root, asked.flow, environment.stack);
  const known = readJournal(file);
  if (known === undefined || known.ended !== undefined) return begin(environment, asked);
  const metrics = asked.metrics ?? METRICS;
  const same =
    known.to === asked.to &&
    known.bakeMinutes === asked.bakeMinutes &&
    known.metrics.join() === metrics.join() &&
    known.steps.every((step) => asked.steps.includes(step));
  if (same) return known;
  throw new CommandError(
    `${file}:1:1  a roll-out of ${asked.flow} to ${known.to} with steps ${known.steps.join(",")}, bake ${known.bakeMinutes}m and metrics ${known.metrics.join(",")} is under way; one roll-out of a flow at a time; finish it with the same arguments, or remove the file to give it up where it stands`,
    EXIT.refused,
  );
}

function begin(environment: Environment, asked: Asked): Journal {
  const plan = planRollout(environment, asked.flow, asked.to, asked.steps);
  return {
    version: 1,
    flow: asked.flow,
    environment: environment.stack,
    to: plan.to,
    base: plan.base,
    before: plan.before,
    steps: plan.steps,
    bakeMinutes: asked.bakeMinutes,
    metrics: asked.metrics ?? METRICS,
    step: 0,
    looks: 0,
    equal: true,
  };
}

/** The flow and its rules; a journal names a flow that may be gone by now. */
export function rulesOf(
  environment: Environment,
  name: string,
): { flow: Flow; rules: FlowSettings["rollout"] } {
  const flow = environment.flows.find((one) => one.name === name);
  const rules = environment.settings.flows[name]?.rollout;
  if (flow && rules) return { flow, rules };
  throw new CommandError(`${environment.stack} has no flow ${JSON.stringify(name)}`, EXIT.problems);
}
