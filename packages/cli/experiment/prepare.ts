import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { dataColumn } from "../../../config/mappings";
import { flowFolders } from "../../../config/flowChecks";
import type { Dataset, Experiment } from "../../../config/experiment";
import type { Dag } from "../../../config/folders";
import { hashFolder } from "../../../config/hash";
import { ProblemsError } from "../../../config/problem";
import type { Problem } from "../../../config/problem";
import { loadExperiment } from "../../../config/readExperiment";
import type { YamlFile } from "../../../config/source";
import { stackNames } from "../../../config/stackFile";
import { checkEnvironment } from "../environments";
import { CommandError, EXIT } from "../exit";
import type { ConnectionValues } from "./connections";
import { splitDataset } from "./dataset";
import type { SplitDataset } from "./dataset";
import { stableJson } from "./files";
import { planRuns } from "./plan";
import type { PlannedRun } from "./plan";
import { PINNED } from "./python";
import { registeredFile, registeredSource } from "./registered";

/** An experiment that prompt flow can run, with the file to blame for its connections. */
export interface Prepared {
  readonly experiment: Experiment;
  readonly file: YamlFile;
  readonly dag?: Dag;
}

/** Read the experiment of one environment. Throws `ProblemsError` with everything that would stop it later. */
export function prepareExperiment(root: string, flow: string, env: string): Prepared {
  const { experiment: written, file, dag, problems } = loadExperiment(root, flow, env);
  if (written === undefined || problems.length > 0) throw new ProblemsError(problems);
  // Without stacks, in a folder of flows alone, any name will do.
  if (stackNames(root).length > 0) checkEnvironment(root, flowFolders(root), env);
  const experiment = withRegistered(root, env, written);
  if (experiment.kind === "container") {
    throw new CommandError(
      `flows/${flow} is a container: prompt flow has nothing to run there. Measure it at its endpoint.`,
      EXIT.refused,
    );
  }
  const unreachable = experiment.datasets.flatMap((dataset, index) =>
    dataset.path === undefined ? [registeredOnly(file, dataset, index)] : [],
  );
  if (unreachable.length > 0) throw new ProblemsError(unreachable);
  if (experiment.datasets.length === 0) {
    throw new ProblemsError([
      file.problem(["datasets"], {
        found: `there is no dataset in ${env}`,
        allowed: "at least one dataset",
        mend: "add one under datasets",
      }),
    ]);
  }
  return { experiment, file, dag };
}

/** A registered dataset is read where a run in the cloud has left it. */
function withRegistered(root: string, env: string, experiment: Experiment): Experiment {
  const placed = <Source extends Dataset>(dataset: Source): Source => {
    const registered = registeredSource(dataset.source);
    if (registered === undefined) return dataset;
    const file = registeredFile(env, registered);
    return existsSync(path.join(root, file)) ? { ...dataset, path: file } : dataset;
  };
  return {
    ...experiment,
    datasets: experiment.datasets.map(placed),
    evaluators: experiment.evaluators.map((evaluator) => ({
      ...evaluator,
      datasets: evaluator.datasets.map(placed),
    })),
  };
}

function registeredOnly(file: YamlFile, { source }: Dataset, index: number): Problem {
  return file.problem(["datasets", index, "source"], {
    found: `${source} is a registered dataset`,
    allowed:
      "files of the repository, and registered datasets that a run in the cloud has brought here",
    mend: "name a file, or run with --cloud",
  });
}

/** Every connection that the flow's nodes name has a value; a flex flow may use any. */
export function connectionProblems(
  { experiment, file, dag }: Prepared,
  { missing }: ConnectionValues,
): Problem[] {
  const used = dag?.connections.map(({ name }) => name);
  return experiment.connections.flatMap(({ name }, index) =>
    (used?.includes(name) ?? true) && missing[name] !== undefined
      ? [missingConnection(file, index, name, missing[name])]
      : [],
  );
}

export function missingConnection(
  file: YamlFile,
  index: number,
  name: string,
  variable: string,
): Problem {
  return file.problem(["connections", index], {
    found: `the connection ${JSON.stringify(name)} has no value: ${variable} is not set`,
    allowed: `${name}={"api_key": …, "api_base": …} or ${variable}, in .env or in the environment`,
    mend: "set it; its key never stands in a file of the repository",
  });
}

/** One run with all that decides its answers. */
export interface KeyedRun extends PlannedRun {
  readonly data: SplitDataset;
  /** Content of everything that decides the answers; a run with the same key is never run again. */
  readonly key: string;
  /** Where its chunks lie, absolute. */
  readonly folder: string;
}

export async function keyRuns({
  root,
  flow,
  prepared: { experiment, dag },
  addresses,
  chunkSize,
}: {
  root: string;
  flow: string;
  prepared: Prepared;
  addresses: ConnectionValues["addresses"];
  chunkSize: number;
}): Promise<{ runs: KeyedRun[]; model: string }> {
  const model = hashFolder(root, experiment.flow).hash;
  const data = new Map<string, SplitDataset>();
  for (const dataset of experiment.datasets) {
    data.set(
      dataset.name,
      await splitDataset({
        root,
        file: dataset.path as string,
        columns: columnsNeeded(experiment, dataset),
        size: chunkSize,
        folder: path.join(root, ".genaiops", "data"),
      }),
    );
  }
  const pinned = createHash("sha256").update(readFileSync(PINNED)).digest("hex");
  const runs = planRuns(experiment, dag).map((run) => {
    const split = data.get(run.dataset.name) as SplitDataset;
    const key = keyOf({
      model,
      data: split.hash,
      mappings: run.dataset.mappings,
      variant: run.variant ?? null,
      parameters: run.parameters,
      connections: addresses,
      pinned,
      chunkSize,
    });
    return { ...run, data: split, key, folder: path.join(root, ".genaiops", "runs", flow, key) };
  });
  return { runs, model };
}

/** Twenty hex digits: short enough for paths, and a collision among a million runs is out of the question. */
export function keyOf(parts: object): string {
  return createHash("sha256").update(stableJson(parts)).digest("hex").slice(0, 20);
}

function columnsNeeded({ evaluators }: Experiment, dataset: Dataset): string[] {
  const readers = [
    dataset.mappings,
    ...evaluators
      .flatMap(({ datasets }) => datasets)
      .filter(({ path: file, reference }) => reference === dataset.name && file === dataset.path)
      .map(({ mappings }) => mappings),
  ];
  const columns = readers.flatMap((mappings) => Object.values(mappings).map(dataColumn));
  return [...new Set(columns.filter((column) => column !== undefined))];
}

/**
 * The flow's folder as it is now, by its content: a run reads the bytes that its key stands for, whatever is
 * edited meanwhile, and prompt flow leaves nothing behind in the repository.
 */
export function copyFlow(root: string, folder: string): string {
  const { hash, files } = hashFolder(root, folder);
  const target = path.join(root, ".genaiops", "flows", hash.slice(0, 20));
  if (existsSync(target)) return target;
  const temporary = `${target}.${process.pid}.tmp`;
  for (const file of Object.keys(files)) {
    const copy = path.join(temporary, file);
    mkdirSync(path.dirname(copy), { recursive: true });
    cpSync(path.join(root, folder, file), copy, { dereference: true });
  }
  try {
    renameSync(temporary, target);
  } catch (error) {
    if (!existsSync(target)) throw error;
    rmSync(temporary, { recursive: true, force: true });
  }
  return target;
}
