import type { Line, Results, RunResult } from "./load";
import { mean, meanDifference, pairedInterval, percentileInterval, quantile } from "./statistics";
import type { Interval } from "./statistics";

/** A metric of one run, and how it differs from the baseline over the same dataset. */
export interface Measure {
  readonly evaluator: string;
  readonly metric: string;
  readonly value: number;
  readonly interval?: Interval;
  /** Absent for the baseline itself. */
  readonly difference?: Difference;
}

export interface Difference {
  readonly value: number;
  /** Absent where nothing could be resampled. */
  readonly interval?: Interval;
}

export interface Configuration {
  readonly run: RunResult;
  readonly measures: readonly Measure[];
  /** Seconds per completed line. */
  readonly latency: {
    readonly p50: number;
    readonly p95: number;
    readonly difference?: Difference;
  };
  /** Tokens per completed line, asked and answered. */
  readonly tokens: {
    readonly prompt: number;
    readonly completion: number;
    readonly total: number;
    readonly difference?: Difference;
  };
}

/** Everything that was run over one dataset. */
export interface DatasetReport {
  readonly name: string;
  readonly source: string;
  readonly description?: string;
  readonly hash: string;
  readonly lines: number;
  readonly configurations: readonly Configuration[];
}

/** Put the runs over each dataset beside each other; the baseline comes first. */
export function compare({ runs }: Results): DatasetReport[] {
  const names = [...new Set(runs.map(({ entry }) => entry.dataset))];
  return names.map((name) => {
    const own = runs
      .filter(({ entry }) => entry.dataset === name)
      .sort((a, b) => Number(b.entry.baseline) - Number(a.entry.baseline));
    const first = own[0]!;
    const baseline = own.find(({ entry }) => entry.baseline) ?? first;
    const { source, description, datasetHash, lines } = first.entry;
    return {
      name,
      source,
      ...(description === undefined ? {} : { description }),
      hash: datasetHash,
      lines,
      configurations: own.map((run) => configuration(run, run === baseline ? undefined : baseline)),
    };
  });
}

function configuration(run: RunResult, baseline: RunResult | undefined): Configuration {
  const completed = run.lines.filter(({ failed }) => !failed);
  const seconds = completed.map((line) => line.seconds);
  return {
    run,
    measures: measures(run, baseline),
    latency: {
      p50: quantile(seconds, 0.5),
      p95: quantile(seconds, 0.95),
      ...lineDifference(run, baseline, (line) => line.seconds),
    },
    tokens: {
      prompt: mean(completed.map(({ promptTokens }) => promptTokens)),
      completion: mean(completed.map(({ completionTokens }) => completionTokens)),
      total: mean(completed.map(totalTokens)),
      ...lineDifference(run, baseline, totalTokens),
    },
  };
}

function totalTokens({ promptTokens, completionTokens }: Line): number {
  return promptTokens + completionTokens;
}

function measures(run: RunResult, baseline: RunResult | undefined): Measure[] {
  return run.judgements.flatMap(({ entry, resamples }) => {
    const other = baseline?.judgements.find(({ entry: its }) => its.evaluator === entry.evaluator);
    return Object.entries(entry.metrics).map(([metric, value]) => {
      const against = other?.entry.metrics[metric];
      return {
        evaluator: entry.evaluator,
        metric,
        value,
        ...optional("interval", percentileInterval((resamples[metric] ?? []).filter(isNumber))),
        ...(against === undefined
          ? {}
          : {
              difference: {
                value: value - against,
                ...optional(
                  "interval",
                  pairedInterval(resamples[metric] ?? [], other?.resamples[metric] ?? []),
                ),
              },
            }),
      };
    });
  });
}

/** Lines that both completed, line by line. */
function lineDifference(
  run: RunResult,
  baseline: RunResult | undefined,
  of: (line: Line) => number,
): { difference?: Difference } {
  if (baseline === undefined) return {};
  const others = new Map(baseline.lines.map((line) => [line.line, line]));
  const differences = run.lines.flatMap((line) => {
    const other = others.get(line.line);
    return line.failed || other === undefined || other.failed ? [] : [of(line) - of(other)];
  });
  const { value, interval } = meanDifference(differences, run.entry.datasetHash);
  return { difference: { value, ...optional("interval", interval) } };
}

function isNumber(value: number | null): value is number {
  return value !== null;
}

function optional<Key extends string, Value>(
  key: Key,
  value: Value | undefined,
): { [K in Key]?: Value } {
  return value === undefined ? {} : ({ [key]: value } as { [K in Key]?: Value });
}

/** What an interval allows to say about a difference. */
export function verdict({ value, interval }: Difference): "higher" | "lower" | "same" | "unsure" {
  if (interval === undefined) return value === 0 ? "same" : "unsure";
  if (interval.low > 0) return "higher";
  if (interval.high < 0) return "lower";
  return interval.low === 0 && interval.high === 0 ? "same" : "unsure";
}
