import type { Patch } from "./stack";

/** One setting and two values of it; the rest of the stack is the same on both sides. */
export interface Change {
  /** YAML path below `config`, `<name>` for a name of the user's, `[]` for an entry of a list. */
  readonly path: string;
  readonly from?: Patch;
  readonly to: Patch;
  /** On both sides: what the setting needs around it. */
  readonly around?: Patch;
  /** The path is a key of another provider, beside our own settings. */
  readonly azure?: true;
}

/** `path` itself gets another value than it has, or than its default. */
const set = (path: string, to: unknown, from?: unknown, around?: Patch): Change => ({
  path: path.replace(/\[\d+\]/g, "[]"),
  to: { [path]: to },
  ...(from === undefined ? {} : { from: { [path]: from } }),
  ...(around ? { around } : {}),
});

/** The same under a name of the user's: `at` is the place, `path` what the table calls it. */
const named = (path: string, at: string, to: unknown, from?: unknown, around?: Patch): Change => ({
  ...set(at, to, from, around),
  path,
});

/** `mode`, `name` (of what is created, then of what is adopted) and `resourceGroup`. */
const adoptable = (kind: string, name: string, other: string, around: Patch = {}): Change[] => {
  const existing = { mode: "existing", name };
  const created = { mode: "create" };
  return [
    { path: `${kind}.mode`, to: { [kind]: existing }, from: { [kind]: { ...created, name } } },
    { path: `${kind}.name`, to: { [kind]: { mode: "create", name } }, from: { [kind]: created } },
    { path: `${kind}.name`, to: { [`${kind}.name`]: other }, around: { [kind]: existing } },
    {
      path: `${kind}.resourceGroup`,
      to: { [`${kind}.resourceGroup`]: "rg-other" },
      around: { [kind]: existing },
    },
  ].map((change) => ({ ...change, around: { ...change.around, ...around } }));
};

const deployment = "openAI.deployments[0]";
const blue = "flows.web.arms.blue";
const arm = "flows.<name>.arms.<name>";
const uuid = (digit: string) => `${digit.repeat(8)}-0000-4000-8000-000000000000`;
const existingDeployer = { deployer: { mode: "existing", principalId: uuid("5") } };
const imported = {
  "devops.repository": { mode: "import", name: "flows", url: "https://example.com/flows.git" },
};
const privateImport = {
  ...imported,
  "devops.repository.user": "ada",
  "devops.repository.secret": "one",
};

const cluster = (name: string): Patch => ({ kubernetes: { mode: "existing", name } });
const bounds = { min: 2, max: 5 };
const holding: Patch = {
  "flows.web.arms.blue.version": "current",
  "flows.web.arms.blue.image": "holding",
};
const onKubernetes: Patch = { ...cluster("one"), "flows.web.target": "kubernetes" };
const registration = (digit: string): Patch => ({ webApp: { clientId: uuid(digit) } });
const onWebApp: Patch = { ...registration("7"), "flows.web.target": "webApp" };
const resources = (kind: "requests" | "limits", what: string, to: unknown, from?: unknown) =>
  named(
    `flows.<name>.kubernetes.${kind}.${what}`,
    `flows.web.kubernetes.${kind}.${what}`,
    to,
    from,
    {
      ...onKubernetes,
      "flows.web.kubernetes.requests": { cpu: "500m", memory: "1Gi" },
      "flows.web.kubernetes.limits": { cpu: "1", memory: "2Gi" },
    },
  );

const rule = (part: string, to: unknown, index = 0) =>
  named(
    `flows.<name>.scale.rules[].${part}`,
    `flows.web.scale.rules[${index}].${part}`,
    to,
    undefined,
    {
      "flows.web.scale": {
        ...bounds,
        rules: [
          { metric: "cpu", above: 70, add: 2 },
          { metric: "cpu", below: 30, remove: 1 },
        ],
      },
    },
  );
const period = { name: "day", days: ["Monday"], from: "08:00", to: "18:00", min: 3, max: 9 };
const inPeriod = (part: string, to: unknown) =>
  named(
    `flows.<name>.scale.schedule[].${part}`,
    `flows.web.scale.schedule[0].${part}`,
    to,
    undefined,
    { "flows.web.scale": { ...bounds, schedule: [period] } },
  );

