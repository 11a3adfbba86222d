/** How one request finds its arm. Pure: the random number is handed in, so that a seed repeats a run. */

/** Numbers from 0 up to 1 that a seed repeats (mulberry32); the simulated data plane and `serve` draw from it. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * The arm of a request by the weights, in the order of the arms' names; undefined where all weights are 0.
 *
 * @param draw from 0 up to 1
 */
export function armByWeight(
  weights: Readonly<Record<string, number>>,
  draw: number,
): string | undefined {
  const live = Object.entries(weights)
    .filter(([, weight]) => weight > 0)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const total = live.reduce((sum, [, weight]) => sum + weight, 0);
  let passed = 0;
  for (const [arm, weight] of live) {
    passed += weight;
    if (draw * total < passed) return arm;
  }
  return live.at(-1)?.[0];
}
