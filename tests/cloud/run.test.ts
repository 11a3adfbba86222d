import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { readEnvironment } from "../../config/read";
import { parseCsv } from "../../packages/cli/experiment/csv";
import type { ObservedWrite } from "../../packages/sandbox/server";
import { ended } from "../flows/python/experiment";
import type { Resource, TestSandbox } from "../sandbox/server/sandbox";
import { FakeJob } from "./fakeJob";
import { CLIENT_ID, Repository, stackResources, startAzure } from "./support";

/** `genaiops run --cloud` in processes of its own, against a simulated Azure whose jobs answer without Python. */

jest.setTimeout(180_000);
const flow = "named-entity-recognition";
const key = "canary-41d7";

let repository: Repository;
let azure: TestSandbox;
let job: FakeJob;
let writes: ObservedWrite[];

async function begin(change: (resources: Resource[]) => Resource[] = (all) => all) {
  repository = new Repository(flow);
  repository.edit("data/sentences.jsonl", (text) => `${text.split("\n").slice(0, 5).join("\n")}\n`);
  job = new FakeJob();
  writes = [];
  azure = await startAzure(change(stackResources(repository.folder)), {
    runJob: (command) => job.run(command),
    observe: (write) => writes.push(write),
  });
}
afterEach(async () => {
  await azure.close();
  repository.remove();
});

const start = (...args: string[]) =>
  repository.start(["run", flow, "--env", "dev", ...args], {
    ...azure.sandbox.environment,
    AOAI_API_KEY: key,
  });
const cloud = (...args: string[]) => ended(start("--cloud", "--chunk", "3", ...args));
const one = (...args: string[]) => cloud("--only", "default", ...args);
const forget = () => rmSync(repository.path(".genaiops"), { recursive: true });
/** Names of the jobs that were started. */
const started = () =>
  writes
    .filter(({ method, path: id }) => method === "PUT" && id.includes("/jobs/"))
    .map(({ path: id }) => path.basename(id));
const results = (...parts: string[]) => repository.read(".genaiops/results", flow, "dev", ...parts);

test("each run is a job; it is given addresses, and no key lies anywhere", async () => {
  await begin();
  expect(await cloud()).toMatchObject({
    code: 0,
    out:
      "entity_sentences.default: 5 of 5 lines\n" +
      "entity_sentences.extract_entities.variant_0: 5 of 5 lines\n" +
      "entity_sentences.extract_entities.variant_2: 5 of 5 lines\n",
  });
  expect(started()).toHaveLength(3);
  const { subscriptionId, names } = readEnvironment({ root: repository.folder, stack: "dev" });
  const workspace = `/subscriptions/${subscriptionId}/resourceGroups/${names.resourceGroup}/providers/Microsoft.MachineLearningServices/workspaces/${names.workspace}`;
  const data = (folder: string) =>
    expect.stringMatching(
      new RegExp(`^azureml:.*/datastores/workspaceblobstore/paths/${folder}/[0-9a-f]{64}$`),
    );
  const input = (folder: string) => ({
    jobInputType: "uri_folder",
    uri: data(folder),
    mode: "ReadOnlyMount",
  });
  const body = writes.find(({ path: id }) => id.includes("/jobs/"))!.body as {
    properties: { displayName: string };
  };
  expect(body).toEqual({
    properties: {
      jobType: "Command",
      displayName: body.properties.displayName,
      experimentName: "named_entity_recognition",
      command:
        "python ${{inputs.code}}/job.py --plan ${{inputs.plan}}/plan.json --flow ${{inputs.flow}} " +
        "--data ${{inputs.data}} --results ${{outputs.results}}",
      environmentId: `${workspace}/environments/promptflow/versions/one`,
      computeId: `${workspace}/computes/cpu-cluster`,
      identity: { identityType: "Managed", clientId: CLIENT_ID },
      environmentVariables: { AZURE_CLIENT_ID: CLIENT_ID },
      inputs: {
        code: input("experiments/code"),
        plan: input("experiments/plans"),
        flow: input(`flows/${flow}`),
        data: input("experiments/data"),
      },
      outputs: {
        results: {
          jobOutputType: "uri_folder",
          uri: expect.stringMatching(
            /\/paths\/experiments\/results\/named-entity-recognition\/[0-9a-f]{20}$/,
          ),
          mode: "ReadWriteMount",
        },
      },
      tags: { flow, environment: "dev", run: body.properties.displayName },
    },
  });
  expect(job.plans[0]!.connections).toEqual([
    {
      name: "aoai",
      connection_type: "AzureOpenAIConnection",
      authentication: "entra",
      api_base: `https://${names.openAI}.openai.azure.com/`,
      api_type: "azure",
      api_version: "2024-10-21",
    },
  ]);
  expect(
    parseCsv(results("runs/entity_sentences.default.csv")).map((row) => row.slice(0, 3)),
  ).toEqual([
    ["line", "status", "outputs.number"],
    ["1", "completed", "0"],
    ["2", "completed", "1"],
    ["3", "completed", "2"],
    ["4", "completed", "0"],
    ["5", "completed", "1"],
  ]);
  const holding = [azure.folder, repository.folder].flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name))
      .filter((file) => readFileSync(file).includes(key)),
  );
  expect(holding).toEqual([]);
});

