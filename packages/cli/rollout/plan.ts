import { trafficFaults, weightsWith } from "../../../config/weights";
import type { Environment, Flow } from "../../../config/environment";
import { formatProblems, type Problem } from "../../../config/problem";
import { readStackText } from "../../../config/stackFile";
import { orListing } from "../../../config/suggest";
import { CommandError, EXIT } from "../exit";
import { requireOnline } from "./onlineOnly";

/** How a roll-out changes weights: the steps from where they stand now. */
export interface RolloutPlan {
  readonly to: string;
  readonly base: string;
  readonly before: Readonly<Record<string, number>>;
  /** Percents from the arm's present weight on. */
  readonly steps: readonly number[];
}

/** Weights of one step: the other arms share the rest as they did before. */
export function weightsAt({ before, to }: Pick<RolloutPlan, "before" | "to">, percent: number) {
  return weightsWith(before, to, percent);
}

/**
 * Plan a roll-out, or throw every reason against it at its place in `Pulumi.<env>.yaml`. Steps below the
 * arm's present weight are done already; its base is the heaviest of the other arms.
 */
export function planRollout(
  environment: Environment,
  flowName: string,
  to: string,
  steps: readonly number[],
): RolloutPlan {
  const text = readStackText(environment.root, environment.stack);
  const problems: Problem[] = [];
  const report = (at: readonly string[], found: string, allowed: string, mend: string) =>
    void problems.push(text.file.problem(text.place(at), { found, allowed, mend }, "key"));
  const flow = environment.flows.find(({ name }) => name === flowName);
  if (!flow) {
    const known = environment.flows.map(({ name }) => name);
    report(
      ["flows"],
      `there is no flow ${JSON.stringify(flowName)} in ${environment.stack}`,
      "a flow of this environment",
      orListing(flowName, known, "add it under flows"),
    );
    throw refused(problems);
  }
  requireOnline(environment, flow);
  const before = Object.fromEntries(flow.arms.map(({ name, weight }) => [name, weight]));
  const weight = Object.hasOwn(before, to) ? before[to] : undefined;
  const at = ["flows", flowName, "arms"];
  if (weight === undefined) {
    report(
      at,
      `there is no arm ${JSON.stringify(to)}`,
      "an arm of this flow",
      orListing(to, Object.keys(before).sort(), "add the arm with weight 0 and deploy it"),
    );
    throw refused(problems);
  }
  const others = Object.entries(before).filter(([name, share]) => name !== to && share > 0);
  if (weight === 100) {
    report(
      [...at, to],
      `${to} has weight 100 already`,
      "a weight below 100",
      "nothing is to be rolled out",
    );
  } else if (others.length === 0) {
    report(
      at,
      "no other arm gets requests",
      "an arm to compare with and to take back to",
      "give another arm weight 100 first",
    );
  }
  if (flow.mirror?.arm === to) {
    report(
      ["flows", flowName, "mirror"],
      `${to} gets mirrored requests`,
      "an arm has live or mirrored requests, not both",
      "remove mirror and deploy, then roll out",
    );
  }
  const left = steps.filter((step) => step >= weight);
  if (left.length === 0 && weight < 100) {
    report(
      [...at, to],
      `${to} has weight ${weight}, more than every step of ${steps.join(", ")}`,
      "a step of at least the arm's weight",
      "add a step, for example 100",
    );
  }
  problems.push(...stepFaults(flow, before, to, left, report));
  if (problems.length > 0) throw refused(problems);
  return { to, base: heaviest(others), before, steps: left };
}

function stepFaults(
  { name }: Flow,
  before: Readonly<Record<string, number>>,
  to: string,
  steps: readonly number[],
  report: (at: readonly string[], found: string, allowed: string, mend: string) => void,
): Problem[] {
  if (Object.entries(before).every(([arm, weight]) => arm === to || weight === 0)) return [];
  for (const step of steps) {
    for (const { fault } of trafficFaults(weightsAt({ before, to }, step), undefined)) {
      report(["flows", name, "arms"], fault.found, fault.allowed, fault.mend);
    }
  }
  return [];
}

const heaviest = (arms: readonly (readonly [string, number])[]): string =>
  [...arms].sort(([a, one], [b, other]) => other - one || (a < b ? -1 : 1))[0]?.[0] ?? "";

const refused = (problems: readonly Problem[]) =>
  new CommandError(formatProblems(problems), EXIT.problems);
