import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseCsv } from "../../../packages/cli/experiment/csv";
import { guid } from "../../../packages/sandbox/ids";
import { type ModelStandIn, startModelStandIn } from "../../../packages/model-stand-in/server";
import { Repository, stackResources, startAzure, type JobRole } from "../../cloud/support";
import type { Resource, TestSandbox } from "../../sandbox/server/sandbox";
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
async function begin(
  flow: string,
  withoutRoles: readonly JobRole[] = [],
  change: (resources: Resource[]) => Resource[] = (all) => all,
) {
  repository = new Repository(flow);
  const data = repository.path("flows", flow, "data");
  for (const file of readdirSync(data).filter((name) => name.endsWith(".jsonl"))) {
    const lines = readFileSync(path.join(data, file), "utf8").split("\n").slice(0, 4);
    writeFileSync(path.join(data, file), `${lines.join("\n")}\n`);
  }
  azure = await startAzure(change(stackResources(repository.folder, withoutRoles)), {
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

  describe("with a connection that holds a key", () => {
    const run = () => genaiops("run", ["--cloud", "--only", "default"], azure.sandbox.environment);
    let secret: string;
    /** The workspace's connection by a key of the account, whose Entra role the job does not have. */
    const byKey =
      (which: string, account: object = {}) =>
      (resources: Resource[]) => {
        const { id } = resources.find(({ token }) => token.endsWith("cognitiveservices:Account"))!;
        secret = guid(id, which);
        return resources.map((one) => {
          const properties = one.body["properties"] as object;
          if (one.id === id) return { ...one, body: { properties: { ...properties, ...account } } };
          if (!one.token.endsWith(":WorkspaceConnection")) return one;
          const credentials = { key: secret };
          return {
            ...one,
            body: { properties: { ...properties, authType: "ApiKey", credentials } },
          };
        });
      };
    const entra: JobRole = "Cognitive Services OpenAI User";

    test("the job reads the key as its identity, and it stands in no file but the workspace's own", async () => {
      await begin("named-entity-recognition", [entra], byKey("key1"));
      expect(await run()).toMatchObject({
        code: 0,
        out: "entity_sentences.default: 4 of 4 lines\n",
      });
      const holding = [azure.folder, repository.folder].flatMap((folder) =>
        readdirSync(folder, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => path.join(entry.parentPath, entry.name))
          .filter((file) => readFileSync(file).includes(secret)),
      );
      expect(holding).toEqual([path.join(azure.folder, "azure.json")]);
    });

    const reader: JobRole = "Azure Machine Learning Workspace Connection Secrets Reader";
    test.each<[string, JobRole[], string, object, RegExp]>([
      [
        "without the role that reads it",
        [entra, reader],
        "key1",
        {},
        /the key of aoai cannot be read: 403 Forbidden/,
      ],
      [
        "that the account does not know",
        [entra],
        "other",
        {},
        /the model refused: .*AuthenticationError.*401/,
      ],
      [
        "where the account takes none",
        [entra],
        "key1",
        { disableLocalAuth: true },
        /the model refused: .*PermissionDeniedError.*403/,
      ],
    ])("%s the run stops at its place", async (_, without, which, account, message) => {
      await begin("named-entity-recognition", without, byKey(which, account));
      const refused = await run();
      expect(refused.code).toBe(2);
      expect(refused.err).toMatch(message);
      expect(refused.err).not.toContain(secret);
    });
  });
});
