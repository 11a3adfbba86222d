import { flowFolders } from "../../../config/flowChecks";
import { ProblemsError } from "../../../config/problem";
import type { Problem } from "../../../config/problem";
import { readEnvironment } from "../../../config/read";
import { loadExperiment } from "../../../config/readExperiment";
import type { ExperimentReading } from "../../../config/readExperiment";
import { servingProblems } from "../../../config/servingChecks";
import { stackNames } from "../../../config/stackFile";
import { orListing } from "../../../config/suggest";
import { checkEnvironment, environmentsOf, overlaysOf } from "../environments";
import { CommandError } from "../exit";
import { count } from "./count";
import { datasetProblems } from "./datasets";
import { describeFlow, flowAsJson } from "./describe";

export interface CheckOptions {
  readonly root: string;
  /** By default every flow and every stack. */
  readonly flow?: string;
  /** By default every environment that has an overlay or a stack. */
  readonly env?: string;
  readonly format: "text" | "json";
}

/**
 * Check flows and stacks; answers what to print. Throws `ProblemsError` with all problems of all files.
 */
export async function check(options: CheckOptions): Promise<string> {
  const { root, flow, env, format } = options;
  if (format === "json" && (flow === undefined || env === undefined)) {
    throw new CommandError("--format json prints one experiment: name the flow and --env");
  }
  if (flow === undefined && flowFolders(root).length === 0 && stackNames(root).length === 0) {
    throw new CommandError(
      `${root} has neither flows/ nor Pulumi.<env>.yaml; start in the repository, or name it with --cwd`,
    );
  }
  const flows = flow === undefined ? flowFolders(root) : [knownFlow(root, flow)];
  const stacks = knownStacks(root, flows, env);
  const problems: Problem[] = [];
  const readings = new Map<string, ExperimentReading>();
  for (const each of flows) {
    const { reading, problems: found } = await checkFlow(root, each, env);
    readings.set(each, reading);
    problems.push(...found);
  }
  for (const stack of stacks) {
    const found = stackProblems(root, stack);
    problems.push(...(flow === undefined ? found : found.filter((each) => isAbout(each, flow))));
  }
  if (problems.length > 0) {
    throw new ProblemsError(problems);
  }
  const reading = flow === undefined ? undefined : readings.get(flow);
  if (flow === undefined || reading?.experiment === undefined) {
    return `${count(flows.length, "flow")} and ${count(stacks.length, "stack")}: no problem`;
  }
  return format === "json"
    ? flowAsJson(flow, env as string, reading)
    : describeFlow(flow, reading, env === undefined ? environmentsOf(root, [flow]) : [env]);
}

/** One flow with each overlay, each dataset read once. */
async function checkFlow(root: string, flow: string, env: string | undefined) {
  const environments = env === undefined ? ["", ...overlaysOf(root, flow)] : [env];
  const readings = environments.map((each) => loadExperiment(root, flow, each));
  const reading = readings[0] as ExperimentReading;
  const problems = [
    ...readings.flatMap((each) => each.problems),
    ...servingProblems(root, flow, reading),
    ...(await datasetProblems(
      root,
      readings.flatMap(({ experiment }) => experiment ?? []),
    )),
  ];
  return { reading, problems };
}

function knownFlow(root: string, flow: string): string {
  const known = flowFolders(root);
  if (!known.includes(flow)) {
    const mend = orListing(flow, known, "add one with `genaiops new`");
    throw new CommandError(`there is no folder flows/${flow}; ${mend}`);
  }
  return flow;
}

/** The stacks to check. */
function knownStacks(root: string, flows: readonly string[], env: string | undefined): string[] {
  const stacks = stackNames(root);
  if (env === undefined) {
    return stacks;
  }
  checkEnvironment(root, flows, env);
  return stacks.filter((stack) => stack === env);
}

function stackProblems(root: string, stack: string): readonly Problem[] {
  try {
    readEnvironment({ root, stack });
    return [];
  } catch (error) {
    if (error instanceof ProblemsError) {
      return error.problems;
    }
    throw error;
  }
}

/** In the flow's folder, or among its arms in a stack's file. */
function isAbout({ file, path: place }: Problem, flow: string): boolean {
  return (
    file.startsWith(`flows/${flow}/`) ||
    /^config\.(?:[^.]*:)?flows\.([^.[]+)/.exec(place)?.[1] === flow
  );
}
