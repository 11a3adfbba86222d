import fc from "fast-check";
import type { ArmWindow } from "../../../packages/cli/rollout/armWindow";
import {
  compareArms,
  METRICS,
  wilson,
  type Comparison,
} from "../../../packages/cli/rollout/compareArms";
import { decide, findingOf, threshold } from "../../../packages/cli/rollout/decide";
import { Arm, rule, seeded, simulate, usual, type Behaviour, type Simulated } from "./traffic";

// In jest's context every look-up of Math costs more than the function itself.
const { exp } = Math;

jest.setTimeout(120_000);

const runs = 200;
const many = (green: Partial<Behaviour>, options?: Parameters<typeof simulate>[2]): Simulated[] =>
  Array.from({ length: runs }, (_, index) => simulate(index * 7919 + 3, green, options));
const share = (all: readonly Simulated[], wanted: (one: Simulated) => boolean) =>
  all.filter(wanted).length / all.length;
const rolledBack = ({ end }: Simulated) => end === "rolled back";

describe("false alarms over 200 roll-outs of an equal arm stay below the stated 5 %", () => {
  const shapes: Record<string, Behaviour> = {
    "a long tail": usual,
    "a longer tail": { ...usual, latency: (normal) => 500 * exp(1.1 * normal) },
    "two humps": {
      ...usual,
      latency: (normal, uniform) => (uniform < 0.85 ? 400 : 4000) * exp(0.2 * normal),
    },
    "many failures": { ...usual, failing: 0.2 },
  };
  test.each(Object.entries(shapes))("%s", (_, blue) => {
    expect(share(many({}, { blue, perMinute: 100 }), rolledBack)).toBeLessThan(rule.falseAlarms);
  });
  test.each([20, 60])("%i requests a minute", (perMinute) => {
    expect(share(many({}, { perMinute }), rolledBack)).toBeLessThan(rule.falseAlarms);
  });
  test("the new arm is the busy one", () => {
    expect(share(many({}, { steps: [90, 95], perMinute: 100 }), rolledBack)).toBeLessThan(
      rule.falseAlarms,
    );
  });
});

describe("power with 300 requests a minute: a bad arm is stopped in 95 of 100 roll-outs at least", () => {
  test.each([
    ["slower by 60 %", { latency: (normal: number) => 1280 * exp(0.6 * normal) }, "p95"],
    ["fails 4 points more", { failing: 0.044 }, "5xx"],
    ["60 % more tokens", { tokens: 800 }, "tokens"],
    ["25 points fewer users like it", { liked: 0.55 }, "feedback"],
  ])("%s", (_, green, metric) => {
    const all = many(green);
    expect(share(all, rolledBack)).toBeGreaterThanOrEqual(0.95);
    expect(share(all, ({ worse }) => worse.includes(metric))).toBeGreaterThanOrEqual(0.95);
  });
});

test("with 300 requests a minute most equal arms go through, and are called equal", () => {
  const all = many({}, { blue: { ...usual, failing: 0.001 } });
  expect(share(all, ({ end, equal }) => end === "complete" && equal)).toBeGreaterThan(0.8);
});

test("an arm worse by more than a margin goes through in at most 5 of 100", () => {
  for (const green of [
    { latency: (normal: number) => 984 * exp(0.6 * normal) },
    { failing: 0.016 },
    { tokens: 615 },
    { liked: 0.69 },
  ]) {
    expect(
      share(many(green, { perMinute: 150 }), ({ end }) => end === "complete"),
    ).toBeLessThanOrEqual(0.05);
  }
});