test("what is done is never paid twice: not here, not from another checkout", async () => {
  await begin();
  await one();
  const again = await one();
  expect(again.err).toContain("2 chunks done before; 0 to run");
  forget();
  const elsewhere = await one();
  expect(elsewhere).toMatchObject({ code: 0, out: "entity_sentences.default: 5 of 5 lines\n" });
  expect(elsewhere.err).toContain("entity_sentences.default: done in the cloud before");
  expect(started()).toHaveLength(1);
});

test("Ctrl-C leaves the job running, and the same command waits for it again", async () => {
  await begin();
  let release = () => {};
  job.hold = new Promise((done) => (release = done));
  const child = start("--cloud", "--chunk", "3", "--only", "default");
  const end = ended(child);
  child.stderr!.on("data", (text: Buffer) => {
    if (String(text).includes("Running")) child.kill("SIGINT");
  });
  expect(await end).toMatchObject({ code: 1 });
  expect((await end).err).toMatch(
    /Stopped waiting; the jobs go on in the cloud\. The same command waits for them again, with --cancel it stops them\.\n$/,
  );
  forget();
  const waiting = one();
  release();
  expect(await waiting).toMatchObject({ code: 0, out: "entity_sentences.default: 5 of 5 lines\n" });
  expect(started()).toHaveLength(1);
});

test("after a failure another job runs what is left, and that alone", async () => {
  await begin();
  job.failing = { after: 1 };
  const failed = await one();
  expect(failed.code).toBe(1);
  expect(failed.err).toMatch(
    /entity_sentences\.default, job named-entity-recognition-[0-9a-f]{20}-1 ended as Failed with 2 lines to do; its log says why: https:\S+\nThe same command runs what is left in another job\.\n$/,
  );
  expect(readdirSync(repository.path(".genaiops")).includes("results")).toBe(false);
  job.failing = undefined;
  expect(await one()).toMatchObject({ code: 0 });
  expect(
    job.plans.map(({ attempt, chunks }) => [attempt, chunks.map(({ chunk }) => chunk)]),
  ).toEqual([
    [1, ["chunk-0001", "chunk-0002"]],
    [2, ["chunk-0002"]],
  ]);
});

test("what a job says of its failure is told at the place to mend", async () => {
  await begin();
  job.failing = { after: 0, kind: "connection" };
  const refused = await one();
  expect(refused.code).toBe(2);
  expect(refused.err).toMatch(
    /^flows\/named-entity-recognition\/experiment\.yaml:\d+:1 {2}the model refused: no such deployment; .*; correct the connection under `connections` of the stack's settings, or the rights of the job's identity, then start again \(stopped in entity_sentences\.default, job \S+-1\)$/m,
  );
});

