import {
  fisherTail,
  incompleteBeta,
  logGamma,
  normalQuantile,
  normalScore,
  studentQuantile,
  studentTail,
} from "../../../packages/cli/rollout/distributions";

/** Values of published tables. */

test.each([
  [0.025, 1, 12.706],
  [0.025, 4, 2.776],
  [0.025, 14, 2.145],
  [0.005, 10, 3.169],
  [0.001, 30, 3.385],
])("Student's t is exceeded with %d at %i degrees by %d", (tail, degrees, value) => {
  expect(studentQuantile(tail, degrees)).toBeCloseTo(value, 3);
  expect(studentTail(value, degrees)).toBeCloseTo(tail, 4);
  expect(studentTail(-value, degrees)).toBeCloseTo(1 - tail, 4);
});

test("the normal distribution", () => {
  expect(normalQuantile(0.025)).toBeCloseTo(1.959964, 4);
  expect(normalQuantile(0.001)).toBeCloseTo(3.090232, 4);
  expect([0.001, 0.025, 0.5, 0.975, 0.999].map(normalScore)).toEqual(
    [-3.090232, -1.959964, 0, 1.959964, 3.090232].map((score) => expect.closeTo(score, 5)),
  );
});

test("gamma and beta", () => {
  expect(Math.exp(logGamma(5))).toBeCloseTo(24, 9);
  expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.sqrt(Math.PI)), 10);
  expect(incompleteBeta(0.3, 2, 3)).toBeCloseTo(0.3483, 10);
});

test("Fisher's exact test", () => {
  // The lady tasting tea: 4 of 4 right by chance is 1 of 70, at least 3 right is 17 of 70.
  expect(fisherTail(4, 4, 0, 4)).toBeCloseTo(1 / 70, 12);
  expect(fisherTail(3, 4, 1, 4)).toBeCloseTo(17 / 70, 12);
  expect(fisherTail(0, 10, 0, 90)).toBeCloseTo(1, 12);
  expect(fisherTail(0, 10, 5, 90)).toBeCloseTo(1, 9);
});
