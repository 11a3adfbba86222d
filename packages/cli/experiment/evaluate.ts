import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import type { Evaluator } from "../../../config/experiment";
import { ChunkStore } from "./chunks";
import { readConnections } from "./connections";
import type { ConnectionValues } from "./connections";
import { checkEvaluators, matchingRuns, planEvaluations, runFolder } from "./evaluations";
import type { EvaluatedFlow, Evaluation } from "./evaluations";
import { readWritten, writeWhole } from "./files";
import { located } from "./located";
import { holdFolder } from "../lock";
import { runCounted } from "./pool";
import { copyFlow, prepareExperiment } from "./prepare";
import type { Prepared } from "./prepare";
import { resultsFolder, writeCsv, writeIndex } from "./results";
import type { EvaluationEntry } from "./results";
import type { Worker } from "./worker";

interface EvaluateOptions extends EvaluatedFlow {
  readonly parallel: number;
  readonly concurrency: number;
  readonly lineSeconds: number;
  /** How often the dataset is resampled for the intervals of the report. */
  readonly resamples: number;
  readonly signal: AbortSignal;
  readonly say: (text: string) => void;
}

/** Run every evaluator over every run that it is for. Returns what there is then. */
export async function evaluateExperiment(options: EvaluateOptions): Promise<EvaluationEntry[]> {
  const { root, flow, env, say } = options;
  const prepared = prepareExperiment(root, flow, env);
  const index = matchingRuns(options, prepared);
  const connections = readConnections(root, prepared.experiment.connections, process.env);
  checkEvaluators(root, prepared, connections);
  const release = holdFolder(path.join(root, ".genaiops", "evaluations", flow));
  try {
    const entries: EvaluationEntry[] = [];
    for (const evaluator of prepared.experiment.evaluators) {
      const evaluations = await planEvaluations(options, prepared, evaluator, index, connections);
      await runEvaluator(options, prepared, evaluator, evaluations, connections);
      for (const evaluation of evaluations) entries.push(await writeResult(options, evaluation));
    }
    writeIndex(resultsFolder(root, flow, env), { evaluations: entries });
    say(`${entries.length} evaluations of ${index.runs.length} runs`);
    return entries;
  } finally {
    release();
  }
}

async function runEvaluator(
  options: EvaluateOptions,
  prepared: Prepared,
  evaluator: Evaluator,
  evaluations: readonly Evaluation[],
  connections: ConnectionValues,
): Promise<void> {
  const open = evaluations.filter((evaluation) => !existsSync(metricsFile(evaluation, options)));
  if (open.length === 0) return;
  const { root } = options;
  const folder = copyFlow(root, evaluator.flow);
  await runCounted({
    options,
    what: evaluator.name,
    lines: open.reduce(
      (sum, { chunks }) => sum + chunks.reduce((all, { lines }) => all + lines, 0),
      0,
    ),
    requirements: [
      path.join(root, prepared.experiment.flow, "requirements.txt"),
      path.join(folder, "requirements.txt"),
    ],
    connections,
    tasks: open,
    work: async (worker, evaluation) => {
      try {
        await evaluateRun(worker, folder, evaluation, options);
      } catch (error) {
        throw located(error, prepared, `${evaluator.name} of ${evaluation.run.name}`);
      }
    },
  });
}

async function evaluateRun(
  worker: Worker,
  flow: string,
  evaluation: Evaluation,
  options: EvaluateOptions,
): Promise<void> {
  const { run, dataset, evaluator, chunks } = evaluation;
  const store = new ChunkStore(evaluation.folder);
  const answers = new ChunkStore(runFolder(options.root, options.flow, run));
  const name = `${run.name}.${evaluator.name}`;
  for (const chunk of chunks.filter((each) => store.state(each) !== "done")) {
    await worker.run({
      flow,
      inputs: {
        data: chunk.file,
        "run.outputs": path.join(answers.path(chunk), "output.jsonl"),
      },
      mapping: dataset.mappings,
      out: store.begin(chunk),
      run: `${name}.${chunk.name}`,
    });
    await store.finish(chunk);
  }
  const out = path.join(evaluation.folder, "metrics.partial");
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  await worker.aggregate({
    flow,
    chunks: chunks.map((chunk) => ({ folder: store.path(chunk), from: chunk.from })),
    lines: evaluation.total,
    resamples: options.resamples,
    seed: run.datasetHash,
    out,
    run: name,
  });
  renameSync(path.join(out, "metrics.json"), metricsFile(evaluation, options));
  rmSync(out, { recursive: true });
}

function metricsFile({ folder }: Evaluation, { resamples }: EvaluateOptions): string {
  return path.join(folder, `metrics-${resamples}.json`);
}

async function writeResult(
  options: EvaluateOptions,
  evaluation: Evaluation,
): Promise<EvaluationEntry> {
  const { run, evaluator, key, chunks } = evaluation;
  const folder = resultsFolder(options.root, options.flow, options.env);
  const file = metricsFile(evaluation, options);
  const { metrics, resamples } = readWritten<{
    metrics: Record<string, number>;
    resamples: Record<string, number>[];
  }>(file, "remove it and start genaiops evaluate again");
  const base = `evaluations/${run.name}/${evaluator.name}`;
  const counts = await writeCsv(
    path.join(folder, `${base}.csv`),
    new ChunkStore(evaluation.folder),
    chunks,
  );
  const columns = Object.fromEntries(
    Object.keys(metrics).map((name) => [name, resamples.map((values) => values[name] ?? null)]),
  );
  writeWhole(path.join(folder, `${base}.json`), `${JSON.stringify(columns)}\n`);
  return {
    run: run.name,
    runKey: run.key,
    key,
    evaluator: evaluator.name,
    ...counts,
    metrics,
    csv: `${base}.csv`,
    resamples: `${base}.json`,
  };
}
