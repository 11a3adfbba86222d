import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import path from "node:path";
import type { ChunkStore, ChunkSummary, LineRecord } from "./chunks";
import { csvRow } from "./csv";
import type { Chunk } from "./dataset";
import { readWritten, writeWhole } from "./files";
import type { Parameters, Variant } from "./plan";

/**
 * What `run` and `evaluate` leave for people and for `report`, whether they ran here or in the cloud:
 *
 *     .genaiops/results/<flow>/<env>/
 *       runs.json                          RunIndex
 *       runs/<run>.csv                     line, status, inputs.*, outputs.*, error, seconds, tokens
 *       evaluations.json                   EvaluationIndex
 *       evaluations/<run>/<evaluator>.csv  the same columns, of the evaluator's lines
 *       evaluations/<run>/<evaluator>.json the evaluator's metrics over resamples of the dataset
 *
 * Lines are counted from 1, as an editor shows the dataset. Everything here is made anew from finished chunks.
 */
export function resultsFolder(root: string, flow: string, env: string): string {
  return path.join(root, ".genaiops", "results", flow, env);
}

export interface RunIndex {
  readonly experiment: string;
  readonly flow: string;
  readonly environment: string;
  /** SHA-256 of the flow's model, hex. */
  readonly model: string;
  readonly defaults: Readonly<Record<string, string>>;
  readonly runs: readonly RunEntry[];
}

export interface RunEntry {
  readonly name: string;
  readonly key: string;
  readonly dataset: string;
  readonly source: string;
  readonly description?: string;
  /** SHA-256 of the dataset, hex. */
  readonly datasetHash: string;
  readonly configuration: string;
  readonly variant?: Variant;
  readonly parameters: Parameters;
  readonly baseline: boolean;
  readonly chunkSize: number;
  readonly lines: number;
  readonly failed: number;
  /** Relative to the results' folder. */
  readonly csv: string;
}

export interface EvaluationIndex {
  readonly evaluations: readonly EvaluationEntry[];
}

export interface EvaluationEntry {
  /** Name and key of the run that was evaluated. */
  readonly run: string;
  readonly runKey: string;
  readonly key: string;
  readonly evaluator: string;
  readonly lines: number;
  readonly failed: number;
  /** What the evaluator's aggregation logged. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly csv: string;
  /** `{metric: values}`: the metrics over resamples of the dataset, the same resamples for every run. */
  readonly resamples: string;
}

interface Indexes {
  readonly runs: RunIndex;
  readonly evaluations: EvaluationIndex;
}

/** What `run` or `evaluate` left, or undefined. Throws `CommandError` where somebody broke it since. */
export function readIndex<Name extends keyof Indexes>(
  folder: string,
  name: Name,
): Indexes[Name] | undefined {
  const file = path.join(folder, `${name}.json`);
  if (!existsSync(file)) return undefined;
  const verb = name === "runs" ? "run" : "evaluate";
  return readWritten<Indexes[Name]>(
    file,
    `remove it and start genaiops ${verb} again: nothing that is done is paid for again`,
    (index) => Array.isArray(Reflect.get(index, name)),
  );
}

export function writeIndex(folder: string, index: RunIndex | EvaluationIndex): void {
  const name = "runs" in index ? "runs" : "evaluations";
  writeWhole(path.join(folder, `${name}.json`), `${JSON.stringify(index, undefined, 2)}\n`);
  const files =
    "runs" in index
      ? index.runs.map(({ csv }) => csv)
      : index.evaluations.flatMap(({ csv, resamples }) => [csv, resamples]);
  removeOthers(path.join(folder, name), new Set(files.map((file) => path.join(folder, file))));
}

/** Files of runs that the experiment no longer has would be taken for results. */
function removeOthers(folder: string, kept: ReadonlySet<string>): void {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) removeOthers(file, kept);
    else if (!kept.has(file)) rmSync(file);
  }
}

/** Write the lines of finished chunks as one CSV file, chunk by chunk. */
export async function writeCsv(
  file: string,
  store: Pick<ChunkStore, "lines" | "summary">,
  chunks: readonly Chunk[],
): Promise<Pick<ChunkSummary, "lines" | "failed">> {
  const summaries = chunks.map((chunk) => store.summary(chunk));
  const inputs = [...new Set(summaries.flatMap((summary) => summary.inputs))];
  const outputs = [...new Set(summaries.flatMap((summary) => summary.outputs))];
  mkdirSync(path.dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}.tmp`;
  const handle = openSync(temporary, "w");
  try {
    writeSync(handle, csvRow(header(inputs, outputs)));
    for (const chunk of chunks) {
      for await (const record of store.lines(chunk)) {
        writeSync(handle, csvRow(cells(record, inputs, outputs)));
      }
    }
  } finally {
    closeSync(handle);
  }
  renameSync(temporary, file);
  return {
    lines: summaries.reduce((sum, { lines }) => sum + lines, 0),
    failed: summaries.reduce((sum, { failed }) => sum + failed, 0),
  };
}

function header(inputs: readonly string[], outputs: readonly string[]): string[] {
  return [
    "line",
    "status",
    ...inputs.map((name) => `inputs.${name}`),
    ...outputs.map((name) => `outputs.${name}`),
    "error",
    "seconds",
    "prompt_tokens",
    "completion_tokens",
  ];
}

function cells(
  record: LineRecord,
  inputs: readonly string[],
  outputs: readonly string[],
): unknown[] {
  return [
    record.line + 1,
    record.status,
    ...inputs.map((name) => record.inputs[name]),
    ...outputs.map((name) => record.outputs[name]),
    record.error,
    record.seconds,
    record.promptTokens,
    record.completionTokens,
  ];
}
