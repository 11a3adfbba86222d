import path from "node:path";
import { orListing } from "../../../config/suggest";
import { CommandError } from "../exit";
import { ChunkStore } from "./chunks";
import { writeWhole } from "./files";
import { localPlace } from "./local";
import { holdFolder } from "../lock";
import type { OpenPlace, RunOptions, Task } from "./place";
import { keyRuns, prepareExperiment } from "./prepare";
import type { KeyedRun, Prepared } from "./prepare";
import { resultsFolder, writeCsv, writeIndex } from "./results";
import type { RunEntry } from "./results";

/** Run every run of an experiment that is not there yet. Returns what there is then. */
export async function runExperiment(
  options: RunOptions,
  openPlace: OpenPlace = localPlace,
): Promise<RunEntry[]> {
  const { root, flow, env, say } = options;
  const prepared = prepareExperiment(root, flow, env);
  const place = await openPlace(options, prepared);
  const { addresses } = place;
  const { runs, model } = await keyRuns({ ...options, prepared, addresses });

  const release = holdFolder(path.join(root, ".genaiops", "runs", flow));
  try {
    const chosen = chosenRuns(runs, options.only);
    const tasks = openTasks(chosen, options.retryFailed);
    say(countsText(chosen, tasks));
    new Set(tasks.map(({ run }) => run)).forEach(describeRun);
    if (tasks.length > 0) await place.runChunks(tasks);
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

/** For whoever looks into `.genaiops/runs/`: the folder's name is a hash. */
function describeRun({ folder, name, configuration, dataset, data }: KeyedRun): void {
  const text = { name, dataset: dataset.name, configuration, datasetHash: data.hash };
  writeWhole(path.join(folder, "run.json"), `${JSON.stringify(text, undefined, 2)}\n`);
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