const environment: Change[] = [
  { ...set("azure-native:location", "westeurope"), azure: true },
  { ...set("azure-native:subscriptionId", uuid("3")), azure: true },
  { ...set("azure-native:tenantId", uuid("4")), azure: true },
  { ...set("azuredevops:orgServiceUrl", "https://dev.azure.com/other"), azure: true },
  set("network", "closed", undefined, {
    "devops.agents": { mode: "create", pool: "inside" },
    // A registry that others take images from is not closed.
    machineLearningRegistry: null,
  }),
  set("zoneRedundant", true),
  set("protect", true),
  set("suffix", "4f2a"),
  named("tags.<name>", "tags.team", "b"),
  set("endpointIdentity", "shared"),
  set("replaceLiveArms", true),
  set("limits.endpoints", 7),
  set("limits.deployments", 7),
  set("limits.cores", 100, 90),
  set("limits.roleAssignments", 70),
];

const platform: Change[] = [
  ...adoptable("resourceGroup", "rg-own", "rg-two").slice(0, 3),
  ...adoptable("logAnalytics", "log-one", "log-two"),
  set("logAnalytics.retentionDays", 60, undefined, { logAnalytics: { mode: "create" } }),
  ...adoptable("applicationInsights", "appi-one", "appi-two"),
  ...adoptable("storage", "stone", "sttwo"),
  set("storage.replication", "GRS", undefined, { storage: { mode: "create" } }),
  ...adoptable("keyVault", "kv-one", "kv-two"),
  set("keyVault.access", "accessPolicy", undefined, { keyVault: { mode: "create" } }),
  set("keyVault.retentionDays", 7, undefined, { keyVault: { mode: "create" } }),
  set("keyVault.purgeProtection", false, undefined, { keyVault: { mode: "create" } }),
  ...adoptable("containerRegistry", "crone", "crtwo"),
  set("containerRegistry.sku", "Basic", undefined, { containerRegistry: { mode: "create" } }),
  ...adoptable("workspace", "mlw-one", "mlw-two"),
  set("workspace.friendlyName", "Ours", undefined, { workspace: { mode: "create" } }),
  ...adoptable("machineLearningRegistry", "mlr-one", "mlr-two"),
  {
    path: "promotion.from",
    from: { promotion: { from: "stage" } },
    to: { promotion: { from: "trial" } },
    around: { images: null, machineLearningRegistry: null },
  },
  ...adoptable("openAI", "oai-one", "oai-two"),
  set(`${deployment}.name`, "chat"),
  set(`${deployment}.model`, "gpt-4.1"),
  set(`${deployment}.version`, "2025-04-14"),
  set(`${deployment}.sku`, "Standard"),
  set(`${deployment}.capacity`, 10),
  ...adoptable("compute", "cpu", "gpu").slice(0, 3),
  set("compute.size", "Standard_DS2_v2"),
  set("compute.maxNodes", 4),
  set("compute.idleMinutes", 5),
  { path: "kubernetes.mode", to: cluster("one") },
  { path: "kubernetes.name", from: cluster("one"), to: cluster("two") },
  { path: "webApp.clientId", from: registration("8"), to: registration("7"), around: onWebApp },
  {
    path: "deployer.mode",
    to: { deployer: { mode: "existing", principalId: uuid("5") } },
    around: { devops: null },
  },
  set("deployer.principalId", uuid("6"), undefined, {
    ...existingDeployer,
    devops: null,
  }),
  set("deployer.rights", "Contributor", undefined, { deployer: { mode: "create" } }),
  set("connections[1].name", "index"),
  set("connections[1].type", "azureOpenAI"),
  set("connections[1].target", "https://two.search.windows.net/"),
  set("connections[0].apiVersion", "2025-01-01"),
  set("connections[0].secret", "one"),
  named("secrets.<name>", "secrets.one", { secure: "v1:another" }, undefined, {
    "connections[0].secret": "one",
  }),
];

