import {
  meanDifference,
  pairedInterval,
  percentileInterval,
  quantile,
  randomOf,
} from "../../packages/cli/report/statistics";

test.each([
  [[1, 2, 3, 4], 0.5, 2.5],
  [[4, 1, 3, 2], 0.95, 3.85],
  [[7], 0.95, 7],
])("of %j the %d quantile is %d", (values, share, expected) => {
  expect(quantile(values, share)).toBeCloseTo(expected, 12);
  expect(quantile([], share)).toBeNaN();
});

test("the interval is the middle 95% of the resampled values", () => {
  const values = Array.from({ length: 1001 }, (_, index) => index);
  const { low, high } = percentileInterval(values)!;
  expect(low).toBeCloseTo(25, 9);
  expect(high).toBeCloseTo(975, 9);
  expect(percentileInterval([])).toBeUndefined();
});

test("a difference is taken resample by resample, those without a value left out", () => {
  expect(pairedInterval([3, null, 5, 6], [1, 1, 3, null])).toEqual({ low: 2, high: 2 });
});

test("the same seed gives the same interval, another seed a different one", () => {
  const differences = [0.1, -0.2, 0.4, 0.3, 0.05, 0.2, -0.1];
  expect(meanDifference(differences, "a")).toEqual(meanDifference(differences, "a"));
  expect(meanDifference(differences, "a")).not.toEqual(meanDifference(differences, "b"));
});

test("random numbers are spread evenly", () => {
  const random = randomOf("seed");
  const counts = new Array<number>(10).fill(0);
  for (let draw = 0; draw < 10_000; draw += 1) counts[Math.floor(random() * 10)]! += 1;
  for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(120);
});

/** What an interval promises: the truth lies in it about 95 times of a hundred. */
test("intervals of a mean difference hold the true value in 90 to 98 of 100 samples of 40 lines", () => {
  const random = randomOf("truth");
  const normal = () =>
    Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()) + 0.3;
  const samples = 150;
  let held = 0;
  for (let sample = 0; sample < samples; sample += 1) {
    const { interval } = meanDifference(Array.from({ length: 40 }, normal), `sample ${sample}`);
    if (interval !== undefined && interval.low <= 0.3 && interval.high >= 0.3) held += 1;
  }
  expect(held / samples).toBeGreaterThan(0.9);
  expect(held / samples).toBeLessThan(0.98);
});
