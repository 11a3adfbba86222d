import fc from "fast-check";
import { FALSE_ALARM, judgeSplit } from "../../../packages/cli/testEndpoint/split";
import { armByWeight, seeded } from "../../../packages/sandbox/server/routing";

function serve(weights: Record<string, number>, requests: number, random: () => number) {
  const served: Record<string, number> = {};
  for (let sent = 0; sent < requests; sent += 1) {
    const arm = armByWeight(weights, random()) ?? "";
    served[arm] = (served[arm] ?? 0) + 1;
  }
  return served;
}

const isWithin = (split: ReturnType<typeof judgeSplit>) => split.every(({ within }) => within);

// Worked out apart from this program, in whole numbers without rounding.
test("the bound of 10,000 requests at 90 to 10", () => {
  const split = judgeSplit({ blue: 90, green: 10 }, { blue: 9000, green: 1000 });
  expect(split).toEqual([
    { arm: "blue", weight: 90, served: 9000, low: 8846, high: 9147, within: true },
    { arm: "green", weight: 10, served: 1000, low: 853, high: 1154, within: true },
  ]);
});

test.each([
  // P(X = 0) of 4 tosses is 1/16; each tail may have 0.25 / 4 = 1/16, so 0 is refused and 1 is not.
  [0.25, 4, 1, 3],
  [0.24, 4, 0, 4],
  [1, 1, 0, 1],
])("a false alarm of %d among %i tosses of a coin allows %i to %i", (alarm, total, low, high) => {
  const split = judgeSplit({ a: 50, b: 50 }, { a: total, b: 0 }, alarm);
  expect(split.map((arm) => [arm.low, arm.high])).toEqual([
    [low, high],
    [low, high],
  ]);
});

test("an arm of 0 % gets nothing, one of 100 % everything, an unknown one nothing", () => {
  expect(isWithin(judgeSplit({ blue: 100, green: 0 }, { blue: 50 }))).toBe(true);
  expect(isWithin(judgeSplit({ blue: 100, green: 0 }, { blue: 49, green: 1 }))).toBe(false);
  expect(judgeSplit({ blue: 100 }, { blue: 49, red: 1 })).toContainEqual({
    arm: "red",
    weight: 0,
    served: 1,
    low: 0,
    high: 0,
    within: false,
  });
});

test("right splits of any weights are called wrong no more often than stated", () => {
  const random = seeded(20_251);
  const alarm = 0.01;
  const trials = 5_000;
  let wrong = 0;
  for (let trial = 0; trial < trials; trial += 1) {
    const first = Math.floor(random() * 101);
    const second = Math.floor(random() * (101 - first));
    const weights = { a: first, b: second, c: 100 - first - second };
    const served = serve(weights, 1 + Math.floor(random() * 60), random);
    if (!isWithin(judgeSplit(weights, served, alarm))) wrong += 1;
  }
  // The seed is fixed; the rule is conservative, since counts are whole.
  expect(wrong).toBeLessThanOrEqual(trials * alarm);
  expect(wrong).toBeGreaterThan(0);
});

test("a million simulated splits at the stated rate would alarm about once: 3,000 alarm never", () => {
  const random = seeded(7);
  const weights = { blue: 90, green: 10 };
  for (let trial = 0; trial < 3_000; trial += 1) {
    expect(isWithin(judgeSplit(weights, serve(weights, 100, random), FALSE_ALARM))).toBe(true);
  }
});

test("80 to 20 in place of 90 to 10 is seen among 1000 requests", () => {
  const random = seeded(3);
  const missed = Array.from({ length: 100 }, () =>
    isWithin(judgeSplit({ blue: 90, green: 10 }, serve({ blue: 80, green: 20 }, 1000, random))),
  ).filter(Boolean);
  expect(missed).toHaveLength(0);
});

test("the bound holds the expected count, and swapping the shares mirrors it", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 99 }), fc.integer({ min: 1, max: 5000 }), (weight, n) => {
      const [a, b] = judgeSplit({ a: weight, b: 100 - weight }, { a: n, b: 0 });
      expect(a!.low).toBeLessThanOrEqual(Math.ceil((n * weight) / 100));
      expect(a!.high).toBeGreaterThanOrEqual(Math.floor((n * weight) / 100));
      expect([b!.low, b!.high]).toEqual([n - a!.high, n - a!.low]);
    }),
    { seed: 5 },
  );
});
