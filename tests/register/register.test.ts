import { readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { hashFile, hashFolder } from "../../config/hash";
import { readEnvironment } from "../../config/read";
import { ensureVersion } from "../../packages/provider/assetVersion";
import type { Asset } from "../../packages/provider/assetRules";
import { cloudFromEnvironment } from "../../packages/provider/cloud";
import { ResourceManager } from "../../packages/provider/resourceManager";
import type { ObservedWrite } from "../../packages/sandbox/server";
import { Checkout } from "../cli/repository";
import { genaiopsBeside } from "../cli/run";
import type { Run } from "../cli/run";
import { TestSandbox } from "../sandbox/server/sandbox";
import { declare } from "../support/declared";
import { leaveResults, workspaceOf } from "./support";

/** `genaiops register` in processes of their own, against the simulated Azure over HTTPS. */

const flow = "web-classification";
const curated = `flows/${flow}/data/curated.jsonl`;
const checkout = new Checkout();
const { id: workspace, registry, resources } = workspaceOf(checkout.root, "dev");
const writes: ObservedWrite[] = [];
let azure: TestSandbox;

beforeAll(async () => {
  azure = await TestSandbox.start({ observe: (write) => writes.push(write) }, resources);
});
beforeEach(() => void (writes.length = 0));
afterAll(async () => {
  await azure.close();
  checkout.remove();
});
jest.setTimeout(60_000);

/** The command as a user runs it; this process goes on serving Azure meanwhile. */
function genaiops(args: readonly string[], change: NodeJS.ProcessEnv = {}): Promise<Run> {
  const variables = { ...azure.sandbox.environment, ...change };
  return genaiopsBeside([...args, "--cwd", checkout.root], variables);
}
const register = (...args: string[]) => genaiops(["register", flow, "--env", "dev", ...args]);

/** What was written to Resource Manager since the test began: the part of the path after the workspace. */
const written = () =>
  writes.map(
    ({ method, path: id }) =>
      `${method} ${id.replace(workspace, "").replace(registry, "registry")}`,
  );
const dataVersion = () => hashFile(checkout.root, curated).hash.slice(0, 30);
const tags = (asset: string) =>
  (
    azure.state.azure.resources[`${workspace}/${asset}`.toLowerCase()]?.body["properties"] as {
      tags: Record<string, string>;
    }
  ).tags;

const first = dataVersion();
const mixed = hashFile(checkout.root, `flows/${flow}/data/mixed.jsonl`).hash.slice(0, 30);
const original = readFileSync(path.join(checkout.root, curated), "utf8");
const model = "model web_classification_dev";

test("a new workspace gets each dataset and the model once", async () => {
  expect(await register()).toEqual({
    code: 0,
    out:
      `data web_classification_curated: registered version ${first}\n` +
      `data web_classification_mixed: registered version ${mixed}\n` +
      `${model}: registered version 1\n`,
    err: "",
  });
  expect(written()).toEqual([
    `PUT /data/web_classification_curated/versions/${first}`,
    `PUT /data/web_classification_mixed/versions/${mixed}`,
    "PUT /models/web_classification_dev/versions/1",
  ]);
  expect(tags(`models/web_classification_dev/versions/1`)).toEqual({
    flow,
    content_hash: hashFolder(checkout.root, `flows/${flow}`).hash,
  });
});

test("touching nothing registers nothing, and the bytes are not sent again", async () => {
  const blobs = azure.state.blobs.blobs;
  const { code, out } = await register();
  expect({ code, out }).toEqual({
    code: 0,
    out:
      `data web_classification_curated: version ${first} stands, it holds these bytes\n` +
      `data web_classification_mixed: version ${mixed} stands, it holds these bytes\n` +
      `${model}: version 1 stands, it holds these bytes\n`,
  });
  expect(written()).toEqual([]);
  expect(azure.state.blobs.blobs).toEqual(blobs);
});

test("one changed byte of a dataset registers one new version of it and nothing else", async () => {
  checkout.write(curated, original.replace("e", "E"));
  const { out } = await register();
  const changed = dataVersion();
  expect(changed).not.toBe(first);
  expect(out.split("\n").slice(0, 3)).toEqual([
    `data web_classification_curated: registered version ${changed}`,
    `data web_classification_mixed: version ${mixed} stands, it holds these bytes`,
    `${model}: version 1 stands, it holds these bytes`,
  ]);
  expect(written()).toEqual([`PUT /data/web_classification_curated/versions/${changed}`]);
});

test("going back finds the old version", async () => {
  checkout.write(curated, original);
  const { out } = await register("--dataset", "web_classification_curated");
  expect(out).toBe(
    `data web_classification_curated: version ${first} stands, it holds these bytes\n`,
  );
  expect(written()).toEqual([]);
});

test("a changed prompt is a new version of the model alone; going back finds the old one", async () => {
  const prompt = `flows/${flow}/prompts/summarize_short.jinja2`;
  checkout.write(prompt, "# system:\nSummarise.\n# user:\n<text>{{text}}</text>\n");
  expect((await register()).out).toContain(`${model}: registered version 2\n`);
  expect(written()).toEqual(["PUT /models/web_classification_dev/versions/2"]);
  checkout.restore(prompt);
  expect((await register()).out).toContain(`${model}: version 1 stands, it holds these bytes\n`);
});

test("what the stack declares for an arm that serves `current` finds the version of the command", async () => {
  const environment = readEnvironment({ root: checkout.root, stack: "dev" });
  const { one } = await declare(environment);
  const folder = one("genaiops:index:BlobFolder", `${flow}.files`).inputs;
  const declared = one("genaiops:index:AssetVersion", `${flow}.model`).inputs;
  const { resourceGroup, workspace: name } = environment.names;
  const known: Record<string, string> = {
    "<workspace.id>": workspace,
    "<resource-group.name>": resourceGroup,
    "<workspace.name>": name,
    [`<${flow}.files.path>`]: `${String(folder["prefix"])}/${String(folder["hash"])}`,
  };
  const asset = JSON.parse(
    JSON.stringify(declared).replace(/<[^>]*>/g, (text) => known[text] ?? text),
  ) as Asset;
  expect(JSON.stringify(asset)).not.toContain("<");
  const manager = new ResourceManager({
    ...cloudFromEnvironment({ ...process.env, ...azure.sandbox.environment }),
    credential: {
      getToken: async () => ({
        token: await azure.personToken(),
        expiresOnTimestamp: Date.now() + 600_000,
      }),
    },
    certificates: azure.ca,
  });
  expect(await ensureVersion(manager, asset)).toEqual({
    version: "1",
    assetId: `${workspace}/models/web_classification_dev/versions/1`,
  });
  expect(written()).toEqual([]);
  // The bytes lie where the stack looks for them.
  const manifest = `${String(folder["prefix"])}/${String(folder["hash"])}.files.json`;
  expect(JSON.stringify(azure.state.blobs.blobs)).toContain(manifest);
});

describe("approval", () => {
  const gate = path.join(checkout.root, ".genaiops/results", flow, "dev/gate.json");
  const report = (least: number) =>
    genaiops(["report", flow, "--env", "dev", "--fail-under", `accuracy=${least}`]);
  const refused = async (message: RegExp) => {
    const { code, out, err } = await register("--approve", "dev");
    expect({ code, out }).toEqual({ code: 3, out: "" });
    expect(err).toMatch(message);
    expect(err).not.toMatch(/^\s+at /m);
    expect(written()).toEqual([]);
  };

  test("without a gate is refused before anything is registered", async () => {
    await refused(
      /^refused to approve web-classification: no gate was passed in dev: .*gate\.json is missing; run genaiops run, evaluate and report --fail-under /,
    );
  });

  test("with a gate that failed is refused, with the value that was too low", async () => {
    leaveResults(checkout.root, flow, "dev", 0.7);
    expect((await report(0.8)).code).toBe(1);
    await refused(/grading\.accuracy on pages is 0\.7, at least 0\.8 is asked; improve the flow/);
  });

  test("with a gate that passed: one tag that names the evaluation; again: nothing", async () => {
    leaveResults(checkout.root, flow, "dev", 0.9);
    expect((await report(0.8)).code).toBe(0);
    const { code, out, err } = await register("--approve", "dev");
    const { evaluation } = JSON.parse(readFileSync(gate, "utf8")) as { evaluation: string };
    const evidence = `evaluation ${evaluation.slice(0, 20)}: grading.accuracy 0.9 of 0.8 on pages`;
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toContain(`${model} version 1: approved for dev, ${evidence}\n`);
    const published = "registry/models/web_classification_dev/versions/1";
    expect(written()).toEqual([
      "PUT /models/web_classification_dev/versions/1",
      `POST ${published}/startPendingUpload`,
      `PUT ${published}`,
      // The approval comes once the version stands.
      `PUT ${published}`,
    ]);
    expect(tags("models/web_classification_dev/versions/1")).toMatchObject({
      flow,
      approved_dev: evidence,
    });
    expect(tags("models/web_classification_dev/versions/2")).not.toHaveProperty("approved_dev");
    writes.length = 0;
    const again = await register("--approve", "dev");
    expect(again.out).toContain(`${model} version 1: is approved already for dev, ${evidence}\n`);
    expect(written()).toEqual([]);
  });

  test("with a gate about other bytes is refused", async () => {
    const prompt = `flows/${flow}/prompts/summarize_short.jinja2`;
    checkout.write(prompt, "# system:\nSummarise.\n");
    await refused(
      /the gate is about other bytes: it judged the model [0-9a-f]{20}, these files are [0-9a-f]{20}; run /,
    );
    checkout.restore(prompt);
  });

  test("with a gate weaker than that of the experiment's files is refused", async () => {
    leaveResults(checkout.root, flow, "dev", 0.82);
    expect((await report(0.8)).code).toBe(0);
    await refused(
      /the experiment's gate asks accuracy of at least 0\.85, and it is 0\.82 on pages; run /,
    );
    const experiment = `flows/${flow}/experiment.yaml`;
    const text = readFileSync(path.join(checkout.root, experiment), "utf8");
    checkout.write(experiment, text.replace("accuracy: 0.85", "grading.macro_f1: 0.5"));
    await refused(/asks grading\.macro_f1 of at least 0\.5, and it was not judged; run /);
    checkout.restore(experiment);
    leaveResults(checkout.root, flow, "dev", 0.9);
    expect((await report(0.8)).code).toBe(0);
  });

  test("with results that changed after the gate is refused", async () => {
    leaveResults(checkout.root, flow, "dev", 0.95);
    await refused(/the runs or evaluations changed after the gate; run /);
  });

  test.each([
    ["no JSON", "{"],
    ["another form", '{"passed": true}'],
    [
      "no condition",
      JSON.stringify({
        flow,
        environment: "dev",
        model: "a".repeat(64),
        evaluation: "a".repeat(64),
        passed: true,
        conditions: [],
      }),
    ],
  ])("with a gate file of %s is refused", async (_name, text) => {
    checkout.write(path.relative(checkout.root, gate), text);
    await refused(/gate\.json is no gate; run /);
  });

  test("with the gate of another environment is refused", async () => {
    leaveResults(checkout.root, flow, "dev", 0.9);
    await report(0.8);
    const text = readFileSync(gate, "utf8").replace('"environment": "dev"', '"environment": "pr"');
    checkout.write(path.relative(checkout.root, gate), text);
    await refused(/the gate is that of web-classification in pr; run /);
    rmSync(gate);
  });
});

describe("wrong arguments and places", () => {
  test.each<[string[], RegExp]>([
    [["register", "--env", "dev"], /^error: missing required argument 'flow'/],
    [["register", flow], /^error: required option '-e, --env <name>' not specified/],
    [
      ["register", "web", "--env", "dev"],
      /^there is no folder flows\/web; did you mean "web-classification"\?\n$/,
    ],
    [["register", flow, "--env", "dve"], /there is no stack "dve"; .*did you mean "dev"\?/],
    [["register", flow, "--env", "pr"], /there is no stack "pr"; /],
    [
      ["register", flow, "--env", "dev", "--approve", "prd"],
      /^there is no environment "prd"; did you mean "prod"\?\n$/,
    ],
    [
      ["register", flow, "--env", "dev", "--dataset", "web_classification_currated"],
      /^web-classification has no dataset "web_classification_currated"; did you mean "web_classification_curated"\?\n$/,
    ],
    [
      [
        "register",
        flow,
        "--env",
        "dev",
        "--dataset",
        "web_classification_mixed",
        "--approve",
        "dev",
      ],
      /^--approve is about the model, --dataset leaves it out; drop one of them\n$/,
    ],
  ])("%j: exit code 2, nothing written", async (args, message) => {
    const { code, out, err } = await genaiops(args);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toMatch(message);
    expect(err).not.toMatch(/^\s+at /m);
    expect(written()).toEqual([]);
  });

  test("broken files are told before Azure is asked", async () => {
    checkout.write("Pulumi.dev.yaml", "config:\n  network: ajar\n");
    const { code, err } = await register();
    checkout.restore("Pulumi.dev.yaml");
    expect(code).toBe(2);
    expect(err).toMatch(/^Pulumi\.dev\.yaml:2:12 {2}network is "ajar"/m);
  });

  test("a stack that does not stand yet: exit code 1, and how to make it", async () => {
    const { code, out, err } = await genaiops(["register", flow, "--env", "prod"]);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toMatch(
      /^there is no workspace mlw-genaiops-prod-\w+ in the resource group rg-genaiops-prod; make it with: pulumi up --stack prod\n$/,
    );
  });

  test("a wrong login: exit code 1, Azure's answer and what to do", async () => {
    const { code, err } = await genaiops(["register", flow, "--env", "dev"], {
      ARM_TENANT_ID: azure.sandbox.environment["AZURE_TENANT_ID"],
      ARM_CLIENT_ID: "99999999-0000-4000-8000-000000000000",
      ARM_CLIENT_SECRET: "c4n4ry-secret",
    });
    expect(code).toBe(1);
    expect(err).toMatch(/^cannot log in to Azure for https:\/\/127\.0\.0\.1:\d+/);
    expect(err).not.toContain("c4n4ry-secret");
    expect(err).not.toMatch(/^\s+at /m);
  });
});

test("help names what is new, the gate, examples and exit codes", async () => {
  const { code, out } = await genaiops(["register", "--help"]);
  expect(code).toBe(0);
  expect(out).toMatch(/^Usage: genaiops register \[options\] <flow>/);
  expect(out).toContain("$ genaiops register web-classification --env dev --approve dev");
  expect(out).toContain(
    "Exit codes: 0 done, 1 Azure refused, 2 wrong files or arguments, 3 no passing gate",
  );
});
