import type { Arm, Flow } from "../../../config/environment";
import type { Experiment } from "../../../config/experiment";
import type { Dag } from "../../../config/folders";
import { ProblemsError } from "../../../config/problem";
import { readEnvironment } from "../../../config/read";
import { loadExperiment } from "../../../config/readExperiment";
import type { YamlFile } from "../../../config/source";
import { orListing } from "../../../config/suggest";
import { sharesOfExisting } from "../../../config/weights";
import { CommandError } from "../exit";
import { flowOf } from "../flowOf";

/** One arm as it is served here. */
export interface ServedArm {
  readonly name: string;
  /** Percent of the requests that name no arm. */
  readonly weight: number;
  readonly variant?: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Which arms are served, and what is not as the environment declares it. */
export interface ArmChoice {
  readonly arms: readonly ServedArm[];
  readonly mirror?: { readonly arm: string; readonly percent: number };
  /** Sentences for the reader. */
  readonly notes: readonly string[];
}

export interface ServePlan extends ArmChoice {
  readonly flow: string;
  readonly experiment: Experiment;
  /** The file that holds the connections. */
  readonly file: YamlFile;
  readonly dag?: Dag;
}

export interface ServeTarget {
  readonly root: string;
  readonly flow: string;
  /** @default the flow alone, with its own defaults */
  readonly env?: string;
  /** @default every arm that serves this checkout */
  readonly arm?: string;
}

/** Name of the one arm of a flow that is served without an environment. */
const OWN_DEFAULTS = "checkout";

/** Read what is to be served. Throws `ProblemsError` or `CommandError` with everything that is wrong. */
export function planServing({ root, flow, env, arm }: ServeTarget): ServePlan {
  if (arm !== undefined && env === undefined) {
    throw new CommandError(`--arm ${arm} needs --env: arms are declared in Pulumi.<env>.yaml`);
  }
  const choice =
    env === undefined
      ? ownDefaults()
      : chooseArms(flowOf(readEnvironment({ root, stack: env }), flow), env, arm);
  const { experiment, file, dag, problems } = loadExperiment(root, flow, env ?? "local");
  if (experiment === undefined || problems.length > 0) throw new ProblemsError(problems);
  return { ...choice, flow, experiment, file, dag };
}

function ownDefaults(): ArmChoice {
  return { arms: [{ name: OWN_DEFAULTS, weight: 100, environment: {} }], notes: [] };
}

/** The arms of an environment that this checkout can serve; the share of the others goes to those with weight. */
export function chooseArms(flow: Flow, env: string, wanted?: string): ArmChoice {
  if (wanted !== undefined) return { arms: [onlyArm(flow, env, wanted)], notes: [] };
  const servable = flow.arms.filter(({ version }) => version === "current");
  if (servable.length === 0) {
    throw new CommandError(
      `no arm of ${flow.name} in ${env} serves this checkout: ${flow.arms.map(described).join(", ")}; ` +
        `leave --env out to serve the flow with its own defaults, or let an arm serve version: current`,
    );
  }
  const weights = Object.fromEntries(flow.arms.map(({ name, weight }) => [name, weight]));
  const shares = sharesOfExisting(weights, (name) => servable.some((arm) => arm.name === name));
  const arms = servable.map((arm) => served(arm, shares[arm.name] ?? 0));
  const left = flow.arms.filter((arm) => !servable.includes(arm));
  const mirrored = servable.some(({ name }) => name === flow.mirror?.arm);
  return {
    arms,
    ...(mirrored && { mirror: flow.mirror }),
    notes: [
      ...left.map((arm) => `not served: ${described(arm)}; only version: current is here`),
      ...(left.some(({ weight }) => weight > 0) ? [redistribution(arms)] : []),
      ...(flow.mirror !== undefined && !mirrored
        ? [`not mirrored: the arm ${flow.mirror.arm} is not served`]
        : []),
    ],
  };
}

function redistribution(arms: readonly ServedArm[]): string {
  return arms.some(({ weight }) => weight > 0)
    ? "their share of the requests goes to the other arms with weight"
    : "no arm with weight is left: a request must name its arm";
}

function onlyArm(flow: Flow, env: string, wanted: string): ServedArm {
  const arm = flow.arms.find(({ name }) => name === wanted);
  const names = flow.arms.map(({ name }) => name);
  if (arm === undefined) {
    throw new CommandError(
      `${flow.name} has no arm ${JSON.stringify(wanted)} in ${env}; ${orListing(wanted, names, "declare it")}`,
    );
  }
  if (arm.version !== "current") {
    throw new CommandError(
      `${described(arm)}, which is in the registry and not in this checkout; serve an arm with version: current`,
    );
  }
  return served(arm, 100);
}

const described = ({ name, version }: Arm) => `${name} serves version ${version}`;

function served({ name, variant, environment }: Arm, weight: number): ServedArm {
  return { name, weight, ...(variant !== undefined && { variant }), environment };
}
