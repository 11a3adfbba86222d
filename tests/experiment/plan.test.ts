import fc from "fast-check";
import { gridPoints, planRuns, planVariants } from "../../packages/cli/experiment/plan";

const dataset = (name: string) => ({ name, source: `data/${name}.jsonl`, mappings: {} });
const dag = {
  variants: { summarise: ["v0", "v1", "v2"], classify: ["v0", "v1"] },
  defaults: { summarise: "v1", classify: "v0" },
};

test("one node is varied at a time, the combination of all defaults comes once", () => {
  expect(planVariants(dag)).toEqual([
    undefined,
    { node: "summarise", variant: "v0" },
    { node: "summarise", variant: "v2" },
    { node: "classify", variant: "v1" },
  ]);
});

test("each dataset is run with each variant at each point of the grid", () => {
  const parameters = {
    environment: { MODEL: ["a", "b"] },
    inputs: {},
    init: {},
    nodes: { classify: { temperature: [0, 0.5, 0] } },
  };
  const runs = planRuns({ datasets: [dataset("one"), dataset("two")], parameters }, dag);
  expect(runs.slice(0, 5).map(({ name, baseline }) => [name, baseline])).toEqual([
    ["one.default,MODEL=a,classify.temperature=0", true],
    ["one.default,MODEL=a,classify.temperature=0.5", false],
    ["one.default,MODEL=b,classify.temperature=0", false],
    ["one.default,MODEL=b,classify.temperature=0.5", false],
    ["one.summarise.v0,MODEL=a,classify.temperature=0", false],
  ]);
  expect(runs).toHaveLength(2 * 4 * 2 * 2);
  expect(runs[3]?.parameters).toEqual({
    environment: { MODEL: "b" },
    inputs: {},
    init: {},
    nodes: { classify: { temperature: 0.5 } },
  });
});

test("a flow without variants and without a grid is run once over each dataset", () => {
  expect(planRuns({ datasets: [dataset("one")] }, undefined)).toEqual([
    {
      name: "one.default",
      dataset: dataset("one"),
      configuration: "default",
      parameters: { environment: {}, inputs: {}, init: {}, nodes: {} },
      baseline: true,
    },
  ]);
});

test("values that would make the same file name get names of their own, fit for any file system", () => {
  const parameters = { environment: {}, inputs: { tone: ["a/b", "a:b"] }, init: {}, nodes: {} };
  const names = planRuns({ datasets: [dataset("one")], parameters }, undefined).map(
    ({ name }) => name,
  );
  expect(new Set(names).size).toBe(2);
  for (const name of names) expect(name).toMatch(/^[A-Za-z0-9_.,=-]+$/);
});

test("no combination comes twice, and each has exactly one baseline per dataset", () => {
  const values = fc.array(fc.oneof(fc.integer(), fc.boolean(), fc.string()), {
    minLength: 1,
    maxLength: 4,
  });
  const grid = fc.record({
    environment: fc.dictionary(fc.constantFrom("A", "B"), values),
    inputs: fc.dictionary(fc.constantFrom("x", "y"), values),
    init: fc.constant({}),
    nodes: fc.dictionary(fc.constantFrom("classify"), fc.dictionary(fc.constantFrom("t"), values)),
  });
  fc.assert(
    fc.property(grid, (parameters) => {
      const runs = planRuns({ datasets: [dataset("one")], parameters }, dag);
      const points = gridPoints(parameters).length;
      expect(runs).toHaveLength(points * 4);
      expect(new Set(runs.map((run) => JSON.stringify([run.variant, run.parameters]))).size).toBe(
        runs.length,
      );
      expect(runs.filter(({ baseline }) => baseline)).toHaveLength(1);
    }),
  );
});
