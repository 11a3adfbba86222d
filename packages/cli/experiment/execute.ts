import path from "node:path";
import { ProblemsError } from "../../../config/problem";
import { orListing } from "../../../config/suggest";
import { CommandError, EXIT } from "../exit";
import { ChunkStore } from "./chunks";
import { readConnections } from "./connections";
import type { ConnectionValues } from "./connections";
import { Counter } from "./counter";
import type { Chunk } from "./dataset";
import { writeWhole } from "./files";
import { holdFolder } from "./lock";
import { runTasks } from "./pool";
import {
  connectionProblems,
  copyFlow,
  keyRuns,
  missingConnection,
  prepareExperiment,
} from "./prepare";
import type { KeyedRun, Prepared } from "./prepare";
import { managedPython } from "./python";
import { resultsFolder, writeCsv, writeIndex } from "./results";
import type { RunEntry } from "./results";
import { WorkerError } from "./worker";

export interface RunOptions {
  readonly root: string;
  readonly flow: string;
  readonly env: string;
  /** Lines in one run of prompt flow. */
  readonly chunkSize: number;
  /** Runs of prompt flow at a time. */
  readonly parallel: number;
  /** Lines at a time in each of them. */
  readonly concurrency: number;
  readonly lineSeconds: number;
  readonly retryFailed: boolean;
  /** Configurations to run alone, as the plan names them: `default`, `<node>.<variant>`; absent: all. */
  readonly only?: readonly string[];
  readonly signal: AbortSignal;
  readonly say: (text: string) => void;
}

interface Task {
  readonly run: KeyedRun;
  readonly chunk: Chunk;
}

/** Run every run of an experiment that is not there yet. Returns what there is then. */
export async function runExperiment(options: RunOptions): Promise<RunEntry[]> {
  const { root, flow, env, say } = options;
  const prepared = prepareExperiment(root, flow, env);
  const connections = readConnections(root, prepared.experiment.connections, process.env);
  const problems = connectionProblems(prepared, connections);
  if (problems.length > 0) throw new ProblemsError(problems);
  const { runs, model } = await keyRuns({ ...options, prepared, connections });

  const release = holdFolder(path.join(root, ".genaiops", "runs", flow));
  try {
    const chosen = chosenRuns(runs, options.only);
    const tasks = openTasks(chosen, options.retryFailed);
    say(countsText(chosen, tasks));
    if (tasks.length > 0) await runChunks(options, prepared, connections, tasks);
    const there = runs.filter(
      (run) => chosen.includes(run) || openTasks([run], false).length === 0,
    );
    return await writeResults(options, prepared, model, there);
  } finally {
    release();
  }
}

function chosenRuns(runs: readonly KeyedRun[], only: readonly string[] | undefined): KeyedRun[] {
  const known = [...new Set(runs.map(({ configuration }) => configuration))];
  const unknown = only?.find((configuration) => !known.includes(configuration));
  if (unknown !== undefined) {
    throw new CommandError(
      `there is nothing called ${JSON.stringify(unknown)} to run; ${orListing(unknown, known, "")}`,
    );
  }
  return runs.filter(({ configuration }) => only?.includes(configuration) ?? true);
}

/** The chunks that have no result yet, run by run. */
function openTasks(runs: readonly KeyedRun[], retryFailed: boolean): Task[] {
  return runs.flatMap((run) => {
    const store = new ChunkStore(run.folder);
    return run.data.chunks.flatMap((chunk) => {
      const done = store.state(chunk) === "done";
      if (done && retryFailed && store.summary(chunk).failed > 0) {
        store.forget(chunk);
        return [{ run, chunk }];
      }
      return done ? [] : [{ run, chunk }];
    });
  });
}

function countsText(runs: readonly KeyedRun[], tasks: readonly Task[]): string {
  const chunks = runs.reduce((sum, { data }) => sum + data.chunks.length, 0);
  const broken = tasks.filter(
    ({ run, chunk }) => new ChunkStore(run.folder).state(chunk) === "broken off",
  );
  const lines = broken.reduce((sum, { chunk }) => sum + chunk.lines, 0);
  return [
    `${runs.length} runs in ${chunks} chunks`,
    `${chunks - tasks.length} chunks done before`,
    `${tasks.length} to run`,
    broken.length === 0
      ? "none was broken off"
      : `${broken.length} of them broken off before: at most ${lines} lines are paid for twice`,
  ].join("; ");
}

