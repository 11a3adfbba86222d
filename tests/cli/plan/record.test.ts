import { spawnSync } from "node:child_process";
import path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import * as keyvault from "@pulumi/azure-native/keyvault";
import * as machinelearning from "@pulumi/azure-native/machinelearningservices";
import { formatJson } from "../../../packages/cli/plan/model";
import { recordPlan } from "../../../packages/cli/plan/record";
import type { RecordArgs } from "../../../packages/sandbox/recording";

const canary = "canary-7f3a";

const args: RecordArgs = {
  project: "shop",
  stack: "dev",
  config: { "shop:secrets": JSON.stringify({ openai: canary }) },
  secretKeys: ["shop:secrets"],
  answers: {
    computed: (token) => (token.endsWith(":Vault") ? ["properties.vaultUri"] : []),
    invoke: async (token, inputs) => ({ token, inputs }),
  },
};

class Part extends pulumi.ComponentResource {
  constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super("shop:index:Part", name, {}, opts);
  }
}

const vaultArgs = {
  resourceGroupName: "rg",
  properties: { tenantId: "t", sku: { family: "A", name: "standard" } },
} as const;

function program() {
  const outer = new Part("outer", { protect: true });
  const inner = new Part("inner", { parent: outer });
  const vault = new keyvault.Vault("vault", vaultArgs, { parent: inner });
  const secrets = new pulumi.Config().requireSecretObject<Record<string, string>>("secrets");
  new machinelearning.Workspace(
    "workspace",
    {
      resourceGroupName: "rg",
      keyVault: vault.id,
      description: pulumi.interpolate`at ${vault.properties.vaultUri}, in ${vault.location}`,
      tags: { key: secrets.apply(({ openai }) => openai ?? "") },
    },
    { dependsOn: outer, ignoreChanges: ["tags"], aliases: [{ name: "before" }] },
  );
  const registry = machinelearning.Registry.get("shared", "/subscriptions/s/registries/shared");
  return { uri: vault.properties.vaultUri, login: registry.name, secrets };
}

const vaultUrn =
  "urn:pulumi:dev::shop::shop:index:Part$shop:index:Part$azure-native:keyvault:Vault::vault";
const stackUrn = "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev";

test("a plan holds every resource with its place, and outputs as references", async () => {
  const { plan } = await recordPlan(program, args);
  const byName = new Map(plan.resources.map((resource) => [resource.name, resource]));

  expect(plan.resources.map(({ urn }) => urn)).toEqual([
    "urn:pulumi:dev::shop::azure-native:machinelearningservices:Registry::shared",
    "urn:pulumi:dev::shop::azure-native:machinelearningservices:Workspace::workspace",
    stackUrn,
    vaultUrn,
    "urn:pulumi:dev::shop::shop:index:Part$shop:index:Part::inner",
    "urn:pulumi:dev::shop::shop:index:Part::outer",
  ]);
  expect(byName.get("workspace")).toEqual({
    urn: "urn:pulumi:dev::shop::azure-native:machinelearningservices:Workspace::workspace",
    type: "azure-native:machinelearningservices:Workspace",
    name: "workspace",
    parent: stackUrn,
    inputs: {
      description: `at \${${vaultUrn}.properties.vaultUri}, in \${${vaultUrn}.location}`,
      keyVault: `\${${vaultUrn}.id}`,
      resourceGroupName: "rg",
      tags: { key: "[secret]" },
    },
    protect: false,
    dependsOn: [vaultUrn],
  });
  expect(byName.get("vault")).toMatchObject({
    parent: "urn:pulumi:dev::shop::shop:index:Part$shop:index:Part::inner",
    protect: true,
  });
  expect(byName.get("shared")).toMatchObject({
    inputs: {},
    read: true,
    id: "/subscriptions/s/registries/shared",
  });
  expect(byName.get("shop-dev")).toMatchObject({ parent: null });
  expect(plan.outputs).toEqual({
    login: "${urn:pulumi:dev::shop::azure-native:machinelearningservices:Registry::shared.name}",
    secrets: "[secret]",
    uri: `\${${vaultUrn}.properties.vaultUri}`,
  });
});

test("what the engine knows beside the plan is kept for comparisons", async () => {
  const { options } = await recordPlan(program, args);
  const workspace = options.get(
    "urn:pulumi:dev::shop::azure-native:machinelearningservices:Workspace::workspace",
  );
  expect(workspace).toMatchObject({ custom: true, ignoreChanges: ["tags"], replaceOnChanges: [] });
  expect(workspace?.aliases).toContain(
    "urn:pulumi:dev::shop::azure-native:machinelearningservices:Workspace::before",
  );
  expect(options.get("urn:pulumi:dev::shop::shop:index:Part::outer")?.custom).toBe(false);
});

test("two runs give the same bytes, and no secret is among them", async () => {
  const first = formatJson((await recordPlan(program, args)).plan);
  const second = formatJson((await recordPlan(program, args)).plan);
  expect(second).toBe(first);
  expect(first).not.toContain(canary);
  expect(first.match(/\[secret\]/g)).toHaveLength(2);
});

test("a function is asked with its inputs and its answer reaches the program", async () => {
  const { plan } = await recordPlan(
    async () => ({ answer: await pulumi.runtime.invoke("shop:index:ask", { of: ["a"] }) }),
    args,
  );
  expect(plan.outputs).toEqual({ answer: { inputs: { of: ["a"] }, token: "shop:index:ask" } });
});

describe("a program that fails", () => {
  // Jest takes unhandled rejections for itself, so that these programs run in a process of their own.
  const script = path.join(__dirname, "failing.ts");
  const run = spawnSync(process.execPath, ["--require", "tsx/cjs", script], { encoding: "utf8" });
  const messages = JSON.parse(run.stdout) as Record<string, string>;

  test.each([
    ["throws", /^at once$/],
    ["rejects in an input", /no place/],
    ["throws inside apply", /inside apply/],
    ["names two resources the same", /two resources of type azure-native:keyvault:Vault .*'same'/],
    ["asks a function that has no answer", /no answer to shop:index:unknown/],
    ["logs an error", /reported errors/],
  ])("%s: the error comes out", (name, message) => {
    expect(messages[name]).toMatch(message);
  });

  test("leaves stack traces and the next plan as they were", () => {
    expect(messages["stack traces"]).toBe("10");
    expect(messages["the next plan"]).toBe("2 resources");
  });
});