test("--cancel stops the jobs of the experiment; what is left runs in another", async () => {
  await begin();
  job.hold = new Promise(() => {});
  const waiting = start("--cloud", "--chunk", "3", "--only", "default");
  const end = ended(waiting);
  await new Promise<void>((running) => {
    waiting.stderr!.on("data", (text: Buffer) => {
      if (String(text).includes("Running")) running();
    });
  });
  expect(await cloud("--cancel")).toMatchObject({ code: 0, out: "1 jobs cancelled\n" });
  expect((await end).err).toMatch(/ended as Canceled with 5 lines to do/);
  expect(await cloud("--cancel")).toMatchObject({ code: 0, out: "0 jobs cancelled\n" });
  job.hold = Promise.resolve();
  expect(await one()).toMatchObject({ code: 0 });
  expect(started().map((name) => name.at(-1))).toEqual(["1", "2"]);
});

test("--retry-failed runs chunks with failed lines again, in the cloud too", async () => {
  await begin();
  job.failedLines = 1;
  expect(await one()).toMatchObject({ out: "entity_sentences.default: 3 of 5 lines, 2 failed\n" });
  expect(await one()).toMatchObject({ out: "entity_sentences.default: 3 of 5 lines, 2 failed\n" });
  job.failedLines = 0;
  expect(await one("--retry-failed")).toMatchObject({
    out: "entity_sentences.default: 5 of 5 lines\n",
  });
  expect(started()).toHaveLength(2);
});

test("bytes that are not those that the job wrote are no result", async () => {
  await begin();
  job.lying = true;
  const refused = await one();
  expect(refused).toMatchObject({ code: 1, out: "" });
  expect(refused.err).toMatch(
    /chunk-0001\/lines\.jsonl is not what the job wrote; remove \S+\/done\.json and run this again\n$/,
  );
});

test("a registered dataset runs in the cloud, and what came of it is there for evaluators and local runs", async () => {
  await begin();
  const environment = azure.sandbox.environment;
  const registered = await ended(
    repository.start(
      ["register", flow, "--env", "dev", "--dataset", "entity_sentences"],
      environment,
    ),
  );
  const version = /version ([0-9a-f]+)/.exec(registered.out)![1]!;
  const base = repository.read("flows", flow, "experiment.yaml");
  repository.edit("experiment.yaml", (text) =>
    text.replaceAll("data/sentences.jsonl", `azureml:entity_sentences:${version}`),
  );
  const local = await ended(start("--local"));
  expect(local.code).toBe(2);
  expect(local.err).toContain(`azureml:entity_sentences:${version} is a registered dataset`);
  const run = await one();
  expect(run).toMatchObject({ code: 0, out: "entity_sentences.default: 5 of 5 lines\n" });
  const index = JSON.parse(results("runs.json")) as { runs: { source: string; lines: number }[] };
  expect(index.runs).toMatchObject([{ source: `azureml:entity_sentences:${version}`, lines: 5 }]);
  // The same bytes from the repository are the same work.
  writeFileSync(repository.path("flows", flow, "experiment.yaml"), base);
  expect((await one()).err).toContain("2 chunks done before; 0 to run");
  expect(started()).toHaveLength(1);
});

test("without a cluster a job runs on a serverless node, as the identity of jobs", async () => {
  await begin((resources) => {
    const file = repository.path("Pulumi.dev.yaml");
    const settings = readFileSync(file, "utf8").replace(/^  compute: .*\n/m, "");
    writeFileSync(file, settings);
    const identity = resources.find(({ id }) => id.includes("/userAssignedIdentities/"))!.id;
    const holder = { type: "UserAssigned", userAssignedIdentities: { [identity]: {} } };
    return resources
      .filter(({ id }) => !id.includes("/computes/"))
      .map((one) =>
        one.token.endsWith(":Workspace")
          ? { ...one, body: { ...one.body, identity: holder } }
          : one,
      );
  });
  expect(await one()).toMatchObject({ code: 0, out: "entity_sentences.default: 5 of 5 lines\n" });
  const { properties } = writes.find(({ path: id }) => id.includes("/jobs/"))!.body as {
    properties: object;
  };
  expect(properties).toMatchObject({
    resources: { instanceType: "Standard_DS3_v2", instanceCount: 1 },
    identity: { identityType: "Managed", clientId: CLIENT_ID },
  });
  expect(properties).not.toHaveProperty("computeId");
});

