import { csvRow } from "../experiment/csv";
import { METRICS } from "../rollout/compareArms";
import type { ArmRow } from "./sideBySide";

/** A missing number is an empty cell. */
const cell = (value: number | undefined) =>
  value === undefined || Number.isNaN(value) ? undefined : value;

/** One row for each arm: its numbers, and its differences from the base with their intervals. */
export function armsCsv(rows: readonly ArmRow[]): string {
  const differences = METRICS.flatMap((metric) =>
    ["worse_by", "low", "high", "finding"].map((part) => `${metric}_${part}`),
  );
  const header = [
    ...["arm", "weight", "requests", "p50_ms", "p95_ms", "5xx_share", "429_share"],
    ...["tokens_per_request", "scores", "feedback_mean", ...differences],
  ];
  return [
    header,
    ...rows.map((row) => [
      ...[row.arm, row.weight, row.requests, cell(row.p50), cell(row.p95), cell(row.failed)],
      ...[cell(row.throttled), cell(row.tokens), row.scores, cell(row.feedback)],
      ...METRICS.flatMap((metric) => {
        const found = row.differences.find((each) => each.metric === metric);
        const { low, high } = found?.interval ?? { low: NaN, high: NaN };
        return [cell(found?.harm), cell(low), cell(high), found?.finding];
      }),
    ]),
  ]
    .map(csvRow)
    .join("");
}

/** One row for each arm and minute that had requests. */
export function minutesCsv(rows: readonly ArmRow[]): string {
  const header = [
    "arm",
    "minute",
    "requests",
    "5xx",
    "429",
    "p50_ms",
    "p95_ms",
    "tokens",
    "answered",
  ];
  return [
    header,
    ...rows.flatMap(({ arm, window }) =>
      window.minutes.map(({ time, requests, failed, throttled, latency, tokens }) => [
        ...[arm, new Date(time).toISOString(), requests, failed, throttled],
        ...[latency?.p50, latency?.p95, tokens?.sum, tokens?.requests],
      ]),
    ),
  ]
    .map(csvRow)
    .join("");
}
