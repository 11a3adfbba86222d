/**
 * How often a split that is right is called wrong: at most once in a million tests. Every arm with a share
 * between 0 and 100 % gets an equal part of it, half for each side.
 */
export const FALSE_ALARM = 1e-6;

/** What was measured of one arm, and what its weight allows. */
export interface ArmSplit {
  readonly arm: string;
  /** Percent of the requests. */
  readonly weight: number;
  readonly served: number;
  /** Fewest and most requests that the rule allows. */
  readonly low: number;
  readonly high: number;
  readonly within: boolean;
}

/**
 * Compare who served the requests with the weights, arm by arm, by the exact binomial distribution: a count
 * is refused where a count so far out has at most the probability `falseAlarm / (2 · arms)`. An arm of 0 %
 * gets nothing and one of 100 % everything. An arm that served and has no weight counts as 0 %.
 */
export function judgeSplit(
  weights: Readonly<Record<string, number>>,
  served: Readonly<Record<string, number>>,
  falseAlarm = FALSE_ALARM,
): ArmSplit[] {
  const total = Object.values(served).reduce((sum, count) => sum + count, 0);
  const shared = Object.values(weights).filter((weight) => weight > 0 && weight < 100).length;
  return [...new Set([...Object.keys(weights), ...Object.keys(served)])].sort().map((arm) => {
    const weight = weights[arm] ?? 0;
    const count = served[arm] ?? 0;
    const { low, high } = allowed(total, weight / 100, falseAlarm / (2 * Math.max(1, shared)));
    return { arm, weight, served: count, low, high, within: low <= count && count <= high };
  });
}

/** The counts of a binomial distribution that are not so far out: each tail left out has at most `tail`. */
function allowed(total: number, share: number, tail: number): { low: number; high: number } {
  if (share <= 0) return { low: 0, high: 0 };
  if (share >= 1) return { low: total, high: total };
  const low = firstBeyond(total, share, tail);
  return { low, high: total - firstBeyond(total, 1 - share, tail) };
}

/** The smallest count whose lower tail, itself included, has more than `tail`. */
function firstBeyond(total: number, share: number, tail: number): number {
  let logOf = total * Math.log1p(-share);
  const odds = Math.log(share) - Math.log1p(-share);
  let below = 0;
  for (let count = 0; ; count += 1) {
    below += Math.exp(logOf);
    if (below > tail || count === total) return count;
    logOf += odds + Math.log(total - count) - Math.log(count + 1);
  }
}
