import { csvRow } from "../experiment/csv";
import type { DatasetReport } from "./compare";

/** Every metric of every configuration, with intervals: a row each. */
export function metricsCsv(datasets: readonly DatasetReport[]): string {
  const header = ["dataset", "configuration", "evaluator", "metric", "value", "low", "high"];
  const rows = datasets.flatMap(({ name, lines, configurations }) =>
    configurations.flatMap(({ run, measures, latency, tokens }) => {
      const cost = [
        { evaluator: "", metric: "seconds_p50", value: latency.p50 },
        { evaluator: "", metric: "seconds_p95", value: latency.p95 },
        { evaluator: "", metric: "seconds_mean_difference", difference: latency.difference },
        { evaluator: "", metric: "prompt_tokens", value: tokens.prompt },
        { evaluator: "", metric: "completion_tokens", value: tokens.completion },
        {
          evaluator: "",
          metric: "total_tokens",
          value: tokens.total,
          difference: tokens.difference,
        },
      ];
      return [...measures, ...cost].map((measure) => {
        const { evaluator, metric, difference } = measure;
        const interval = "interval" in measure ? measure.interval : undefined;
        return [
          ...[name, run.entry.configuration, evaluator, metric, measure.value],
          ...[interval?.low, interval?.high],
          ...[difference?.value, difference?.interval?.low, difference?.interval?.high],
          ...[lines, run.entry.failed],
        ];
      });
    }),
  );
  return [
    [...header, "difference", "difference_low", "difference_high", "lines", "failed"],
    ...rows,
  ]
    .map(csvRow)
    .join("");
}

/** Every line of every run, with what the evaluators said of it. */
export function* linesCsv(datasets: readonly DatasetReport[]): Generator<string> {
  yield csvRow([
    ...["dataset", "configuration", "line", "status", "inputs", "outputs", "evaluations"],
    ...["error", "seconds", "prompt_tokens", "completion_tokens"],
  ]);
  for (const { name, configurations } of datasets) {
    for (const { run } of configurations) {
      const judgements = run.judgements.map(
        ({ entry, lines }) =>
          [entry.evaluator, new Map(lines.map((line) => [line.line, line]))] as const,
      );
      for (const line of run.lines) {
        const evaluations = Object.fromEntries(
          judgements.flatMap(([evaluator, byLine]) => {
            const judged = byLine.get(line.line);
            return judged === undefined
              ? []
              : [[evaluator, judged.failed ? judged.error : judged.outputs]];
          }),
        );
        yield csvRow([
          ...[name, run.entry.configuration, line.line, line.failed ? "failed" : "completed"],
          ...[line.inputs, line.outputs, evaluations, line.error],
          ...[line.seconds, line.promptTokens, line.completionTokens],
        ]);
      }
    }
  }
}