const flows: Change[] = [
  named(
    "images.<name>.digest",
    "images.serving.digest",
    `example.azurecr.io/b@sha256:${"b".repeat(64)}`,
    undefined,
    {
      "images.serving": { digest: `example.azurecr.io/a@sha256:${"a".repeat(64)}` },
    },
  ),
  named("images.<name>.build", "images.serving.build", "images/elsewhere"),
  {
    path: "images.<name>.flow",
    from: { "images.holding": { build: "images/elsewhere" } },
    to: { "images.holding": { flow: "web", from: "serving" } },
    around: holding,
  },
  named("images.<name>.from", "images.holding.from", "other", "serving", {
    ...holding,
    "images.holding.flow": "web",
  }),
  set("armDefaults.image", "other"),
  set("armDefaults.instance", "Standard_DS2_v2"),
  set("armDefaults.instances", 2),
  set("armDefaults.requestTimeoutSeconds", 60),
  set("armDefaults.concurrentRequests", 4),
  named("flows.<name>.target", "flows.web.target", "kubernetes", undefined, cluster("one")),
  named(
    "flows.<name>.kubernetes.instanceType",
    "flows.web.kubernetes.instanceType",
    "small",
    "large",
    onKubernetes,
  ),
  named("flows.<name>.kubernetes.utilization", "flows.web.kubernetes.utilization", 60, undefined, {
    ...onKubernetes,
    "flows.web.scale": bounds,
  }),
  named("flows.<name>.webApp.sku", "flows.web.webApp.sku", "S1", undefined, onWebApp),
  named(
    "flows.<name>.webApp.production",
    "flows.web.webApp.production",
    "green",
    undefined,
    onWebApp,
  ),
  resources("requests", "cpu", "1"),
  resources("requests", "memory", "2Gi"),
  resources("limits", "cpu", "2"),
  resources("limits", "memory", "4Gi"),
  resources("limits", "gpu", 1),
  named("flows.<name>.authentication", "flows.web.authentication", "Key"),
  named("flows.<name>.publicAccess", "flows.web.publicAccess", false),
  named(`${arm}.version`, `${blue}.version`, "current"),
  { path: `${arm}.weight`, to: { [`${blue}.weight`]: 50, "flows.web.arms.green.weight": 50 } },
  named(`${arm}.variant`, `${blue}.variant`, "summarize.short"),
  named(`${arm}.environment.<name>`, `${blue}.environment.TONE`, "dry", "warm"),
  named(`${arm}.image`, `${blue}.image`, "other"),
  named(`${arm}.instance`, `${blue}.instance`, "Standard_DS2_v2"),
  named(`${arm}.instances`, `${blue}.instances`, 2),
  named(`${arm}.requestTimeoutSeconds`, `${blue}.requestTimeoutSeconds`, 60),
  named(`${arm}.concurrentRequests`, `${blue}.concurrentRequests`, 4),
  named("flows.<name>.scale.min", "flows.web.scale.min", 1, undefined, {
    "flows.web.scale": bounds,
  }),
  named("flows.<name>.scale.max", "flows.web.scale.max", 6, undefined, {
    "flows.web.scale": bounds,
  }),
  rule("metric", "memory"),
  rule("above", 80),
  rule("add", 1),
  rule("below", 20, 1),
  rule("remove", 2, 1),
  named(
    "flows.<name>.scale.timeZone",
    "flows.web.scale.timeZone",
    "W. Europe Standard Time",
    undefined,
    {
      "flows.web.scale": { ...bounds, schedule: [period] },
    },
  ),
  ...Object.entries({
    name: "night",
    from: "09:00",
    to: "19:00",
    min: 4,
    max: 8,
  }).map(([part, to]) => inPeriod(part, to)),
  { ...inPeriod("days[0]", "Friday"), path: "flows.<name>.scale.schedule[].days[]" },
  named("flows.<name>.mirror.arm", "flows.web.mirror.arm", "second", "first", {
    "flows.web.arms.first": { version: 1, weight: 0 },
    "flows.web.arms.second": { version: 2, weight: 0 },
    "flows.web.mirror": { arm: "first", percent: 10 },
  }),
  named("flows.<name>.mirror.percent", "flows.web.mirror.percent", 20, undefined, {
    "flows.web.arms.first": { version: 1, weight: 0 },
    "flows.web.mirror": { arm: "first", percent: 10 },
  }),
];

