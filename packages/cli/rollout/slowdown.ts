import type { Minute } from "./armWindow";
import { normalScore } from "./distributions";

/** Requests of an arm in a minute from which its percentiles are compared. */
export const REQUESTS_A_MINUTE = 3;
/**
 * Logarithm of how much slower one minute of the new arm was. The 95th percentile of few requests lies lower
 * in expectation than that of many, so the busier arm is read where the quieter one's stands.
 */
export function slowdown(base: Minute, candidate: Minute): number | undefined {
  const [quiet, busy] = base.requests < candidate.requests ? [base, candidate] : [candidate, base];
  if (!quiet.latency || !busy.latency || quiet.requests < REQUESTS_A_MINUTE) return undefined;
  const [slow, fast] = [quiet.latency.p95, percentileAt(busy, expectedScore(0.95, quiet.requests))];
  if (!(slow > 0) || !(fast > 0)) return undefined;
  const difference = Math.log(slow / fast);
  return quiet === candidate ? difference : -difference;
}

/** Where a sample's percentile stands in expectation, as a normal score: between those of its two ranks. */
function expectedScore(share: number, requests: number): number {
  const rank = share * (requests - 1) + 1;
  const [below, above] = [Math.floor(rank), Math.ceil(rank)].map((whole) =>
    // Blom 1958: expected normal order statistics.
    normalScore((whole - 0.375) / (requests + 0.25)),
  ) as [number, number];
  return below + (above - below) * (rank - Math.floor(rank));
}

const shares = [
  ["p50", 0.5],
  ["p90", 0.9],
  ["p95", 0.95],
  ["p99", 0.99],
] as const;

/** Latency of a minute at a normal score, between its known percentiles on a logarithmic scale. */
function percentileAt({ latency, requests }: Minute, score: number): number {
  if (!latency) return NaN;
  const points = shares.map(([name, share]) => ({
    score: expectedScore(share, requests),
    value: Math.log(latency[name]),
  }));
  const above = Math.min(
    Math.max(
      1,
      points.findIndex((point) => point.score >= score),
    ),
    3,
  );
  const [left, right] = [points[above - 1]!, points[above]!];
  const span = right.score - left.score;
  const part = span === 0 ? 0 : (score - left.score) / span;
  return Math.exp(left.value + (right.value - left.value) * part);
}
