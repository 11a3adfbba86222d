import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type { EngineEvent, OpType } from "@pulumi/pulumi/automation";
import { LocalWorkspace, type Stack } from "@pulumi/pulumi/automation";
import * as authorization from "@pulumi/azure-native/authorization";
import * as containerregistry from "@pulumi/azure-native/containerregistry";
import * as keyvault from "@pulumi/azure-native/keyvault";
import * as machinelearning from "@pulumi/azure-native/machinelearningservices";
import * as resources from "@pulumi/azure-native/resources";
import * as storage from "@pulumi/azure-native/storage";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { sandboxPerson } from "../../packages/sandbox/server";
import { type Resource, TestSandbox, group, subscription } from "../sandbox/server/sandbox";
import type { ServerSettings } from "../../packages/sandbox/server";

/** The simulated azure-native and docker, driven by the real engine. `pulumi` is expected on PATH. */

const canary = "canary-4f1c";
const resourceGroup = "azure-native:resources:ResourceGroup";

interface Step {
  readonly op: OpType;
  readonly type: string;
  readonly changes: Record<string, string>;
}

function steps(events: readonly EngineEvent[]): Step[] {
  return events
    .flatMap(({ resourcePreEvent }) => resourcePreEvent?.metadata ?? [])
    .filter(({ op, type }) => op !== "same" && !type.startsWith("pulumi:"))
    .map(({ op, type, detailedDiff }) => ({
      op,
      type,
      changes: Object.fromEntries(
        Object.entries((detailedDiff ?? {}) as Record<string, { diffKind: string }>).map(
          ([name, { diffKind }]) => [name, diffKind],
        ),
      ),
    }));
}

class Deployment {
  private constructor(
    readonly azure: TestSandbox,
    readonly stack: Stack,
  ) {}

  static async open(
    program: () => Promise<Record<string, unknown>>,
    from: readonly Resource[] = [],
    settings: ServerSettings = {},
  ) {
    const azure = await TestSandbox.start(settings, from);
    const backend = path.join(azure.folder, "backend");
    fs.mkdirSync(backend);
    const providers = path.resolve(__dirname, "../../packages/sandbox/providers");
    const stack = await LocalWorkspace.createOrSelectStack(
      { stackName: "dev", projectName: "edges", program },
      {
        workDir: azure.folder,
        envVars: {
          ...azure.sandbox.environment,
          PATH: [providers, process.env.PATH].join(path.delimiter),
          PULUMI_BACKEND_URL: `file://${backend}`,
          PULUMI_CONFIG_PASSPHRASE: "passphrase",
          PULUMI_SKIP_UPDATE_CHECK: "true",
        },
      },
    );
    await stack.setAllConfig({
      "azure-native:subscriptionId": { value: path.basename(subscription) },
      "azure-native:tenantId": { value: azure.sandbox.environment.AZURE_TENANT_ID ?? "" },
      "azure-native:location": { value: "swedencentral" },
    });
    return new Deployment(azure, stack);
  }

  async preview(): Promise<Step[]> {
    const events: EngineEvent[] = [];
    await this.stack.preview({ onEvent: (event) => events.push(event) });
    return steps(events);
  }

  async up(): Promise<Step[]> {
    const events: EngineEvent[] = [];
    await this.stack.up({ onEvent: (event) => events.push(event) });
    return steps(events);
  }

  /** What a refused `up` told the user. */
  async refusal(): Promise<string> {
    const events: EngineEvent[] = [];
    await this.stack.up({ onEvent: (event) => events.push(event) }).catch(() => undefined);
    return events
      .flatMap(({ diagnosticEvent }) =>
        diagnosticEvent?.severity === "error" ? [diagnosticEvent.message] : [],
      )
      .join("\n");
  }

  async recorded(type: string): Promise<{
    id: string;
    inputs: Record<string, unknown>;
    outputs: Record<string, unknown>;
    initErrors?: string[];
  }> {
    const { deployment } = await this.stack.exportStack();
    return deployment.resources.find((one: { type: string }) => one.type === type);
  }

  async close(): Promise<void> {
    try {
      await this.stack.destroy();
    } finally {
      await this.azure.close();
    }
  }
}

