import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { createHash } from "node:crypto";
import { type EngineEvent, LocalWorkspace, type Stack } from "@pulumi/pulumi/automation";
import * as pulumi from "@pulumi/pulumi";
import {
  AssetVersion,
  BlobFolder,
  EndpointSettings,
  approvedVersions,
} from "../../packages/provider/resources";
import { sandboxPerson } from "../../packages/sandbox/server";
import { group, type Resource, storageFor, TestSandbox } from "../sandbox/server/sandbox";

/** The provider `genaiops` under the real engine, alone: what stands in Azure before was made by others. */

const ml = "azure-native:machinelearningservices";
const workspace = `${group}/providers/Microsoft.MachineLearningServices/workspaces/ws-one`;
const endpoint = `${workspace}/onlineEndpoints/web-one`;
const account = `${group}/providers/Microsoft.Storage/storageAccounts/stone`;
const canary = "canary-7d30";
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

const resources: Resource[] = [
  { id: group, token: "azure-native:resources:ResourceGroup", body: { location: "swedencentral" } },
  { id: workspace, token: `${ml}:Workspace`, body: { location: "swedencentral" } },
  {
    id: endpoint,
    token: `${ml}:OnlineEndpoint`,
    body: {
      location: "swedencentral",
      kind: "Managed",
      identity: { type: "SystemAssigned" },
      tags: {},
      properties: {
        authMode: "AADToken",
        publicNetworkAccess: "Disabled",
        provisioningState: "Succeeded",
        traffic: {},
      },
    },
  },
  ...["blue", "green"].map((name) => ({
    id: `${endpoint}/deployments/${name}`,
    token: `${ml}:OnlineDeployment`,
    body: { properties: { provisioningState: "Succeeded" } },
  })),
  {
    id: `${workspace}/models/web_dev/versions/3`,
    token: `${ml}:ModelVersion`,
    body: { properties: { tags: { approved_dev: "yes" } } },
  },
  ...storageFor(sandboxPerson, account, "flows"),
];

/** What the program reads at every run; the tests change it. */
const wish = {
  name: "settings",
  weights: { blue: 100, green: 0 } as Record<string, number>,
  team: "a",
  content: "one",
};
const root = fs.mkdtempSync(path.join(os.tmpdir(), "genaiops-root-"));

async function program(): Promise<Record<string, unknown>> {
  const { versions } = await approvedVersions({
    workspace,
    environment: "dev",
    models: ["web_dev", "none"],
  });
  fs.mkdirSync(path.join(root, "flow"), { recursive: true });
  fs.writeFileSync(path.join(root, "flow", "prompt.txt"), wish.content);
  const files = { "prompt.txt": sha256(wish.content) };
  const hash = sha256(JSON.stringify(files));
  const folder = new BlobFolder("files", {
    account: "stone",
    container: "flows",
    prefix: "web",
    source: "flow",
    files,
    hash,
  });
  const model = new AssetVersion("model", {
    workspace,
    kind: "model",
    name: "web_dev",
    hash,
    properties: {
      modelUri: pulumi.interpolate`azureml://datastores/flows/paths/${folder.path}`,
      modelType: "custom_model",
    },
  });
  const settings = new EndpointSettings(wish.name, {
    endpoint,
    weights: wish.weights,
    authMode: "AADToken",
    publicNetworkAccess: "Disabled",
    tags: { team: wish.team, hidden: pulumi.secret(canary) },
  });
  return {
    approved: versions,
    path: folder.path,
    version: model.version,
    scoringUri: settings.scoringUri,
    tags: settings.tags,
  };
}

