import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { type ModelStandIn, startModelStandIn } from "../../../packages/model-stand-in/server";
import { Repository } from "./experiment";
import { managedPython, root } from "./support";

/** Every flow of the repository that prompt flow runs: all its lines, all its evaluators, its report, its gate. */

const python = managedPython();
const flows = readdirSync(path.join(root, "flows")).filter(
  (flow) => !existsSync(path.join(root, "flows", flow, "Dockerfile")),
);

/** Configurations whose metrics are measured, with all defaults first. */
const measured: Readonly<Record<string, number>> = {
  "document-chat": 3,
  "maths-coding": 3,
  "named-entity-recognition": 3,
  "support-reply": 1,
  "ticket-routing": 2,
  "web-classification": 8,
};

let standIn: ModelStandIn;
beforeAll(async () => {
  standIn = await startModelStandIn({ key: "canary" });
});
afterAll(() => standIn.close());

(python === undefined ? describe.skip : describe)("every flow on the real prompt flow", () => {
  test("stands in the table above", () => {
    expect(Object.keys(measured)).toEqual(flows);
  });

  test.each(flows)("%s passes its own gate, and its configurations differ", async (flow) => {
    const repository = new Repository(flow, python!);
    try {
      const connection = { AOAI_API_KEY: "canary", AOAI_API_BASE: standIn.url };
      const run = await repository.genaiops("run", [], connection);
      expect(run.code).toBe(0);
      expect(run.out).not.toMatch(/: (\d+) of (?!\1 )/);
      const evaluate = await repository.genaiops("evaluate", ["--resamples", "20"], connection);
      expect(evaluate.code).toBe(0);
      const numbers = new Map<string, string[]>();
      for (const [, name, evaluator, metrics] of evaluate.out.matchAll(/^(.*?): (\w+): (.*)$/gm)) {
        numbers.set(name!, [...(numbers.get(name!) ?? []), `${evaluator}: ${metrics}`]);
      }
      expect(numbers.size).toBe(measured[flow]);
      expect(new Set([...numbers.values()].map(String)).size).toBe(measured[flow]);
      const report = await repository.genaiops("report", ["--fail-under"], connection);
      expect({ code: report.code, failed: report.out.match(/^failed: .*$/gm) }).toEqual({
        code: 0,
        failed: null,
      });
      expect(report.out).toMatch(/^passed: /m);
    } finally {
      repository.remove();
    }
  });
});