/** A resource whose inputs TypeScript has not checked. */
class Untyped extends pulumi.CustomResource {}

/** What the programs below read at every run. */
const wish = { team: "a", image: fs.mkdtempSync(path.join(os.tmpdir(), "genaiops-image-")) };

async function platform(): Promise<Record<string, unknown>> {
  const me = await authorization.getClientConfig();
  const rg = new resources.ResourceGroup("rg", {
    resourceGroupName: "rg-one",
    tags: { team: wish.team },
  });
  const account = new storage.StorageAccount("store", {
    resourceGroupName: rg.name,
    accountName: "stone",
    kind: "StorageV2",
    sku: { name: "Standard_LRS" },
  });
  const vault = new keyvault.Vault("vault", {
    resourceGroupName: rg.name,
    vaultName: "kv-one",
    properties: {
      tenantId: me.tenantId,
      sku: { family: "A", name: "standard" },
      enableRbacAuthorization: true,
    },
  });
  new keyvault.Secret("key", {
    resourceGroupName: rg.name,
    vaultName: vault.name,
    secretName: "aoai",
    properties: { value: pulumi.secret(canary) },
  });
  const registry = new containerregistry.Registry("registry", {
    resourceGroupName: rg.name,
    registryName: "crone",
    sku: { name: "Basic" },
  });
  const image = new docker.Image("image", {
    imageName: pulumi.interpolate`${registry.loginServer}/web:1`,
    build: { context: wish.image },
  });
  return {
    me: me.objectId,
    account: account.id,
    region: account.location,
    blob: account.primaryEndpoints.blob,
    digest: image.repoDigest,
  };
}

describe("the simulated providers under the real engine", () => {
  let deployment: Deployment;
  beforeAll(async () => {
    fs.writeFileSync(path.join(wish.image, "Dockerfile"), "FROM scratch\n");
    deployment = await Deployment.open(platform);
  });
  afterAll(() => deployment.close());

  it("previews creates with inputs known and the rest unknown", async () => {
    const previewed = await deployment.stack.preview();
    expect(previewed.changeSummary).toEqual({ create: 7 });
    expect(previewed.stdout).toMatch(/blob *: \[unknown\]/);
    expect(previewed.stdout).toMatch(/digest *: \[unknown\]/);
    expect(previewed.stdout).toMatch(/region *: "swedencentral"/);
    expect(deployment.azure.state.azure.resources).toEqual({});
  });

  it("creates, and finds nothing to change afterwards", async () => {
    const { outputs } = await deployment.stack.up();
    expect(outputs.me?.value).toBe(sandboxPerson.objectId);
    expect(outputs.account?.value).toBe(
      `${group}/providers/Microsoft.Storage/storageAccounts/stone`,
    );
    expect(outputs.digest?.value).toMatch(/^crone\.azurecr\.io\/web@sha256:[0-9a-f]{64}$/);
    await deployment.stack.up({ expectNoChanges: true });
    await deployment.stack.preview({ expectNoChanges: true });
  });

  it("keeps a secret out of the engine's state", async () => {
    const texts = fs
      .readdirSync(path.join(deployment.azure.folder, "backend"), {
        recursive: true,
        withFileTypes: true,
      })
      .filter((entry) => entry.isFile())
      .map((entry) => fs.readFileSync(path.join(entry.parentPath, entry.name), "utf8"));
    expect(texts.length).toBeGreaterThan(2);
    expect(texts.filter((text) => text.includes(canary))).toEqual([]);
  });

  it("shows one changed tag as one changed property", async () => {
    wish.team = "b";
    const update = [{ op: "update", type: resourceGroup, changes: { "tags.team": "update" } }];
    expect(await deployment.preview()).toEqual(update);
    expect(await deployment.up()).toEqual(update);
  });

  it("carries what changed behind its back into the inputs on refresh, and puts it back on up", async () => {
    await deployment.azure.put(group, "2024-03-01", {
      location: "swedencentral",
      tags: { team: "c", extra: "1" },
    });
    await deployment.stack.refresh();
    expect((await deployment.recorded(resourceGroup)).inputs.tags).toEqual({
      team: "c",
      extra: "1",
    });
    expect(await deployment.up()).toEqual([
      {
        op: "update",
        type: resourceGroup,
        changes: { "tags.extra": "delete", "tags.team": "update" },
      },
    ]);
    await deployment.stack.refresh({ expectNoChanges: true });
  });

  it("builds another image when a byte of its context changes", async () => {
    fs.writeFileSync(path.join(wish.image, "score.py"), "print()\n");
    const type = "docker:index/image:Image";
    expect(await deployment.up()).toEqual([
      { op: "update", type, changes: { "build.contextDigest": "update" } },
    ]);
    fs.rmSync(path.join(wish.image, "Dockerfile"));
    expect(await deployment.refusal()).toContain("failed to read dockerfile");
    fs.writeFileSync(path.join(wish.image, "Dockerfile"), "FROM scratch\n");
  });
});

