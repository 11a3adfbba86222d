import fc from "fast-check";
import { isLegalName, NAME_RULES } from "../../config/nameRules";
import type { NamedKind } from "../../config/nameRules";
import {
  composeNames,
  endpointName,
  identityName,
  modelName,
  roleAssignmentName,
} from "../../config/names";
import type { Names } from "../../config/names";
import { settingsSchema } from "../../config/settings";
import { typeOf } from "../../packages/sandbox/types/table";

const settings = settingsSchema.parse({ network: "open" });
const project = "genaiops-platform";
const subscriptionId = "11111111-1111-4111-8111-111111111111";

const stackName = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/);
const flowName = fc.stringMatching(/^[a-z](-?[a-z0-9]){2,15}$/).filter((name) => name.length <= 32);
const longFlowName = fc.stringMatching(/^[a-z][a-z0-9]{20,31}$/);
const suffix = fc.option(fc.stringMatching(/^[a-z0-9]{1,8}$/), { nil: undefined });

/** The rule that each composed name is held to. */
const KINDS: Record<Exclude<keyof Names, "suffix">, NamedKind> = {
  resourceGroup: "resourceGroup",
  logAnalytics: "logAnalytics",
  applicationInsights: "applicationInsights",
  storage: "storage",
  keyVault: "keyVault",
  containerRegistry: "containerRegistry",
  workspace: "workspace",
  machineLearningRegistry: "machineLearningRegistry",
  openAI: "openAI",
  compute: "compute",
  workspaceIdentity: "identity",
  computeIdentity: "identity",
  deployerIdentity: "identity",
  pullRequestIdentity: "identity",
  endpointIdentity: "identity",
};

const kinds = Object.entries(KINDS) as [Exclude<keyof Names, "suffix">, NamedKind][];

test("the names of an ordinary stack, which must never change", () => {
  expect(composeNames({ project, stack: "dev", subscriptionId, settings })).toEqual({
    resourceGroup: "rg-genaiops-dev",
    logAnalytics: "log-genaiops-dev-cibxs2",
    applicationInsights: "appi-genaiops-dev-cibxs2",
    storage: "stgenaiopsdevcibxs2",
    keyVault: "kv-genaiops-dev-cibxs2",
    containerRegistry: "crgenaiopsdevcibxs2",
    workspace: "mlw-genaiops-dev-cibxs2",
    machineLearningRegistry: "mlr-genaiops-dev-cibxs2",
    openAI: "oai-genaiops-dev-cibxs2",
    compute: "cpu-cluster",
    workspaceIdentity: "id-genaiops-dev-workspace-cibxs2",
    computeIdentity: "id-genaiops-dev-compute-cibxs2",
    deployerIdentity: "id-genaiops-dev-deployer-cibxs2",
    pullRequestIdentity: "id-genaiops-dev-pull-request-cibxs2",
    endpointIdentity: "id-genaiops-dev-endpoints-cibxs2",
    suffix: "cibxs2",
  });
  expect(endpointName({ project, stack: "dev", subscriptionId, flow: "web-classification" })).toBe(
    "web-classification-dev-cibxs2",
  );
  expect(identityName({ project, stack: "dev", subscriptionId, flow: "web-classification" })).toBe(
    "id-genaiops-dev-flow-web-classification-cibxs2",
  );
  expect(modelName("web_classification", "dev")).toBe("web_classification_dev");
});

test("any legal stack gets legal names", () => {
  fc.assert(
    fc.property(stackName, fc.uuid(), suffix, (stack, subscription, end) => {
      const names = composeNames({
        project,
        stack,
        subscriptionId: subscription,
        suffix: end,
        settings,
      });
      for (const [key, kind] of kinds) {
        expect([key, names[key], isLegalName(kind, names[key])]).toEqual([key, names[key], true]);
      }
    }),
    { numRuns: 500 },
  );
});

test("names unique beyond their resource group differ between stacks and subscriptions", () => {
  const unique = kinds
    .filter(([, kind]) => NAME_RULES[kind].unique === "Azure")
    .map(([key]) => key);
  expect(unique).toEqual([
    "storage",
    "keyVault",
    "containerRegistry",
    "machineLearningRegistry",
    "openAI",
  ]);
  fc.assert(
    fc.property(stackName, stackName, fc.uuid(), fc.uuid(), suffix, (one, other, a, b, end) => {
      fc.pre(one !== other && a !== b);
      const of = (stack: string, subscription: string, own?: string) =>
        composeNames({ project, stack, subscriptionId: subscription, suffix: own, settings });
      for (const key of unique) {
        expect(of(one, a, end)[key]).not.toBe(of(other, a, end)[key]);
        expect(of(one, a)[key]).not.toBe(of(one, b)[key]);
      }
      expect(of(one, a, end).resourceGroup).not.toBe(of(other, a, end).resourceGroup);
    }),
    { numRuns: 500 },
  );
});

test("any legal flow gets a legal endpoint and identity, other flows and stacks others", () => {
  fc.assert(
    fc.property(
      fc.oneof(flowName, longFlowName),
      fc.oneof(flowName, longFlowName),
      stackName,
      stackName,
      suffix,
      (flow, otherFlow, stack, otherStack, end) => {
        fc.pre(flow !== otherFlow && stack !== otherStack);
        const parts = { project, subscriptionId, suffix: end };
        const endpoint = endpointName({ ...parts, stack, flow });
        const identity = identityName({ ...parts, stack, flow });
        expect([endpoint, isLegalName("endpoint", endpoint)]).toEqual([endpoint, true]);
        expect([identity, isLegalName("identity", identity)]).toEqual([identity, true]);
        expect(endpointName({ ...parts, stack, flow: otherFlow })).not.toBe(endpoint);
        expect(endpointName({ ...parts, stack: otherStack, flow })).not.toBe(endpoint);
        expect(identityName({ ...parts, stack, flow: otherFlow })).not.toBe(identity);
        expect(identityName({ ...parts, stack: otherStack, flow })).not.toBe(identity);
      },
    ),
    { numRuns: 500 },
  );
});

