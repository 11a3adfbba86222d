import { existsSync } from "node:fs";
import path from "node:path";
import { dataColumn } from "../../../config/mappings";
import type { Evaluator, EvaluatorDataset } from "../../../config/experiment";
import { readDag } from "../../../config/folders";
import { hashFolder } from "../../../config/hash";
import { ProblemsError } from "../../../config/problem";
import { CommandError } from "../exit";
import { ChunkStore } from "./chunks";
import type { ConnectionValues } from "./connections";
import { splitDataset } from "./dataset";
import type { Chunk } from "./dataset";
import { keyOf, missingConnection } from "./prepare";
import type { Prepared } from "./prepare";
import { readIndex, resultsFolder } from "./results";
import type { RunEntry, RunIndex } from "./results";

/** What there is to evaluate: which evaluator over which run, and whether it can be done. */

/** The flow whose runs are evaluated, and its environment. */
export interface EvaluatedFlow {
  readonly root: string;
  readonly flow: string;
  readonly env: string;
}

/** One evaluator over one run. */
export interface Evaluation {
  readonly run: RunEntry;
  readonly evaluator: Evaluator;
  readonly dataset: EvaluatorDataset;
  readonly key: string;
  readonly folder: string;
  /** Chunks with at least one answer; `lines` counts the answers. */
  readonly chunks: readonly Chunk[];
  readonly total: number;
}

/** The runs of the experiment as it is now; an evaluation of an older flow would mislead. */
export function matchingRuns(
  { root, flow, env }: EvaluatedFlow,
  { experiment }: Prepared,
): RunIndex {
  const index = readIndex(resultsFolder(root, flow, env), "runs");
  const again = `run: genaiops run ${flow} --env ${env}`;
  if (index === undefined)
    throw new CommandError(`There are no runs of ${flow} in ${env}; ${again}`);
  if (index.model !== hashFolder(root, experiment.flow).hash) {
    throw new CommandError(`The flow ${experiment.flow} has changed since it was run; ${again}`);
  }
  return index;
}

/** Evaluators are prompt flows, on files of the repository, and have their connections. */
export function checkEvaluators(
  root: string,
  { experiment, file }: Prepared,
  { missing }: ConnectionValues,
): void {
  const problems = experiment.evaluators.flatMap((evaluator, index) => {
    if (evaluator.kind === "container") {
      return [
        file.problem(["evaluators", index, "flow"], {
          found: `the evaluator ${evaluator.name} is a container`,
          allowed: "a DAG flow or a flex flow",
          mend: "write the evaluator as a prompt flow",
        }),
      ];
    }
    return connectionsOf(root, evaluator).flatMap((name) => {
      const place = experiment.connections.findIndex((connection) => connection.name === name);
      return place >= 0 && missing[name] !== undefined
        ? [missingConnection(file, place, name, missing[name])]
        : [];
    });
  });
  if (problems.length > 0) throw new ProblemsError(problems);
}

function connectionsOf(root: string, { flow, kind }: Evaluator): string[] {
  if (kind !== "dag") return [];
  const file = ["flow.dag.yaml", "flow.dag.yml"].find((name) =>
    existsSync(path.join(root, flow, name)),
  );
  return file === undefined
    ? []
    : [...new Set(readDag(root, `${flow}/${file}`).connections.map(({ name }) => name))];
}

export async function planEvaluations(
  { root, flow, env }: EvaluatedFlow,
  { file }: Prepared,
  evaluator: Evaluator,
  index: RunIndex,
  connections: ConnectionValues,
): Promise<Evaluation[]> {
  const model = hashFolder(root, evaluator.flow).hash;
  const used = connectionsOf(root, evaluator);
  const planned: Evaluation[] = [];
  for (const dataset of evaluator.datasets) {
    for (const run of index.runs.filter(({ dataset: name }) => name === dataset.reference)) {
      if (dataset.path === undefined) {
        throw new CommandError(
          `${file.file}: ${evaluator.name} reads ${dataset.source}, which is not local`,
        );
      }
      const data = await splitDataset({
        root,
        file: dataset.path,
        columns: Object.values(dataset.mappings).flatMap((mapping) => dataColumn(mapping) ?? []),
        size: run.chunkSize,
        folder: path.join(root, ".genaiops", "data"),
      });
      if (
        data.lines !== run.lines ||
        (dataset.source === run.source && data.hash !== run.datasetHash)
      ) {
        throw new CommandError(
          `${dataset.path}: has ${data.lines} lines and other content than the ${run.lines} lines that were run; ` +
            `run: genaiops run ${flow} --env ${env}`,
        );
      }
      const answers = new ChunkStore(runFolder(root, flow, run));
      const key = keyOf({
        model,
        run: run.key,
        data: data.hash,
        mappings: dataset.mappings,
        connections: Object.fromEntries(
          used.map((name) => [name, connections.addresses[name] ?? null]),
        ),
      });
      planned.push({
        run,
        evaluator,
        dataset,
        key,
        folder: path.join(root, ".genaiops", "evaluations", flow, key),
        chunks: data.chunks
          .map((chunk) => {
            const { lines, failed } = answers.summary(chunk);
            return { ...chunk, lines: lines - failed };
          })
          .filter(({ lines }) => lines > 0),
        total: data.lines,
      });
    }
  }
  return planned;
}

export function runFolder(root: string, flow: string, { key }: RunEntry): string {
  return path.join(root, ".genaiops", "runs", flow, key);
}
