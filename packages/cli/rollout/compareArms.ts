import { mean } from "../report/statistics";
import type { Interval } from "../report/statistics";
import { fisherTail, normalQuantile, studentQuantile, studentTail } from "./distributions";
import { requestsOf, latencyOf, tokensOf, type ArmWindow } from "./armWindow";
import { REQUESTS_A_MINUTE, slowdown } from "./slowdown";

/** The new arm beside its base, metric by metric: differences, their intervals and how sure a harm is. */

export const METRICS = ["p95", "5xx", "tokens", "feedback"] as const;
export type MetricName = (typeof METRICS)[number];

/** Fewer say nothing, whatever the test says. */
export interface Minimum {
  /** Requests of each arm. */
  readonly requests: number;
  /** Minutes in which both arms answered enough to compare. */
  readonly minutes: number;
  /** Scores that users gave each arm. */
  readonly feedback: number;
}

export interface Comparison {
  readonly metric: MetricName;
  /** Value of the base; NaN without numbers. */
  readonly base: number;
  readonly candidate: number;
  /**
   * How much worse the new arm is, in the margin's unit: a share of the base for p95 and tokens, else a plain
   * difference.
   */
  readonly harm: number;
  /** 95 % interval of the harm. */
  readonly interval: Interval;
  /** Probability of at least this harm from arms that are equal. */
  readonly pWorse: number;
  /** What is missing for a comparison; absent where there is enough. */
  readonly lacking?: string;
  /** Neither arm has any number of it. */
  readonly absent: boolean;
}

/** Both tails of the 95 % interval together are 5 %. */
const TAIL = 0.025;

export function compareArms(
  base: ArmWindow,
  candidate: ArmWindow,
  metrics: readonly MetricName[],
  minimum: Minimum,
): Comparison[] {
  return metrics.map((metric) => comparers[metric](base, candidate, minimum));
}

type Comparer = (base: ArmWindow, candidate: ArmWindow, minimum: Minimum) => Comparison;

const comparers: Readonly<Record<MetricName, Comparer>> = {
  p95: compareLatency,
  "5xx": compareFailures,
  tokens: compareTokens,
  feedback: compareFeedback,
};

/**
 * Minute by minute, so that rush hours and slow models touch both arms alike; a t-test of the differences of
 * logarithms, so the result is a share.
 */
function compareLatency(base: ArmWindow, candidate: ArmWindow, minimum: Minimum): Comparison {
  const others = new Map(base.minutes.map((minute) => [minute.time, minute]));
  const differences = candidate.minutes.flatMap((minute) => {
    const other = others.get(minute.time);
    const difference = other && slowdown(other, minute);
    return difference === undefined ? [] : [difference];
  });
  const [at, of] = [latencyOf(base, "p95"), latencyOf(candidate, "p95")];
  const lacking =
    differences.length < minimum.minutes
      ? `${differences.length} of ${minimum.minutes} minutes in which both arms answered ${REQUESTS_A_MINUTE} requests`
      : undefined;
  const common = { metric: "p95", base: at, candidate: of } as const;
  if (lacking !== undefined) return without(common, lacking, Number.isNaN(at) && Number.isNaN(of));
  const tested = student(
    mean(differences),
    variance(differences) / differences.length,
    differences.length - 1,
  );
  return found(common, asShare(tested));
}

/** Fisher's exact test; Newcombe's interval for the difference of two shares. */
function compareFailures(base: ArmWindow, candidate: ArmWindow, minimum: Minimum): Comparison {
  const [n, m] = [requestsOf(base), requestsOf(candidate)];
  const [x, y] = [base, candidate].map(({ minutes }) =>
    minutes.reduce((sum, { failed }) => sum + failed, 0),
  ) as [number, number];
  const common = { metric: "5xx", base: x / n, candidate: y / m } as const;
  const lacking = fewRequests(n, m, minimum);
  if (lacking !== undefined) return without(common, lacking, n + m === 0);
  return {
    ...common,
    harm: y / m - x / n,
    interval: newcombe(y, m, x, n),
    pWorse: fisherTail(y, m, x, n),
    absent: false,
  };
}

function newcombe(y: number, m: number, x: number, n: number): Interval {
  const [a, b] = [wilson(y, m), wilson(x, n)];
  const [p, q] = [y / m, x / n];
  return {
    low: p - q - Math.hypot(p - a.low, b.high - q),
    high: p - q + Math.hypot(a.high - p, q - b.low),
  };
}