test("long names that differ only at their end stay two names", () => {
  const of = (flow: string) => endpointName({ project, stack: "production", subscriptionId, flow });
  expect([of("a-very-long-name-of-a-flow-one"), of("a-very-long-name-of-a-flow-two")]).toEqual([
    "a-very-long-name-of-a-flo-t1mjrh",
    "a-very-long-name-of-a-flo-tv6rzc",
  ]);
});

test("a given suffix and given names are taken as they are", () => {
  const named = settingsSchema.parse({
    network: "open",
    workspace: { mode: "existing", name: "Shared_Workspace" },
    keyVault: { mode: "create", name: "kv-of-ours" },
    suffix: "x1",
  });
  const names = composeNames({
    project,
    stack: "dev",
    subscriptionId,
    suffix: named.suffix,
    settings: named,
  });
  expect(names.workspace).toBe("Shared_Workspace");
  expect(names.keyVault).toBe("kv-of-ours");
  expect(names.storage).toBe("stgenaiopsdevx1");
  expect(names.suffix).toBe("x1");
});

test("the case of a subscription's id does not matter", () => {
  const of = (id: string) => composeNames({ project, stack: "dev", subscriptionId: id, settings });
  expect(of("ABCDEF00-1111-4111-8111-111111111111")).toEqual(
    of("abcdef00-1111-4111-8111-111111111111"),
  );
});

test.each<[NamedKind, string, boolean]>([
  ["keyVault", "kv-a", true],
  ["keyVault", "kv--a", false],
  ["keyVault", "1kv", false],
  ["keyVault", "kv-", false],
  ["keyVault", "a".repeat(25), false],
  ["storage", "st1", true],
  ["storage", "st", false],
  ["storage", "stA", false],
  ["containerRegistry", "cr-1", false],
  ["containerRegistry", "cr123", true],
  ["resourceGroup", "rg.", false],
  ["resourceGroup", "rg.(a)", true],
  ["workspace", "a_b", true],
  ["workspace", "ab", false],
  ["openAI", "a", false],
  ["logAnalytics", "log-", false],
  ["endpoint", "ab", false],
  ["endpoint", "1ab", false],
  ["endpoint", "a-b-c", true],
  ["endpoint", "a--b", false],
  ["endpoint", "a".repeat(33), false],
])("as a %s the name %s is legal: %s", (kind, name, legal) => {
  expect(isLegalName(kind, name)).toBe(legal);
});

describe("the name of a role assignment", () => {
  test("is a version 5 UUID, the same for ever", () => {
    expect(roleAssignmentName("workspace", "flow web", "AcrPull")).toBe(
      "7011b1d0-c82c-5ccb-8ea4-eccc61cecf4d",
    );
  });

  test("is another one for every other scope, principal or role, however they are split", () => {
    fc.assert(
      fc.property(fc.tuple(fc.string(), fc.string(), fc.string()), fc.nat(2), (keys, which) => {
        const other = keys.map((key, index) => (index === which ? `${key}x` : key));
        const name = roleAssignmentName(...keys);
        expect(name).toMatch(
          /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
        );
        expect(roleAssignmentName(...(other as [string, string, string]))).not.toBe(name);
      }),
    );
    expect(roleAssignmentName("ab", "c", "d")).not.toBe(roleAssignmentName("a", "bc", "d"));
  });
});

/** The type in Azure whose name a rule speaks of. */
const TYPES: Readonly<Record<NamedKind, string>> = {
  resourceGroup: "azure-native:resources:ResourceGroup",
  logAnalytics: "azure-native:operationalinsights:Workspace",
  applicationInsights: "azure-native:applicationinsights:Component",
  storage: "azure-native:storage:StorageAccount",
  keyVault: "azure-native:keyvault:Vault",
  containerRegistry: "azure-native:containerregistry:Registry",
  workspace: "azure-native:machinelearningservices:Workspace",
  machineLearningRegistry: "azure-native:machinelearningservices:Registry",
  openAI: "azure-native:cognitiveservices:Account",
  compute: "azure-native:machinelearningservices:Compute",
  identity: "azure-native:managedidentity:UserAssignedIdentity",
  endpoint: "azure-native:machinelearningservices:OnlineEndpoint",
  connection: "azure-native:machinelearningservices:WorkspaceConnection",
};

const anyName = fc
  .array(fc.constantFrom(..."aZ09-_.()"), { minLength: 1, maxLength: 300, size: "max" })
  .map((characters) => characters.join(""));
/** Mostly legal, so that the edges of length and of the last characters are met. */
const nearName = fc.stringMatching(/^[a-z][a-z0-9]{0,40}(-[a-z0-9]{1,3})?[-.]?$/);

test.each(Object.entries(TYPES))(
  "a name that config takes for %s, Azure takes too",
  (kind, token) => {
    const rule = typeOf(token).name;
    fc.assert(
      fc.property(fc.oneof(nearName, anyName), (name) => {
        fc.pre(isLegalName(kind as NamedKind, name));
        const taken =
          rule === undefined ||
          (name.length >= rule.min && name.length <= rule.max && rule.pattern.test(name));
        expect([name, taken]).toEqual([name, true]);
      }),
      { numRuns: 300 },
    );
  },
);
