/** A range that holds the true value in 95 of 100 such experiments, as far as the method goes. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Share of the resamples that an interval covers. */
const COVERAGE = 0.95;

/** Resamples for means over lines, which are quick. */
const RESAMPLES = 2000;

/** The quantile of a sample by linear interpolation (type 7 of Hyndman and Fan); NaN of nothing. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)];
  const above = sorted[Math.ceil(place)];
  if (below === undefined || above === undefined) return NaN;
  return below + (above - below) * (place - Math.floor(place));
}

export function mean(values: readonly number[]): number {
  return values.length === 0 ? NaN : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The middle of resampled values: the percentile interval of the bootstrap. */
export function percentileInterval(resampled: readonly number[]): Interval | undefined {
  const values = resampled.filter(Number.isFinite);
  if (values.length === 0) return undefined;
  return {
    low: quantile(values, (1 - COVERAGE) / 2),
    high: quantile(values, (1 + COVERAGE) / 2),
  };
}

/** Interval of the difference between two metrics over the same resamples. */
export function pairedInterval(
  values: readonly (number | null)[],
  baseline: readonly (number | null)[],
): Interval | undefined {
  const differences = values.flatMap((value, index) => {
    const other = baseline[index];
    return value === null || other === null || other === undefined ? [] : [value - other];
  });
  return percentileInterval(differences);
}

/** Mean of paired differences with its interval, resampling lines; the same seed gives the same interval. */
export function meanDifference(
  differences: readonly number[],
  seed: string,
): { readonly value: number; readonly interval: Interval | undefined } {
  const random = randomOf(seed);
  const count = differences.length;
  const resampled = Array.from({ length: count === 0 ? 0 : RESAMPLES }, () => {
    let sum = 0;
    for (let draw = 0; draw < count; draw += 1) sum += differences[Math.floor(random() * count)]!;
    return sum / count;
  });
  return { value: mean(differences), interval: percentileInterval(resampled) };
}

/** Numbers from 0 to 1 that depend on the seed alone: mulberry32, seeded by FNV-1a. */
export function randomOf(seed: string): () => number {
  let state = 2166136261;
  for (let index = 0; index < seed.length; index += 1) {
    state = Math.imul(state ^ seed.charCodeAt(index), 16777619);
  }
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