async function runChunks(
  options: RunOptions,
  prepared: Prepared,
  connections: ConnectionValues,
  tasks: readonly Task[],
): Promise<void> {
  const { root, say, signal } = options;
  const folder = copyFlow(root, prepared.experiment.flow);
  const python = await managedPython({
    root,
    requirements: [path.join(folder, "requirements.txt")],
    say,
  });
  const total = tasks.reduce((sum, { chunk }) => sum + chunk.lines, 0);
  const counter = new Counter(options.flow, total);
  try {
    await runTasks({
      tasks,
      parallel: options.parallel,
      signal,
      settings: {
        python,
        root,
        connections: connections.values,
        secrets: connections.secrets,
        concurrency: options.concurrency,
        lineSeconds: options.lineSeconds,
        onLine: (failed) => counter.line(failed),
        onWait: (text) => counter.wait(text),
      },
      work: async (worker, { run, chunk }) => {
        const store = new ChunkStore(run.folder);
        describeRun(run);
        try {
          await worker.run({
            flow: folder,
            variant: run.variant,
            parameters: run.parameters,
            inputs: { data: chunk.file },
            mapping: run.dataset.mappings,
            out: store.begin(chunk),
            run: `${run.name}.${chunk.name}`,
          });
          await store.finish(chunk);
        } catch (error) {
          throw located(
            error,
            prepared,
            `${run.name}, lines ${chunk.from + 1} to ${chunk.from + chunk.lines}`,
          );
        }
      },
    });
  } finally {
    counter.end();
  }
}

/** For whoever looks into `.genaiops/runs/`: the folder's name is a hash. */
function describeRun({ folder, name, configuration, dataset, data }: KeyedRun): void {
  const text = { name, dataset: dataset.name, configuration, datasetHash: data.hash };
  writeWhole(path.join(folder, "run.json"), `${JSON.stringify(text, undefined, 2)}\n`);
}

/** What stopped prompt flow, said at the place where it can be mended. */
export function located(error: unknown, { experiment, file }: Prepared, where: string): unknown {
  if (!(error instanceof WorkerError)) return error;
  const index = experiment.connections.findIndex(({ name }) => name === error.message);
  if (error.kind === "missing-connection" && index >= 0) {
    const variable = `${error.message.toUpperCase().replace(/[^A-Z0-9]/g, "_")}_API_KEY`;
    return new ProblemsError([missingConnection(file, index, error.message, variable)]);
  }
  if (error.kind === "missing-connection" || error.kind === "connection") {
    const found =
      error.kind === "connection"
        ? `the model refused: ${error.message}`
        : `the flow uses the connection ${JSON.stringify(error.message)}`;
    return new ProblemsError([
      file.problem(["connections"], {
        found,
        allowed: "connections whose address, key and model deployment work",
        mend: `correct the value in .env or in the environment, then start again (stopped in ${where})`,
      }),
    ]);
  }
  return new CommandError(`${experiment.flow}: ${where}: ${error.message}`, EXIT.failed);
}

async function writeResults(
  { root, flow, env, chunkSize }: RunOptions,
  { experiment, dag }: Prepared,
  model: string,
  runs: readonly KeyedRun[],
): Promise<RunEntry[]> {
  const folder = resultsFolder(root, flow, env);
  const entries: RunEntry[] = [];
  for (const {
    name,
    key,
    dataset,
    data,
    configuration,
    variant,
    parameters,
    baseline,
    ...run
  } of runs) {
    const csv = `runs/${name}.csv`;
    const counts = await writeCsv(path.join(folder, csv), new ChunkStore(run.folder), data.chunks);
    entries.push({
      name,
      key,
      dataset: dataset.name,
      source: dataset.source,
      ...(dataset.description === undefined ? {} : { description: dataset.description }),
      datasetHash: data.hash,
      configuration,
      ...(variant === undefined ? {} : { variant }),
      parameters,
      baseline,
      chunkSize,
      ...counts,
      csv,
    });
  }
  writeIndex(folder, {
    experiment: experiment.name,
    flow,
    environment: env,
    model,
    defaults: dag?.defaults ?? {},
    runs: entries,
  });
  return entries;
}
