import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { parseCsv } from "../experiment/csv";
import { readWritten } from "../experiment/files";
import { readIndex } from "../experiment/results";
import type { EvaluationEntry, RunEntry, RunIndex } from "../experiment/results";
import { CommandError } from "../exit";

/** One line of a dataset as one run answered it. */
export interface Line {
  /** From 1. */
  readonly line: number;
  readonly failed: boolean;
  readonly inputs: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, string>>;
  readonly error: string;
  readonly seconds: number;
  readonly promptTokens: number;
  readonly completionTokens: number;
}

/** What an evaluator found in one run. */
export interface Judgement {
  readonly entry: EvaluationEntry;
  readonly lines: readonly Line[];
  /** Each metric over the same resamples of the dataset; empty where the evaluator gave none. */
  readonly resamples: Readonly<Record<string, readonly (number | null)[]>>;
}

export interface RunResult {
  readonly entry: RunEntry;
  readonly lines: readonly Line[];
  readonly judgements: readonly Judgement[];
}

export interface Results {
  readonly index: RunIndex;
  readonly runs: readonly RunResult[];
}

/** Read what `run` and `evaluate` left. Evaluations of runs that were made anew since are left out. */
export function loadResults(folder: string, flow: string, env: string): Results {
  const index = readIndex(folder, "runs");
  if (index === undefined) {
    throw new CommandError(
      `There are no runs of ${flow} in ${env}; run: genaiops run ${flow} --env ${env}`,
    );
  }
  const evaluations = readIndex(folder, "evaluations")?.evaluations ?? [];
  return {
    index,
    runs: index.runs.map((entry) => ({
      entry,
      lines: readLines(path.join(folder, entry.csv)),
      judgements: evaluations
        .filter(({ run, runKey }) => run === entry.name && runKey === entry.key)
        .map((evaluation) => ({
          entry: evaluation,
          lines: readLines(path.join(folder, evaluation.csv)),
          resamples: readWritten<Judgement["resamples"]>(
            path.join(folder, evaluation.resamples),
            "start genaiops evaluate again",
          ),
        })),
    })),
  };
}

function readLines(file: string): Line[] {
  if (!existsSync(file)) {
    throw new CommandError(`${file} is missing; run and evaluate again`);
  }
  const [header = [], ...rows] = parseCsv(readFileSync(file, "utf8"));
  const columnsOf = (prefix: string) =>
    header.flatMap((name, index) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), index] as const] : [],
    );
  const inputs = columnsOf("inputs.");
  const outputs = columnsOf("outputs.");
  const at = (name: string) => header.indexOf(name);
  const [line, status, error] = [at("line"), at("status"), at("error")];
  const [seconds, prompt, completion] = [
    at("seconds"),
    at("prompt_tokens"),
    at("completion_tokens"),
  ];
  return rows.map((row) => {
    const pick = (columns: readonly (readonly [string, number])[]) =>
      Object.fromEntries(columns.map(([name, index]) => [name, row[index] ?? ""]));
    return {
      line: Number(row[line]),
      failed: row[status] === "failed",
      inputs: pick(inputs),
      outputs: pick(outputs),
      error: row[error] ?? "",
      seconds: Number(row[seconds]),
      promptTokens: Number(row[prompt]),
      completionTokens: Number(row[completion]),
    };
  });
}
