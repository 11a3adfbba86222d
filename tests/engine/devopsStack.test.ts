import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { create, isRefusal } from "../../packages/sandbox/devops/devops";
import { push } from "../../packages/sandbox/devops/push";
import { type DevOpsState, emptyDevOps, type Stored } from "../../packages/sandbox/devops/state";
import { worldOf } from "../../packages/sandbox/devops/world";
import type { AzureState } from "../../packages/sandbox/state";
import { Checkout } from "./support/checkout";
import type { Outcome } from "./support/operator";

/** The stacks `dev` and `prod` with their DevOps half, on the real engine and in one organisation. */

const canary = "canary-5d1e77";
const sourceUrl = "https://github.com/contoso/genaiops-platform.git";
const files = { "README.md": "flows", "pipelines/pull-request.yml": "trigger: none" };
const orders = {
  secrets: { "search-key": canary, "import-password": canary },
  settings: {
    devOps: { imports: { [sourceUrl]: { main: files, development: files } } },
  },
};

interface SandboxState {
  readonly azure: AzureState;
  devops?: DevOpsState;
}

function stateOf({ directory }: Checkout): SandboxState {
  return JSON.parse(readFileSync(join(directory, "azure.json"), "utf8")) as SandboxState;
}

function things(checkout: Checkout, kind: string): Stored[] {
  const { things: all = {} } = stateOf(checkout).devops ?? {};
  return Object.values(all).filter((thing) => thing.kind === kind);
}

/** The one thing of a kind that carries the name. */
function named(checkout: Checkout, kind: string, name: string): Stored {
  const found = things(checkout, kind).filter(({ properties }) =>
    [properties.name, properties.serviceEndpointName].includes(name),
  );
  if (found.length !== 1) throw new Error(`${found.length} of ${kind} ${name}`);
  return found[0] as Stored;
}

const changed = (outcome: Outcome | undefined) =>
  outcome?.changed.map(({ operation, name }) => `${operation} ${name}`);

/** Push one file to a branch of the repository, as a person would; the state stays as it is. */
function pushTo(checkout: Checkout, branch: string): unknown {
  const { azure, devops = emptyDevOps() } = stateOf(checkout);
  const world = worldOf(devops, { state: azure, tenantId: "" });
  const repository = named(checkout, "Git", "genaiops-platform");
  return push(world, repository.id, branch, { write: { "README.md": "mine" } });
}