it("deletes before it creates what cannot be changed in place", async () => {
  let location = "swedencentral";
  const deployment = await Deployment.open(async () => {
    new resources.ResourceGroup("rg", { resourceGroupName: "rg-one", location });
    return {};
  });
  await deployment.up();
  location = "westeurope";
  const done = await deployment.up();
  expect(done.map(({ op }) => op)).toEqual(["delete-replaced", "replace", "create-replacement"]);
  expect(done[1]?.changes).toEqual({ location: "update-replace" });
  expect(deployment.azure.state.azure.resources[group.toLowerCase()]?.body.location).toBe(
    "westeurope",
  );
  await deployment.close();
});

describe("what the simulated azure-native refuses", () => {
  const refused = async (
    program: () => Promise<Record<string, unknown>>,
    from?: readonly Resource[],
  ): Promise<string> => {
    const deployment = await Deployment.open(program, from);
    const message = await deployment.refusal();
    await deployment.close();
    return message;
  };

  it("does not take over what exists", async () => {
    const existing = { id: group, token: resourceGroup, body: { location: "swedencentral" } };
    const message = await refused(
      async () => ({ id: new resources.ResourceGroup("rg", { resourceGroupName: "rg-one" }).id }),
      [existing],
    );
    expect(message).toContain(`cannot create already existing resource '${group}'`);
    expect(message).not.toMatch(/\bat .*\.ts:/);
  });

  it("names every unknown and missing property by its path", async () => {
    const message = await refused(async () => {
      const sku = { name: "Standard_LRS", colour: "red" };
      const args = {
        resourceGroupName: "rg-one",
        accountName: "stone",
        sku,
      } as unknown as storage.StorageAccountArgs;
      new Untyped("azure-native:storage:StorageAccount", "store", args, {
        version: "3.28.0",
      });
      return {};
    });
    expect(message).toContain("sku.colour is unknown");
    expect(message).toContain("kind is required");
  });

  it("records an endpoint that Azure began and did not finish, so that the next up mends it", async () => {
    const workspace = `${group}/providers/Microsoft.MachineLearningServices/workspaces/mlw-one`;
    const from = [
      { id: group, token: resourceGroup, body: { location: "swedencentral" } },
      {
        id: workspace,
        token: "azure-native:machinelearningservices:Workspace",
        body: { location: "swedencentral" },
      },
    ];
    const type = "azure-native:machinelearningservices:OnlineEndpoint";
    const program = async () => {
      new machinelearning.OnlineEndpoint("endpoint", {
        resourceGroupName: "rg-one",
        workspaceName: "mlw-one",
        endpointName: "web-one",
        identity: { type: "SystemAssigned" },
        kind: "Managed",
        properties: { authMode: "AADToken" },
      });
      return {};
    };
    const deployment = await Deployment.open(program, from, {
      faults: [{ operation: 1, kind: "fail" }],
    });
    expect(await deployment.refusal()).toContain("The operation failed");
    const recorded = await deployment.recorded(type);
    expect([recorded.id, recorded.initErrors?.length]).toEqual([
      `${workspace}/onlineEndpoints/web-one`,
      1,
    ]);
    expect((await deployment.up()).map(({ op }) => op)).toEqual(["update"]);
    expect((await deployment.recorded(type)).initErrors).toBeUndefined();
    await deployment.close();
  });
});
