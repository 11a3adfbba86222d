import path from "node:path";
import { writeWhole } from "../experiment/files";
import { resultsFolder } from "../experiment/results";
import { compare } from "./compare";
import { judge } from "./gate";
import type { Gate, GateResult } from "./gate";
import { loadResults } from "./load";
import { page } from "./page";
import { linesCsv, metricsCsv } from "./tables";

export interface ReportOptions {
  readonly root: string;
  readonly flow: string;
  readonly env: string;
  /** Folder for report.html, metrics.csv and lines.csv. */
  readonly out: string;
  readonly gates: readonly Gate[];
}

/** Write the report of what was run and evaluated. Returns how the gates were passed. */
export function makeReport({ root, flow, env, out, gates }: ReportOptions): GateResult[] {
  const results = loadResults(resultsFolder(root, flow, env), flow, env);
  const datasets = compare(results);
  const judged = judge(gates, datasets);
  writeWhole(
    path.join(out, "report.html"),
    page({ index: results.index, datasets, gates: judged }),
  );
  writeWhole(path.join(out, "metrics.csv"), metricsCsv(datasets));
  writeWhole(path.join(out, "lines.csv"), linesCsv(datasets));
  return judged;
}
