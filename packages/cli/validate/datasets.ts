import path from "node:path";
import { dataColumn } from "../../../config/mappings";
import type { Dataset, Experiment } from "../../../config/experiment";
import { columnsOf } from "../../../config/folders";
import type { Problem } from "../../../config/problem";
import { linesOf, readLine } from "../experiment/dataset";

/** After so many problems the rest of a file tells nothing new. */
const enough = 20;

/** Every line of every local dataset, each file read once: JSON objects in UTF-8 with the columns that are mapped. */
export async function datasetProblems(
  root: string,
  experiments: readonly Experiment[],
): Promise<Problem[]> {
  const columns = new Map<string, Set<string>>();
  for (const dataset of experiments.flatMap(datasetsOf)) {
    if (dataset.path === undefined) continue;
    const needed = columns.get(dataset.path) ?? new Set<string>();
    Object.values(dataset.mappings).forEach((mapping) => {
      const column = dataColumn(mapping);
      if (column !== undefined) needed.add(column);
    });
    columns.set(dataset.path, needed);
  }
  const problems: Problem[] = [];
  for (const [file, needed] of columns) {
    problems.push(...(await lineProblems(root, file, [...needed])));
  }
  return problems;
}

function datasetsOf({ datasets, evaluators }: Experiment): Dataset[] {
  return [...datasets, ...evaluators.flatMap((evaluator) => evaluator.datasets)];
}

async function lineProblems(
  root: string,
  file: string,
  columns: readonly string[],
): Promise<Problem[]> {
  // A file that does not begin as JSON Lines is said where it is named.
  if ("found" in columnsOf(root, file)) return [];
  const problems: Problem[] = [];
  let number = 0;
  for await (const bytes of linesOf(path.join(root, file))) {
    number += 1;
    // Columns that the first line lacks are said where they are mapped.
    const fault = readLine(bytes, number === 1 ? [] : columns);
    if (typeof fault !== "string") {
      problems.push({ file, line: number, column: 1, path: "", ...fault });
    }
    if (problems.length >= enough) break;
  }
  return problems;
}