describe("the provider genaiops under the real engine", () => {
  let azure: TestSandbox;
  let stack: Stack;

  beforeAll(async () => {
    azure = await TestSandbox.start({}, resources);
    stack = await open();
  });
  afterAll(async () => {
    await azure.close();
    fs.rmSync(root, { recursive: true });
  });

  async function open(): Promise<Stack> {
    const backend = path.join(azure.folder, "backend");
    fs.mkdirSync(backend, { recursive: true });
    return LocalWorkspace.createOrSelectStack(
      { stackName: "dev", projectName: "provider", program },
      {
        workDir: azure.folder,
        envVars: {
          ...azure.sandbox.environment,
          GENAIOPS_ROOT: root,
          PATH: [path.resolve(__dirname, "../../packages/provider"), process.env["PATH"]].join(
            path.delimiter,
          ),
          PULUMI_BACKEND_URL: `file://${backend}`,
          PULUMI_CONFIG_PASSPHRASE: "passphrase",
          PULUMI_SKIP_UPDATE_CHECK: "true",
        },
      },
    );
  }

  async function run(command: "preview" | "up" | "refresh" | "destroy", signal?: AbortSignal) {
    const events: EngineEvent[] = [];
    const failed = await stack[command]({
      onEvent: (event) => events.push(event),
      ...(signal && { signal }),
    }).then(
      () => false,
      () => true,
    );
    const changed = events
      .flatMap(({ resourcePreEvent }) => resourcePreEvent?.metadata ?? [])
      .filter(({ op, type }) => op !== "same" && type.startsWith("genaiops:"))
      .map(({ op, urn, detailedDiff }) => [
        op,
        urn.split("::").at(-1),
        Object.keys(detailedDiff ?? {}).sort(),
      ]);
    const said = events
      .flatMap(({ diagnosticEvent }) =>
        diagnosticEvent?.severity === "error" ? [diagnosticEvent.message] : [],
      )
      .join("\n");
    return { failed, changed, said };
  }

  const live = () =>
    azure.state.azure.resources[endpoint.toLowerCase()]?.body as {
      tags: object;
      properties: Record<string, unknown>;
    };
  const outputs = async () =>
    Object.fromEntries(
      Object.entries(await stack.outputs()).map(([name, { value }]) => [name, value]),
    );

  test("up writes everything, up again nothing", async () => {
    const { changed } = await run("up");
    expect(changed.map(([op, name]) => `${op} ${name}`).sort()).toEqual([
      "create files",
      "create model",
      "create settings",
    ]);
    expect(await outputs()).toMatchObject({
      approved: { web_dev: 3 },
      path: expect.stringMatching(/^web\/[0-9a-f]{64}$/),
      version: "4",
      scoringUri: "https://web-one.swedencentral.inference.ml.azure.com/score",
    });
    expect(live().properties["traffic"]).toEqual({ blue: 100, green: 0 });
    expect((await run("up")).changed).toEqual([]);
  });

  test("a secret tag reaches Azure and stands in no plain text in the state", async () => {
    expect(live().tags).toEqual({ team: "a", hidden: canary });
    const state = path.join(azure.folder, "backend", ".pulumi", "stacks", "provider", "dev.json");
    const recorded = fs.readFileSync(state, "utf8");
    expect([recorded.includes("ciphertext"), recorded.includes(canary)]).toEqual([true, false]);
    expect((await stack.outputs())["tags"]?.secret).toBe(true);
  });

  test("weights and tags change as single properties", async () => {
    wish.weights = { blue: 90, green: 10 };
    expect((await run("preview")).changed).toEqual([
      ["update", "settings", ["weights.blue", "weights.green"]],
    ]);
    await run("up");
    wish.team = "b";
    expect((await run("up")).changed).toEqual([["update", "settings", ["tags.team"]]]);
    expect(live()).toMatchObject({
      tags: { team: "b" },
      properties: { traffic: { blue: 90, green: 10 } },
    });
  });

  test("wrong weights are named as a property, and a refusal is said without a stack", async () => {
    wish.weights = { blue: 90, green: 20 };
    expect((await run("preview")).said).toContain("property weights");
    expect((await run("preview")).said).toContain(
      "the sum of blue 90, green 20 is 110; make it 100, or 0 while no arm serves yet",
    );
    wish.weights = { blue: 90, gold: 10 };
    const { failed, said } = await run("up");
    expect([
      failed,
      said.includes("arm gold: the endpoint has no such deployment, it has blue, green"),
      /\n\s+at /.test(said),
    ]).toEqual([true, true, false]);
    expect(live().properties["traffic"]).toEqual({ blue: 90, green: 10 });
    wish.weights = { blue: 90, green: 10 };
    expect((await run("up")).changed).toEqual([]);
  });

  test("content moves the model to a new version in place, and back to the earlier one", async () => {
    wish.content = "two";
    expect((await run("up")).changed.map(([op, name]) => [op, name]).sort()).toEqual([
      ["update", "files"],
      ["update", "model"],
    ]);
    expect((await outputs())["version"]).toBe("5");
    wish.content = "one";
    await run("up");
    expect((await outputs())["version"]).toBe("4");
  });

  test("a refresh shows the weights that somebody set, and up restores them", async () => {
    const { properties } = live();
    await azure.put(endpoint, "2025-12-01", {
      location: "swedencentral",
      identity: { type: "SystemAssigned" },
      tags: live().tags,
      properties: {
        ...properties,
        provisioningState: undefined,
        scoringUri: undefined,
        swaggerUri: undefined,
        traffic: { blue: 0, green: 100 },
      },
    });
    await run("refresh");
    expect((await run("up")).changed).toEqual([
      ["update", "settings", ["weights.blue", "weights.green"]],
    ]);
    expect(live().properties["traffic"]).toEqual({ blue: 90, green: 10 });
  });

  test("a resource renamed in the program keeps the routing", async () => {
    wish.name = "renamed";
    expect((await run("up")).changed.map(([op, name]) => [op, name])).toEqual([
      ["create", "renamed"],
      ["delete", "settings"],
    ]);
    expect(live().properties["traffic"]).toEqual({ blue: 90, green: 10 });
  });

  test("Ctrl-C ends a long wait at once, says what Azure does, and the next up goes on", async () => {
    const folder = azure.folder;
    await azure.close();
    azure = await TestSandbox.start({ polls: 1_000_000 }, folder);
    stack = await open();
    wish.weights = { blue: 20, green: 80 };
    const abort = new AbortController();
    const running = run("up", abort.signal);
    while ((live().properties["traffic"] as Record<string, number>)["green"] !== 80) {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const started = Date.now();
    abort.abort();
    const { failed, said } = await running;
    expect(Date.now() - started).toBeLessThan(15_000);
    expect([
      failed,
      said.includes("cancelled while Azure was working; Azure goes on with it"),
    ]).toEqual([true, true]);

    await azure.close();
    const state = path.join(folder, "azure.json");
    const text = fs.readFileSync(state, "utf8").replaceAll(/"pollsLeft":\s*\d+/g, '"pollsLeft": 1');
    fs.writeFileSync(state, text);
    azure = await TestSandbox.start({}, folder);
    stack = await open();
    expect((await run("up")).failed).toBe(false);
    expect(live().properties["traffic"]).toEqual({ blue: 20, green: 80 });
  });

  test("destroy takes the arms out of the routing and leaves versions and files", async () => {
    expect((await run("destroy")).failed).toBe(false);
    expect(live().properties["traffic"]).toEqual({ blue: 0, green: 0 });
    const versions = Object.keys(azure.state.azure.resources).filter((id) =>
      id.includes("/versions/"),
    );
    expect(versions.map((id) => id.split("/").at(-1))).toEqual(["3", "4", "5"]);
    expect(Object.keys(azure.state.blobs.blobs).length).toBe(4);
  });
});