const Z = normalQuantile(TAIL);

/** Wilson's interval of a share. */
export function wilson(count: number, of: number): Interval {
  const share = count / of;
  const middle = (share + (Z * Z) / (2 * of)) / (1 + (Z * Z) / of);
  const half =
    (Z * Math.sqrt((share * (1 - share)) / of + (Z * Z) / (4 * of * of))) / (1 + (Z * Z) / of);
  return { low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}

/** Tokens per answered request: a ratio of sums over minutes, compared as logarithms by Welch's test. */
function compareTokens(base: ArmWindow, candidate: ArmWindow, minimum: Minimum): Comparison {
  const [one, other] = [tokensOf(base), tokensOf(candidate)];
  const common = { metric: "tokens", base: one.ratio, candidate: other.ratio } as const;
  const minutes = Math.min(one.minutes, other.minutes);
  const lacking =
    fewRequests(one.requests, other.requests, minimum) ??
    (minutes < minimum.minutes
      ? `${minutes} of ${minimum.minutes} minutes with tokens`
      : undefined);
  if (lacking !== undefined) return without(common, lacking, one.requests + other.requests === 0);
  const tested = welch(
    { mean: Math.log(one.ratio), squaredError: one.relativeVariance, degrees: one.minutes - 1 },
    {
      mean: Math.log(other.ratio),
      squaredError: other.relativeVariance,
      degrees: other.minutes - 1,
    },
  );
  return found(common, asShare(tested));
}

/** Lower scores are worse: Welch's test of the means. */
function compareFeedback(base: ArmWindow, candidate: ArmWindow, minimum: Minimum): Comparison {
  const [one, other] = [base.feedback, candidate.feedback];
  const common = { metric: "feedback", base: one.mean, candidate: other.mean } as const;
  const fewest = Math.min(one.count, other.count);
  if (fewest < minimum.feedback) {
    const lacking = `${fewest} of ${minimum.feedback} scores`;
    return without(common, lacking, one.count + other.count === 0);
  }
  const side = ({ mean: value, deviation, count }: ArmWindow["feedback"]) => ({
    mean: -value,
    squaredError: deviation ** 2 / count,
    degrees: count - 1,
  });
  return found(common, welch(side(one), side(other)));
}

function fewRequests(base: number, candidate: number, { requests }: Minimum): string | undefined {
  const fewest = Math.min(base, candidate);
  return fewest < requests ? `${fewest} of ${requests} requests` : undefined;
}

type Common = Pick<Comparison, "metric" | "base" | "candidate">;

function found(common: Common, { value, low, high, pWorse }: Tested): Comparison {
  return { ...common, harm: value, interval: { low, high }, pWorse, absent: false };
}

function without(common: Common, lacking: string, absent: boolean): Comparison {
  const harm = NaN;
  return { ...common, harm, interval: { low: NaN, high: NaN }, pWorse: 1, lacking, absent };
}

/** Value with its 95 % interval, and the probability of as much from equal arms. */
interface Tested extends Interval {
  readonly value: number;
  readonly pWorse: number;
}

/** A difference of logarithms as a share of the base. */
function asShare({ value, low, high, pWorse }: Tested): Tested {
  return { value: Math.expm1(value), low: Math.expm1(low), high: Math.expm1(high), pWorse };
}

interface Side {
  readonly mean: number;
  /** Square of the mean's standard error. */
  readonly squaredError: number;
  readonly degrees: number;
}

function welch(base: Side, candidate: Side): Tested {
  const squaredError = base.squaredError + candidate.squaredError;
  const degrees =
    squaredError === 0
      ? base.degrees + candidate.degrees
      : squaredError ** 2 /
        (base.squaredError ** 2 / base.degrees + candidate.squaredError ** 2 / candidate.degrees);
  return student(candidate.mean - base.mean, squaredError, degrees);
}

function student(value: number, squaredError: number, degrees: number): Tested {
  const error = Math.sqrt(squaredError);
  const half = studentQuantile(TAIL, degrees) * error;
  const pWorse = error === 0 ? Number(value <= 0) : studentTail(value / error, degrees);
  return { value, low: value - half, high: value + half, pWorse };
}

function variance(values: readonly number[]): number {
  const middle = mean(values);
  return values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1);
}
