import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseCsv } from "../../../packages/cli/experiment/csv";
import { type ModelStandIn, startModelStandIn } from "../../../packages/model-stand-in/server";
import { Repository, stackResources, startAzure, type JobRole } from "../../cloud/support";
import type { TestSandbox } from "../../sandbox/server/sandbox";
import { ended } from "./experiment";
import { managedPython, root } from "./support";

/** Jobs of the simulated Azure that really run: the worker, prompt flow and Entra tokens for the model. */

const python = managedPython();
const key = "canary-77ab";
let standIn: ModelStandIn;
beforeAll(async () => {
  standIn = await startModelStandIn({ key });
});
afterAll(() => standIn.close());

const flows = readdirSync(path.join(root, "flows")).filter((flow) =>
  ["flow.dag.yaml", "flow.flex.yaml"].some((file) =>
    existsSync(path.join(root, "flows", flow, file)),
  ),
);

let repository: Repository;
let azure: TestSandbox;
async function begin(flow: string, withoutRoles: readonly JobRole[] = []) {
  repository = new Repository(flow);
  const data = repository.path("flows", flow, "data");
  for (const file of readdirSync(data).filter((name) => name.endsWith(".jsonl"))) {
    const lines = readFileSync(path.join(data, file), "utf8").split("\n").slice(0, 4);
    writeFileSync(path.join(data, file), `${lines.join("\n")}\n`);
  }
  azure = await startAzure(stackResources(repository.folder, withoutRoles), {
    models: { url: standIn.url, key },
  });
}
afterEach(async () => {
  await azure.close();
  repository.remove();
});

const genaiops = (verb: string, args: readonly string[], environment: Record<string, string>) =>
  ended(
    repository.start([verb, repository.flow, "--env", "dev", ...args], {
      GENAIOPS_PYTHON: python!,
      ...environment,
    }),
  );

/** Every CSV of the runs, without the column that the clock decides. */
function tables(): Record<string, string[][]> {
  const folder = repository.path(".genaiops/results", repository.flow, "dev/runs");
  return Object.fromEntries(
    readdirSync(folder)
      .sort()
      .map((file) => {
        const [header = [], ...rows] = parseCsv(readFileSync(path.join(folder, file), "utf8"));
        const seconds = header.indexOf("seconds");
        return [file, [header, ...rows].map((row) => row.filter((_, at) => at !== seconds))];
      }),
  );
}

const described = python === undefined ? describe.skip : describe;
described("a job on the real prompt flow", () => {
  test.each(flows)(
    "%s: local and cloud leave the same CSV, and both can be evaluated",
    async (flow) => {
      await begin(flow);
      const local = await genaiops("run", [], { AOAI_API_KEY: key, AOAI_API_BASE: standIn.url });
      expect(local).toMatchObject({ code: 0 });
      const here = tables();
      const before = standIn.counters().answered;
      const cloud = await genaiops("run", ["--cloud"], azure.sandbox.environment);
      expect(cloud).toMatchObject({ code: 0, out: local.out });
      expect(tables()).toEqual(here);
      expect(standIn.counters().answered).toBeGreaterThan(before);
      const evaluate = await genaiops("evaluate", ["--resamples", "5"], {
        AOAI_API_KEY: key,
        AOAI_API_BASE: standIn.url,
      });
      expect(evaluate).toMatchObject({ code: 0 });
    },
  );

  test.each<[JobRole, RegExp]>([
    ["Cognitive Services OpenAI User", /the model refused: .*lacks the required data action/],
    ["Storage Blob Data Contributor", /ended as Failed with 4 lines to do/],
    ["AcrPull", /ended as Failed with 4 lines to do/],
  ])("without the role %s the job fails", async (role, message) => {
    await begin("named-entity-recognition", [role]);
    const refused = await genaiops(
      "run",
      ["--cloud", "--only", "default"],
      azure.sandbox.environment,
    );
    expect(refused.code).not.toBe(0);
    expect(refused.err).toMatch(message);
  });
});