const without = (part: string) => (resources: Resource[]) =>
  resources.filter(({ id }) => !id.includes(part));
const connection = (properties: object) => (resources: Resource[]) =>
  resources.map((resource) =>
    resource.id.endsWith("/connections/aoai") ? { ...resource, body: { properties } } : resource,
  );
const registeredAs = (source: string) => () =>
  repository.edit("experiment.yaml", (text) => text.replaceAll("data/sentences.jsonl", source));

interface Refusal {
  readonly what: string;
  readonly message: RegExp;
  readonly code: number;
  readonly change?: (resources: Resource[]) => Resource[];
  readonly edit?: () => void;
}

test.each<Refusal>([
  {
    what: "no workspace",
    message:
      /^there is no workspace mlw-\S+ in the resource group rg-genaiops-dev; make it with: pulumi up --stack dev$/m,
    code: 1,
    change: without("/datastores/"),
  },
  {
    what: "no compute",
    message: /^the workspace has no compute cpu-cluster; make it with: pulumi up --stack dev$/m,
    code: 1,
    change: without("/computes/"),
  },
  {
    what: "no identity",
    message:
      /^there is no identity \S+\/id-genaiops-dev-compute-\S+, which jobs run as; make it with/m,
    code: 1,
    change: without("/userAssignedIdentities/"),
  },
  {
    what: "no image",
    message: /^the workspace has no environment promptflow, which the stack makes with its image/m,
    code: 1,
    change: without("/environments/"),
  },
  {
    what: "no connection",
    message:
      /experiment\.yaml:\d+:5 {2}the workspace has no connection "aoai"; in the cloud, a connection of the workspace that is a AzureOpenAIConnection; declare it/,
    code: 2,
    change: without("/connections/"),
  },
  {
    what: "a connection that prompt flow does not know",
    message: /the workspace's connection "aoai" has the category Git/,
    code: 2,
    change: connection({ category: "Git", authType: "PAT" }),
  },
  {
    what: "a connection of another service",
    message: /the workspace's connection "aoai" has the category OpenAI; in the cloud/,
    code: 2,
    change: connection({
      category: "OpenAI",
      authType: "ApiKey",
      target: "https://api.openai.com/v1",
    }),
  },
  {
    what: "a dataset version that nobody registered",
    message: /\/data\/entity_sentences\/versions\/7 does not exist; register it/,
    code: 1,
    edit: registeredAs("azureml:entity_sentences:7"),
  },
])("refused before anything is sent: $what", async ({ message, code, change, edit }) => {
  await begin(change);
  edit?.();
  const refused = await one();
  expect(refused).toMatchObject({ code, out: "" });
  expect(refused.err).toMatch(message);
  expect(writes).toEqual([]);
  expect(azure.state.blobs.blobs).toEqual({});
});

test.each([
  [["--local", "--cloud"], /option '--local' cannot be used with option '--cloud'/],
  [["--cancel"], /--cancel is about jobs: add --cloud/],
])("arguments %p", async (args, message) => {
  await begin();
  const refused = await ended(start(...args));
  expect(refused.code).toBe(2);
  expect(refused.err).toMatch(message);
});

test("an environment without a stack has no workspace to run in", async () => {
  await begin();
  const child = repository.start(
    ["run", flow, "--env", "pr", "--cloud"],
    azure.sandbox.environment,
  );
  const refused = await ended(child);
  expect(refused.code).toBe(2);
  expect(refused.err).toMatch(/Pulumi\.pr\.yaml/);
});
