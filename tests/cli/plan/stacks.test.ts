import path from "node:path";
import { readEnvironment } from "../../../config/read";
import { baselineOf } from "../../../packages/cli/plan/baseline";
import { compare } from "../../../packages/cli/plan/compare";
import { factsOf } from "../../../packages/cli/plan/facts";
import { formatJson, STACK_TYPE, type RecordedPlan } from "../../../packages/cli/plan/model";
import { planStack } from "../../../packages/cli/plan/stack";
import { renderTree } from "../../../packages/cli/plan/tree";

const root = path.resolve(__dirname, "../../..");

describe.each(["dev", "prod"])("the plan of %s", (stack) => {
  const environment = readEnvironment({ root, stack });
  let recorded: RecordedPlan;
  beforeAll(async () => {
    recorded = await planStack(root, environment);
  }, 60_000);

  test("refers only to resources and parents that it holds", () => {
    const { resources, outputs } = recorded.plan;
    const urns = new Set(resources.map(({ urn }) => urn));
    const text = JSON.stringify([resources, outputs]);
    const unknown = [...text.matchAll(/\$\{(urn:[^{}]*)\}/g)]
      .map(([, inside]) => inside as string)
      .filter((inside) => {
        for (let end = inside.lastIndexOf("."); end > 0; end = inside.lastIndexOf(".", end - 1)) {
          if (urns.has(inside.slice(0, end))) return false;
        }
        return true;
      });
    expect(unknown).toEqual([]);
    expect(resources.filter(({ parent }) => parent === null).map(({ type }) => type)).toEqual([
      STACK_TYPE,
    ]);
    expect(resources.filter(({ parent }) => parent !== null && !urns.has(parent))).toEqual([]);
  });

  test("holds no value that a program made of nothing", () => {
    const text = formatJson(recorded.plan);
    expect(text).not.toMatch(/\bundefined\b|\bNaN\b|\[object |Calling \[toString\]/);
    expect(text).not.toContain(root);
  });

  test("declares an endpoint for each flow, and the weights that the settings give", () => {
    const facts = factsOf(recorded, environment);
    expect(
      facts.flows.map(({ name, arms }) => ({
        name,
        weights: Object.fromEntries(arms.map((arm) => [arm.name, arm.weight])),
      })),
    ).toEqual(
      environment.flows.map(({ name, arms }) => ({
        name,
        weights: Object.fromEntries(arms.map((arm) => [arm.name, arm.weight])),
      })),
    );
    expect(facts.counts.resources + facts.counts.components + 1).toBe(
      recorded.plan.resources.length,
    );
  });

  test("shows no change against itself", () => {
    expect(compare(recorded, baselineOf(recorded.plan)).changes).toEqual([]);
  });

  test("names every arm and ends with what was counted", () => {
    const facts = factsOf(recorded, environment);
    const tree = renderTree(facts);
    for (const { arms } of environment.flows) {
      for (const { name, weight } of arms) {
        expect(tree).toMatch(new RegExp(`^ +${name} +[█░]{20} +${weight} %`, "m"));
      }
    }
    const roles = facts.roles.length;
    expect(tree.trimEnd().split("\n").at(-1)).toContain(`${roles} roles`);
  });
});
