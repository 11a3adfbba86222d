import { declare } from "../support/declared";
import { someArm, someEnvironment, someFlow } from "../support/environment";

const whole = {
  openAI: {
    mode: "create",
    deployments: [
      { name: "gpt-4o", model: "gpt-4o", version: "2024-11-20", capacity: 30 },
      { name: "mini", model: "gpt-4o-mini", version: "2024-07-18", capacity: 30 },
    ],
  },
  compute: { mode: "create" },
  machineLearningRegistry: { mode: "create" },
  connections: [{ name: "aoai", type: "azureOpenAI" }],
  images: { serve: { build: "tests/support/image" } },
};

const flow = someFlow("web", {
  arms: [
    someArm("blue", { version: "current", weight: 90 }),
    someArm("green", { version: "current", weight: 10 }),
    someArm("mini", { version: 7 }),
  ],
  content: { hash: "b".repeat(64), files: { "flow.dag.yaml": "c".repeat(64) } },
});

const lines = async (settings: object) =>
  (await declare(someEnvironment({ ...whole, ...settings }, [flow]))).resources.map(
    ({ type, name, parent, protect }) =>
      `${parent} > ${type} ${name}${protect ? " [protect]" : ""}`,
  );

const ml = "azure-native:machinelearningservices";
const role = "azure-native:authorization:RoleAssignment";
const diagnostics = "azure-native:monitor:DiagnosticSetting";
const identity = "azure-native:managedidentity:UserAssignedIdentity";
const platform = "genaiops:platform";
const reader = "azure-machine-learning-workspace-connection-secrets-reader";