describe("the rule", () => {
  const comparison = (part: Partial<Comparison>): Comparison => ({
    ...{ metric: "p95", base: 1, candidate: 1, harm: 0, pWorse: 0.5, absent: false },
    interval: { low: -0.05, high: 0.05 },
    ...part,
  });

  test("shares the false-alarm rate among all looks, steps and metrics", () => {
    expect(threshold(rule)).toBeCloseTo(0.05 / (2 * 6 * 4), 12);
  });

  test.each([
    ["equal", {}, "equal"],
    ["surely worse", { harm: 0.5, pWorse: 1e-6, interval: { low: 0.3, high: 0.7 } }, "worse"],
    [
      "surely worse, but inside the margin",
      { harm: 0.1, pWorse: 1e-6, interval: { low: 0.05, high: 0.15 } },
      "equal",
    ],
    [
      "worse, but not surely",
      { harm: 0.5, pWorse: 0.01, interval: { low: 0.1, high: 0.9 } },
      "unsure",
    ],
    ["better", { harm: -0.5, pWorse: 1, interval: { low: -0.6, high: -0.4 } }, "better"],
    ["not worse", { harm: -0.1, pWorse: 0.9, interval: { low: -0.3, high: 0.1 } }, "not worse"],
    ["too few", { lacking: "3 of 50 requests" }, "too few"],
  ])("%s", (_, part, finding) => {
    expect(findingOf(comparison(part), 0.2, 0.001)).toBe(finding);
  });

  test("goes on at the end of a bake alone, and rolls back at any look", () => {
    const good = [comparison({})];
    const bad = [comparison({}), comparison({ metric: "5xx", harm: 0.3, pWorse: 0 })];
    expect([1, 2, 3, 4, 5, 6].map((look) => decide(good, rule, look).verdict)).toEqual([
      ...["hold", "hold", "go", "hold", "hold", "go"],
    ]);
    expect([1, 2, 3].map((look) => decide(bad, rule, look).verdict)).toEqual(
      Array(3).fill("roll back"),
    );
    expect(decide([], rule, 3).verdict).toBe("hold");
  });

  test("one metric without numbers holds all of them", () => {
    const some = [comparison({}), comparison({ metric: "feedback", lacking: "0 of 30 scores" })];
    expect(decide(some, rule, 3).verdict).toBe("hold");
  });
});

describe("comparisons", () => {
  const minimum = { requests: 50, minutes: 5, feedback: 30 };
  const served = (seed: number, perMinute: number, behaviour = usual): ArmWindow => {
    const arm = new Arm("arm", behaviour, seeded(seed));
    for (let minute = 0; minute < 15; minute += 1) arm.serve(minute, perMinute, 1);
    return arm.window;
  };

  test("an arm beside itself differs in nothing", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e6 }),
        fc.integer({ min: 10, max: 80 }),
        (seed, rate) => {
          const window = served(seed, rate);
          const { judged } = decide(compareArms(window, window, METRICS, minimum), rule, 1);
          for (const { harm, lacking, finding } of judged) {
            if (lacking === undefined) expect(Math.abs(harm)).toBeLessThan(1e-9);
            expect(["equal", "unsure", "too few"]).toContain(finding);
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  test("exchanged arms exchange their signs", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), (seed) => {
        const [one, other] = [served(seed, 60), served(seed + 1, 30)];
        const there = compareArms(one, other, METRICS, minimum);
        const back = compareArms(other, one, METRICS, minimum);
        for (const [index, { metric, harm }] of there.entries()) {
          const relative = metric === "p95" || metric === "tokens";
          const expected = relative ? 1 / (1 + harm) - 1 : -harm;
          expect(back[index]!.harm).toBeCloseTo(expected, 9);
        }
      }),
      { numRuns: 30 },
    );
  });

  test("few requests of one arm do not make it look faster or slower", () => {
    const harms = Array.from({ length: 60 }, (_, index) => {
      const [busy, quiet] = [served(index * 2 + 1, 200), served(index * 2 + 2, 8)];
      return compareArms(busy, quiet, ["p95"], minimum)[0]!.harm;
    });
    const mean = harms.reduce((sum, harm) => sum + harm, 0) / harms.length;
    // Without the correction it is 0.15; what is left is far below any margin.
    expect(Math.abs(mean)).toBeLessThan(0.05);
  });

  test("what is missing is said", () => {
    const empty: ArmWindow = {
      arm: "green",
      minutes: [],
      feedback: { count: 0, mean: NaN, deviation: NaN },
    };
    expect(
      compareArms(served(1, 50), empty, METRICS, minimum).map(({ lacking }) => lacking),
    ).toEqual([
      "0 of 5 minutes in which both arms answered 3 requests",
      "0 of 50 requests",
      "0 of 50 requests",
      "0 of 30 scores",
    ]);
    expect(compareArms(empty, empty, METRICS, minimum).every(({ absent }) => absent)).toBe(true);
  });

  test("Wilson's interval has its published values", () => {
    // Newcombe 1998, table I: 81 of 263, 15 of 148, 0 of 20.
    expect(wilson(81, 263).low).toBeCloseTo(0.2553, 4);
    expect(wilson(81, 263).high).toBeCloseTo(0.3662, 4);
    expect(wilson(15, 148).low).toBeCloseTo(0.0624, 4);
    expect(wilson(15, 148).high).toBeCloseTo(0.1605, 4);
    expect(wilson(0, 20).high).toBeCloseTo(0.1611, 4);
  });
});
