import { createHash } from "node:crypto";
import type { Dataset, Experiment, Grid } from "../../../config/experiment";
import type { Dag } from "../../../config/folders";

/** One node takes another variant than its default. */
export interface Variant {
  readonly node: string;
  readonly variant: string;
}

export type Setting = string | number | boolean;
type Settings = Readonly<Record<string, Setting>>;

/** One point of the grid of hyper-parameters. */
export interface Parameters {
  readonly environment: Settings;
  readonly inputs: Settings;
  readonly init: Settings;
  readonly nodes: Readonly<Record<string, Settings>>;
}

/** The flow, once over one dataset, in one combination of variant and hyper-parameters. */
export interface PlannedRun {
  /** `<dataset>.<configuration>`: the name of its files, and unique in the plan. */
  readonly name: string;
  readonly dataset: Dataset;
  /** What distinguishes it from the other runs over the same dataset: `default`, `summarize.variant_0`. */
  readonly configuration: string;
  /** Absent: every node takes its default. */
  readonly variant?: Variant;
  readonly parameters: Parameters;
  /** The others over the same dataset are compared with it: all defaults, first value of each parameter. */
  readonly baseline: boolean;
}

/**
 * Every run of an experiment: each dataset, with each variant of each node that has variants (one node varied
 * at a time, the others at their default), at each point of the grid. No combination comes twice.
 */
export function planRuns(
  experiment: Pick<Experiment, "datasets" | "parameters">,
  dag: Pick<Dag, "variants" | "defaults"> | undefined,
): PlannedRun[] {
  const grid = gridPoints(experiment.parameters);
  return experiment.datasets.flatMap((dataset) =>
    planVariants(dag).flatMap((variant) =>
      grid.map((parameters, point) => {
        const configuration = [variantLabel(variant), ...settingLabels(parameters)].join(" ");
        return {
          name: `${dataset.name}.${fileName(configuration)}`,
          dataset,
          configuration,
          ...(variant === undefined ? {} : { variant }),
          parameters,
          baseline: variant === undefined && point === 0,
        };
      }),
    ),
  );
}

/** First the combination of all defaults, then each variant that is not its node's default. */
export function planVariants(
  dag: Pick<Dag, "variants" | "defaults"> | undefined,
): (Variant | undefined)[] {
  const others = Object.entries(dag?.variants ?? {}).flatMap(([node, names]) =>
    names.filter((name) => name !== dag?.defaults[node]).map((variant) => ({ node, variant })),
  );
  return [undefined, ...others];
}

/** Every combination of the values, the last name turning fastest; one empty point without a grid. */
export function gridPoints(grid: Grid | undefined): Parameters[] {
  const axes = axesOf(grid);
  const points = axes.reduce<Parameters[]>(
    (made, { values, set }) =>
      made.flatMap((point) => unique(values).map((value) => set(point, value))),
    [NO_PARAMETERS],
  );
  return points;
}

const NO_PARAMETERS: Parameters = { environment: {}, inputs: {}, init: {}, nodes: {} };

interface Axis {
  readonly values: readonly Setting[];
  readonly set: (point: Parameters, value: Setting) => Parameters;
}

function axesOf(grid: Grid | undefined): Axis[] {
  const flat = (["environment", "inputs", "init"] as const).flatMap((part) =>
    Object.entries(grid?.[part] ?? {}).map(([name, values]) => ({
      values,
      set: (point: Parameters, value: Setting) => ({
        ...point,
        [part]: { ...point[part], [name]: value },
      }),
    })),
  );
  const nodes = Object.entries(grid?.nodes ?? {}).flatMap(([node, inputs]) =>
    Object.entries(inputs).map(([name, values]) => ({
      values,
      set: (point: Parameters, value: Setting) => ({
        ...point,
        nodes: { ...point.nodes, [node]: { ...point.nodes[node], [name]: value } },
      }),
    })),
  );
  return [...flat, ...nodes];
}

function unique(values: readonly Setting[]): Setting[] {
  return [...new Set(values)];
}

function variantLabel(variant: Variant | undefined): string {
  return variant === undefined ? "default" : `${variant.node}.${variant.variant}`;
}

function settingLabels({ environment, inputs, init, nodes }: Parameters): string[] {
  const named = { ...environment, ...inputs, ...init };
  return [
    ...Object.entries(named).map(([name, value]) => `${name}=${value}`),
    ...Object.entries(nodes).flatMap(([node, settings]) =>
      Object.entries(settings).map(([name, value]) => `${node}.${name}=${value}`),
    ),
  ];
}

/** Safe on every file system; a hash keeps two labels apart that would become one name. */
function fileName(label: string): string {
  const safe = label.replace(/ /g, ",").replace(/[^A-Za-z0-9_.,=-]/g, "_");
  if (safe === label.replace(/ /g, ",") && safe.length <= 120) return safe;
  return `${safe.slice(0, 100)}-${createHash("sha256").update(label).digest("hex").slice(0, 8)}`;
}
