import type pc from "picocolors";
import { quantile } from "../report/statistics";
import type { ArmCheck, Measured } from "./measure";
import { FALSE_ALARM } from "./split";

export interface Tested {
  readonly title: string;
  readonly scoreUrl: string;
  readonly authentication: string;
  readonly weights?: Readonly<Record<string, number>>;
  readonly checks: readonly ArmCheck[];
  /** Absent where no requests were sent to measure. */
  readonly measured?: Measured;
  readonly notes: readonly string[];
  readonly problems: readonly string[];
}

/** Every problem of a test, each with the arm it is about. */
export function allProblems({ checks, measured, problems }: Tested): string[] {
  return [
    ...problems,
    ...checks.flatMap(({ arm, problems: own }) =>
      own.map((text) => (arm === undefined ? text : `${arm}, called by its name, ${text}`)),
    ),
    ...(measured?.problems ?? []),
  ];
}

/** A table of the arms and what is wrong, for a reader. */
export function report(tested: Tested, colors: ReturnType<typeof pc.createColors>): string {
  const { title, scoreUrl, authentication, checks, measured, notes } = tested;
  const rows = checks.map((check) => row(tested, check));
  const table = columns([headings(measured), ...rows]);
  const problems = allProblems(tested);
  return [
    `${colors.bold(title)}  ${colors.cyan(scoreUrl)}  ${authentication}`,
    ...table,
    ...notes,
    ...(measured?.split === undefined
      ? []
      : [
          `${measured.requests} requests by weight; a right split is called wrong at most once in ${(1 / FALSE_ALARM).toLocaleString("en")} tests (exact binomial)`,
        ]),
    ...problems.map((text) => colors.red(`failed: ${text}`)),
    ...(problems.length === 0 ? [colors.green("passed")] : []),
    "",
  ].join("\n");
}

function headings(measured: Measured | undefined): string[] {
  const first = ["arm", "weight", "by name"];
  return measured === undefined ? first : [...first, "served", "allowed", "p50", "p95"];
}

function row({ weights, measured }: Tested, { arm, status, ms, problems }: ArmCheck): string[] {
  const verdict = problems.length === 0 ? "ok" : "failed";
  const first = [
    arm ?? "(only one)",
    arm === undefined ? "" : `${weights?.[arm] ?? 0} %`,
    `${verdict}, ${status} in ${Math.round(ms)} ms`,
  ];
  if (measured === undefined) return first;
  const split = measured.split?.find((one) => one.arm === arm);
  const latencies = measured.latencies[arm ?? ""] ?? [];
  const percentile = (share: number) =>
    latencies.length === 0 ? "" : `${Math.round(quantile(latencies, share))} ms`;
  return [
    ...first,
    split === undefined ? "" : String(split.served),
    split === undefined
      ? ""
      : split.low === split.high
        ? String(split.low)
        : `${split.low} to ${split.high}`,
    percentile(0.5),
    percentile(0.95),
  ];
}

function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, index) => Math.max(...rows.map((cells) => cells[index]!.length)));
  return rows.map((cells) =>
    `  ${cells.map((cell, index) => cell.padEnd(widths[index]!)).join("  ")}`.trimEnd(),
  );
}