describe("dev and prod in one organisation", () => {
  const dev = new Checkout("dev");
  const prod = new Checkout("prod", dev);

  beforeAll(() => {
    dev.edit((config) => {
      // The engine's secrets get their values by the orders.
      config.set(["secrets"], {
        "search-key": { secure: "v1" },
        "import-password": { secure: "v1" },
      });
      config.set(["devops", "secrets"], [{ name: "search-key", secret: "search-key" }]);
      config.set(["devops", "repository", "user"], "ci");
      config.set(["devops", "repository", "secret"], "import-password");
      config.set(["devops", "repository", "seed"], ["pipelines/infrastructure.yml"]);
    });
    prod.evaluateHere();
    prod.edit((config) => {
      config.set(["protect"], false);
      config.set(["replaceLiveArms"], true);
    });
  });

  test("dev creates project, repository and its own half, and then has nothing to do", async () => {
    const [first, second] = await dev.runAll(["up", "up"], orders);
    expect(Object.keys(first?.summary ?? {})).toEqual(["create"]);
    expect(changed(second)).toEqual([]);
    expect(second?.writes).toEqual([]);
    expect(named(dev, "Git", "genaiops-platform").properties.defaultBranch).toBe(
      "refs/heads/development",
    );
  });

  test("the deployer's identity trusts exactly what the connection presents", () => {
    const { azure } = stateOf(dev);
    const { properties } = named(dev, "ServiceEndpointAzureRM", "genaiops-dev-deploy");
    const trusted = Object.values(azure.resources)
      .filter(({ token }) => token.endsWith(":FederatedIdentityCredential"))
      .map(({ id, body }) => [
        id.split("/").at(-3),
        (body.properties as Record<string, unknown>).subject,
      ]);
    expect(trusted).toContainEqual([
      expect.stringMatching(/-deployer-/),
      properties.workloadIdentityFederationSubject,
    ]);
  });

  test("the variable group has the names that users know, and the linked one has no value", () => {
    const group = named(dev, "VariableGroup", "llmops_platform_dev_vg");
    const variables = group.properties.variables as { name: string; value: string }[];
    expect(Object.fromEntries(variables.map(({ name, value }) => [name, value]))).toEqual({
      AZURE_RM_SVC_CONNECTION: "genaiops-dev-deploy",
      rg_name: "rg-genaiops-dev",
      ws_name: expect.stringMatching(/^mlw-genaiops-dev-/),
      kv_name: expect.stringMatching(/^kv-genaiops-dev-/),
      COMPUTE_TARGET: "cpu-cluster",
      DOCKER_IMAGE_REGISTRY: expect.stringMatching(/^crgenaiopsdev\w+\.azurecr\.io$/),
      ENV_VARS: "",
    });
    const linked = named(dev, "VariableGroup", "llmops_platform_dev_secrets_vg");
    expect(linked.properties.variables).toEqual([{ name: "search-key" }]);
    expect(group.properties.allowAccess).toBe(false);
    expect(linked.properties.allowAccess).toBe(false);
  });

  test("a missing file was written before the policies, which now refuse every push", () => {
    const repository = named(dev, "Git", "genaiops-platform").id;
    const branches = stateOf(dev).devops?.branches[repository] ?? {};
    expect(Object.keys(branches.development?.files ?? {}).sort()).toEqual([
      "README.md",
      "pipelines/infrastructure.yml",
      "pipelines/pull-request.yml",
    ]);
    expect(pushTo(dev, "development")).toMatchObject({ code: "TF402455" });
    expect(pushTo(dev, "main")).not.toHaveProperty("code");
  });

  test("prod joins, adds its own half alone, and then has nothing to do", async () => {
    const before = things(dev, "Project");
    const [first, second] = await prod.runAll(["up", "up"], orders);
    expect(Object.keys(first?.summary ?? {})).toEqual(["create"]);
    expect(changed(second)).toEqual([]);
    expect(things(prod, "Project")).toEqual(before);
    expect(
      things(prod, "Environment")
        .map(({ properties }) => properties.name)
        .sort(),
    ).toEqual(["genaiops-dev", "genaiops-prod"]);
    const [approval] = things(prod, "CheckApproval");
    expect(approval?.properties).toMatchObject({
      timeout: 60,
      targetResourceId: named(prod, "Environment", "genaiops-prod").id,
    });
    expect(pushTo(prod, "main")).toMatchObject({ code: "TF402455" });
  });

  test("each pipeline may use its own environment's things, and none is open to all", () => {
    const opened = things(dev, "PipelineAuthorization").map(({ properties }) => properties);
    expect(opened.every(({ pipelineId }) => Number.isInteger(pipelineId))).toBe(true);
    const users = (resourceId: string) => {
      const ids = opened
        .filter((one) => one.resourceId === resourceId)
        .map((one) => String(one.pipelineId));
      return things(dev, "BuildDefinition")
        .filter(({ id }) => ids.includes(id))
        .map(({ properties }) => properties.name)
        .sort();
    };
    const connection = (name: string) => users(named(dev, "ServiceEndpointAzureRM", name).id);
    expect(connection("genaiops-dev-deploy")).toEqual([
      "infrastructure-dev",
      "web-classification-dev",
    ]);
    expect(connection("genaiops-dev-pull-request")).toEqual([
      "infrastructure-dev-pull-request",
      "web-classification-dev-pull-request",
    ]);
    expect(connection("genaiops-prod-deploy")).toEqual([
      "infrastructure-prod",
      "support-reply-prod",
      "web-classification-prod",
    ]);
  });

  test("no secret is in any file, of the engine or of the sandbox", () => {
    const texts = readdirSync(dev.directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"));
    expect(texts.some((text) => text.includes("llmops_platform_dev_secrets_vg"))).toBe(true);
    expect(texts.filter((text) => text.includes(canary))).toEqual([]);
  });

  test("prod goes and leaves dev whole; dev goes and leaves nothing", async () => {
    const gone = await prod.run("destroy", orders);
    expect(gone.resources).toEqual([]);
    expect(things(dev, "Environment").map(({ properties }) => properties.name)).toEqual([
      "genaiops-dev",
    ]);
    expect(pushTo(dev, "main")).not.toHaveProperty("code");
    expect((await dev.run("up", orders)).changed).toEqual([]);

    const last = await dev.run("destroy", orders);
    expect(last.resources).toEqual([]);
    expect(stateOf(dev).devops?.things).toEqual({});
  });
});

describe("prod alone, in a project that somebody else made", () => {
  const prod = new Checkout("prod");

  /** Project and repository as people make them by hand. */
  beforeAll(async () => {
    prod.evaluateHere();
    prod.edit((config) => {
      config.set(["protect"], false);
      config.set(["replaceLiveArms"], true);
    });
    // A first look makes the state's file; it fails, since there is no project.
    await expect(prod.run("preview", orders)).rejects.toThrow(
      /there is no project genaiops in https:\/\/dev.azure.com\/contoso; update the stack/,
    );
    const state = stateOf(prod);
    const devops = (state.devops ??= emptyDevOps());
    const world = worldOf(devops, { state: state.azure, tenantId: "" }, orders.settings.devOps);
    const make = (token: string, inputs: Record<string, unknown>) => {
      const made = create(world, token, inputs);
      if (isRefusal(made)) throw new Error(made.message);
      return made.id;
    };
    const projectId = make("azuredevops:index/project:Project", { name: "genaiops" });
    make("azuredevops:index/git:Git", {
      name: "genaiops-platform",
      projectId,
      initialization: { initType: "Import", sourceType: "Git", sourceUrl },
    });
    writeFileSync(join(prod.directory, "azure.json"), JSON.stringify(state));
  });

  test("up, up without a change, destroy; the project stays as it was", async () => {
    const before = stateOf(prod).devops;
    const [up, again, gone] = await prod.runAll(["up", "up", "destroy"], orders);
    expect(Object.keys(up?.summary ?? {})).toEqual(["create"]);
    expect(changed(again)).toEqual([]);
    expect(gone?.resources).toEqual([]);
    expect(stateOf(prod).devops?.things).toEqual(before?.things);
    expect(stateOf(prod).devops?.branches).toEqual(before?.branches);
  });
});