const open = [
  `stack > ${platform}:ResourceGroup resource-group`,
  "resource-group > azure-native:resources:ResourceGroup resource-group",

  `stack > ${platform}:Identity workspace-identity`,
  `workspace-identity > ${identity} workspace-identity`,
  `workspace-identity > ${role} workspace-identity.resource-group.contributor`,
  `workspace-identity > ${role} workspace-identity.storage.storage-blob-data-contributor`,
  `workspace-identity > ${role} workspace-identity.storage.storage-file-data-privileged-contributor`,
  `workspace-identity > ${role} workspace-identity.key-vault.key-vault-administrator`,
  `workspace-identity > ${role} workspace-identity.container-registry.acrpush`,

  `stack > ${platform}:Identity compute-identity`,
  `compute-identity > ${identity} compute-identity`,
  `compute-identity > ${role} compute-identity.container-registry.acrpull`,
  `compute-identity > ${role} compute-identity.storage.storage-blob-data-contributor`,
  `compute-identity > ${role} compute-identity.workspace.${reader}`,
  `compute-identity > ${role} compute-identity.openai.cognitive-services-openai-user`,

  `stack > ${platform}:Identity endpoint-identity.web`,
  `endpoint-identity.web > ${identity} endpoint-identity.web`,
  `endpoint-identity.web > ${role} endpoint-identity.web.container-registry.acrpull`,
  `endpoint-identity.web > ${role} endpoint-identity.web.storage.storage-blob-data-reader`,
  `endpoint-identity.web > ${role} endpoint-identity.web.workspace.${reader}`,
  `endpoint-identity.web > ${role} endpoint-identity.web.key-vault.key-vault-secrets-user`,
  `endpoint-identity.web > ${role} endpoint-identity.web.openai.cognitive-services-openai-user`,

  `stack > ${platform}:Deployer deployer`,
  `deployer > ${identity} deployer`,
  `deployer > ${role} deployer.resource-group.owner`,
  `deployer > ${role} deployer.storage.storage-blob-data-contributor`,
  `deployer > ${role} deployer.container-registry.acrpush`,
  `deployer > ${role} deployer.machine-learning-registry.azureml-registry-user`,

  `stack > ${platform}:Monitoring monitoring`,
  "monitoring > azure-native:operationalinsights:Workspace monitoring.logs",
  "monitoring > azure-native:applicationinsights:Component monitoring.insights",

  `stack > ${platform}:Storage storage`,
  "storage > azure-native:storage:StorageAccount storage",
  "storage > azure-native:storage:BlobServiceProperties storage.blobs",
  `storage > ${diagnostics} storage.blobs.logs`,

  `stack > ${platform}:KeyVault key-vault`,
  "key-vault > azure-native:keyvault:Vault key-vault",
  `key-vault > ${diagnostics} key-vault.logs`,

  `stack > ${platform}:ContainerRegistry container-registry`,
  "container-registry > azure-native:containerregistry:Registry container-registry",
  `container-registry > ${diagnostics} container-registry.logs`,

  `stack > ${platform}:MachineLearningRegistry machine-learning-registry`,
  `machine-learning-registry > ${ml}:Registry machine-learning-registry`,

  `stack > ${platform}:OpenAI openai`,
  "openai > azure-native:cognitiveservices:Account openai",
  `openai > ${diagnostics} openai.logs`,
  "openai > azure-native:cognitiveservices:Deployment openai.gpt-4o",
  "openai > azure-native:cognitiveservices:Deployment openai.mini",

  `stack > ${platform}:Workspace workspace`,
  `workspace > ${ml}:Workspace workspace`,
  `workspace > ${diagnostics} workspace.logs`,

  `stack > ${platform}:Network network`,

  `stack > ${platform}:Connections connections`,
  `connections > ${ml}:WorkspaceConnection connections.aoai`,

  `stack > ${platform}:Compute compute`,
  `compute > ${ml}:Compute compute`,

  `stack > ${platform}:Image image.serve`,
  "image.serve > docker:index/image:Image image.serve.build",
  "image.serve > genaiops:index:AssetVersion image.serve.environment",
  "image.serve > genaiops:index:AssetVersion image.serve.shared",

  `stack > ${platform}:FlowEndpoint web`,
  `web > ${ml}:OnlineEndpoint web`,
  "web > genaiops:index:BlobFolder web.files",
  "web > genaiops:index:AssetVersion web.model",
  `web > ${ml}:OnlineDeployment web.blue`,
  `web > ${ml}:OnlineDeployment web.green`,
  `web > ${ml}:OnlineDeployment web.mini`,
  "web > genaiops:index:EndpointSettings web.settings",
  `web > ${diagnostics} web.logs`,
];

const held = (line: string) =>
  / (resource-group|monitoring\.logs|storage|key-vault|container-registry|machine-learning-registry|openai|workspace|web|web\.blue|web\.green)$/.test(
    line,
  ) && line.includes("> azure-native");

const lock = "azure-native:authorization:ManagementLockByScope";
const rule = `${ml}:ManagedNetworkSettingsRule`;

const closed = [
  ...open.map((line) => (held(line) ? `${line} [protect]` : line)),
  `workspace-identity > ${role} workspace-identity.resource-group.azure-ai-enterprise-network-connection-approver`,
  `monitoring > ${lock} monitoring.logs.lock`,
  `storage > ${lock} storage.lock`,
  `key-vault > ${lock} key-vault.lock`,
  `container-registry > ${lock} container-registry.lock`,
  `machine-learning-registry > ${lock} machine-learning-registry.lock`,
  `network > ${rule} network.openai`,
];

test("an open environment declares exactly these resources", async () => {
  expect((await lines({})).sort()).toEqual([...open].sort());
});

test("a closed, protected one adds locks and outbound rules, and protects what holds data", async () => {
  const found = await lines({ network: "closed", protect: true, zoneRedundant: true });
  expect(found.sort()).toEqual([...closed].sort());
});

test("children carry their parent's name at the front of theirs", async () => {
  const { resources } = await declare(someEnvironment(whole, [flow]));
  const astray = resources.filter(
    ({ name, parent }) => parent !== "stack" && name !== parent && !name.startsWith(`${parent}.`),
  );
  expect(astray).toEqual([]);
});
