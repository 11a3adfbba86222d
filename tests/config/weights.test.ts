import fc from "fast-check";
import { sharesOfExisting, trafficFaults } from "../../config/weights";

describe("the share of an arm that does not exist yet", () => {
  test.each<[string, Record<string, number>, string[], Record<string, number>]>([
    ["goes to the only live arm", { blue: 90, green: 10 }, ["green"], { blue: 100 }],
    ["nothing where all exist", { blue: 90, green: 10 }, [], { blue: 90, green: 10 }],
    ["to the live arms in proportion", { a: 60, b: 20, c: 20 }, ["c"], { a: 75, b: 25 }],
    ["by largest remainder", { a: 33, b: 33, c: 34 }, ["c"], { a: 50, b: 50 }],
    ["the larger first", { a: 10, b: 20, c: 37, d: 33 }, ["d"], { a: 15, b: 30, c: 55 }],
    ["with equal remainders by name", { a: 1, b: 1, c: 1, d: 97 }, ["d"], { a: 34, b: 33, c: 33 }],
    ["never to an arm without weight", { blue: 100, green: 0 }, ["blue"], { green: 0 }],
    ["and an idle arm stays idle", { a: 50, b: 50, c: 0 }, ["a"], { b: 100, c: 0 }],
    ["to nobody where nobody exists", { blue: 100 }, ["blue"], {}],
    ["of 0 while bootstrapping", { a: 0, b: 0 }, ["a"], { b: 0 }],
  ])("%s", (_rule, weights, missing, expected) => {
    expect(sharesOfExisting(weights, (arm) => !missing.includes(arm))).toEqual(expected);
  });

  test("keeps whole percents that sum to 100 wherever one live arm exists, in any order of arms", () => {
    const arms = fc.uniqueArray(fc.stringMatching(/^[a-z]{3,6}$/), { minLength: 1, maxLength: 8 });
    const cuts = fc.array(fc.nat(100), { minLength: 7, maxLength: 7 });
    fc.assert(
      fc.property(
        arms,
        cuts,
        fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
        (names, at, here) => {
          const bounds = [0, ...at.slice(0, names.length - 1).sort((a, b) => a - b), 100];
          const weights = names.map((name, index): [string, number] => [
            name,
            (bounds[index + 1] as number) - (bounds[index] as number),
          ]);
          const exists = (arm: string) => here[names.indexOf(arm)] === true;
          const shares = sharesOfExisting(Object.fromEntries(weights), exists);
          expect(Object.keys(shares).sort()).toEqual(names.filter(exists).sort());
          expect(sharesOfExisting(Object.fromEntries(weights.reverse()), exists)).toEqual(shares);
          const sum = Object.values(shares).reduce((total, share) => total + share, 0);
          const anyLive = weights.some(([name, weight]) => exists(name) && weight > 0);
          expect(sum).toBe(anyLive ? 100 : 0);
          for (const [name, weight] of weights) {
            if (exists(name)) {
              expect(Number.isInteger(shares[name])).toBe(true);
              expect((shares[name] as number) > 0 || weight === 0 || sum === 0).toBe(true);
            }
          }
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe("traffic without fault", () => {
  test.each<[string, Record<string, number>, { arm: string; percent: number } | undefined]>([
    ["one arm", { blue: 100 }, undefined],
    ["three arms", { blue: 50, green: 30, red: 20 }, undefined],
    ["all 0 while bootstrapping", { blue: 0, green: 0 }, undefined],
    ["a mirror on an idle arm", { blue: 100, green: 0 }, { arm: "green", percent: 50 }],
    [
      "20 arms",
      Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`arm-${index}`, 5])),
      undefined,
    ],
  ])("%s", (_name, weights, mirror) => {
    expect(trafficFaults(weights, mirror)).toEqual([]);
  });

  test("an arm's name is never taken from what every object has", () => {
    expect(trafficFaults({ blue: 100 }, { arm: "constructor", percent: 10 })).toEqual([
      {
        at: ["mirror", "arm"],
        fault: {
          found: 'unknown arm "constructor"',
          allowed: "an arm of this flow",
          mend: 'write one of "blue"',
        },
      },
    ]);
  });
});