const devOps: Change[] = [
  set("devops.project.mode", "existing"),
  set("devops.project.name", "other"),
  set("devops.project.description", "Flows"),
  set("devops.repository.mode", "existing", undefined, { "devops.project.mode": "existing" }),
  set("devops.repository.name", "others"),
  set("devops.repository.seed[0]", "seed/two.yml"),
  set("devops.repository.url", "https://example.com/other.git", undefined, imported),
  set("devops.repository.branches[0]", "development", "main", imported),
  set("devops.repository.user", "bea", undefined, privateImport),
  set("devops.repository.secret", "two", undefined, privateImport),
  set("devops.protect", false),
  set("devops.branches[0]", "main"),
  set("devops.policies.reviewers", 3),
  set("devops.policies.reviewerGroup", "Owners"),
  set("devops.policies.newBranches", "contributors", undefined, {
    "devops.branches": ["main", "release/*"],
  }),
  set("devops.policies.comments", false),
  set("devops.policies.workItems", false),
  set("devops.policies.mergeTypes[0]", "rebase"),
  set("devops.policies.validMinutes", 0),
  set("devops.sharedPaths[0]", "/images/*"),
  set("devops.connection.subscriptionName", "Ours"),
  set("devops.connection.clientId", uuid("7"), undefined, {
    ...existingDeployer,
    "devops.connection.clientId": uuid("8"),
  }),
  set("devops.connection.secret", "one", undefined, {
    ...existingDeployer,
    "devops.connection.clientId": uuid("8"),
  }),
  set("devops.member", false),
  set("devops.secrets[0].name", "search-key", "other-key", { "devops.secrets": [{}] }),
  set("devops.secrets[0].secret", "one", undefined, { "devops.secrets": [{ name: "key" }] }),
  named("devops.variables.<name>", "devops.variables.TONE", "dry", "warm"),
  set("devops.approval.approvers[0]", "bea@example.com"),
  set("devops.approval.timeoutMinutes", 30),
  set("devops.agents.mode", "create", "existing", { "devops.agents.pool": "inside" }),
  set("devops.agents.image", "ubuntu-24.04", undefined, { "devops.agents": { mode: "hosted" } }),
  set("devops.agents.pool", "outside", "inside", { "devops.agents.mode": "create" }),
  set("devops.agents.queue", "existing", undefined, {
    "devops.agents": { mode: "existing", pool: "inside" },
    "devops.project.mode": "existing",
  }),
  set("devops.pullRequestAgents.mode", "create", "existing", {
    "devops.pullRequestAgents.pool": "review",
  }),
  set("devops.pullRequestAgents.image", "ubuntu-24.04", undefined, {
    "devops.pullRequestAgents": { mode: "hosted" },
  }),
  set("devops.pullRequestAgents.pool", "outside", "review", {
    "devops.pullRequestAgents.mode": "create",
  }),
  set("devops.pullRequestAgents.queue", "existing", undefined, {
    "devops.pullRequestAgents": { mode: "existing", pool: "review" },
    "devops.project.mode": "existing",
  }),
  set("devops.state.resourceGroup", "rg-other"),
  set("devops.state.storageAccount", "stother"),
  set("devops.state.container", "other"),
  set("devops.state.keyVault", "kv-other"),
  set("devops.driftHour", 4),
];

/** The table's parts, in reading order. */
export const CHANGES: Readonly<Record<string, readonly Change[]>> = {
  Environment: environment,
  Platform: platform,
  Flows: flows,
  "Azure DevOps": devOps,
};

/** What no plan shows because a command reads it: the beginning of a path, and the command. */
export const READ_BY_COMMANDS: Readonly<Record<string, string>> = {
  "flows.<name>.rollout": "genaiops rollout",
};
