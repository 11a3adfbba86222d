import { declare } from "../support/declared";
import { someEnvironment } from "../support/environment";

const subscription = "/subscriptions/11111111-1111-4111-8111-111111111111";
const existing = (name: string, resourceGroup?: string) => ({
  mode: "existing",
  name,
  ...(resourceGroup === undefined ? {} : { resourceGroup }),
});

const adopted = {
  protect: true,
  resourceGroup: existing("rg-team"),
  logAnalytics: existing("log-shared", "rg-shared"),
  applicationInsights: existing("appi-shared", "rg-shared"),
  storage: existing("stshared"),
  keyVault: existing("kv-shared"),
  containerRegistry: existing("crshared", "rg-shared"),
  workspace: existing("mlw-shared", "rg-ml"),
  machineLearningRegistry: existing("mlr-shared", "rg-shared"),
  openAI: existing("oai-shared", "rg-shared"),
  compute: existing("cluster"),
  connections: [{ name: "aoai", type: "azureOpenAI" }],
};

test("what exists is read by its id and nothing on it changes", async () => {
  const { resources } = await declare(someEnvironment(adopted));
  const read = resources.filter(({ readId }) => readId !== undefined);
  expect(Object.fromEntries(read.map(({ name, readId }) => [name, readId]))).toEqual({
    "resource-group": `${subscription}/resourceGroups/rg-team`,
    "monitoring.logs": `${subscription}/resourceGroups/rg-shared/providers/Microsoft.OperationalInsights/workspaces/log-shared`,
    "monitoring.insights": `${subscription}/resourceGroups/rg-shared/providers/Microsoft.Insights/components/appi-shared`,
    storage: `${subscription}/resourceGroups/rg-team/providers/Microsoft.Storage/storageAccounts/stshared`,
    "key-vault": `${subscription}/resourceGroups/rg-team/providers/Microsoft.KeyVault/vaults/kv-shared`,
    "container-registry": `${subscription}/resourceGroups/rg-shared/providers/Microsoft.ContainerRegistry/registries/crshared`,
    workspace: `${subscription}/resourceGroups/rg-ml/providers/Microsoft.MachineLearningServices/workspaces/mlw-shared`,
    "machine-learning-registry": `${subscription}/resourceGroups/rg-shared/providers/Microsoft.MachineLearningServices/registries/mlr-shared`,
    openai: `${subscription}/resourceGroups/rg-shared/providers/Microsoft.CognitiveServices/accounts/oai-shared`,
    compute: `${subscription}/resourceGroups/rg-ml/providers/Microsoft.MachineLearningServices/workspaces/mlw-shared/computes/cluster`,
  });
  expect(read.every(({ protect }) => !protect)).toBe(true);
});

test("only what flows need is declared beside it: no locks, no log settings, no identity of the workspace", async () => {
  const { resources } = await declare(someEnvironment(adopted));
  const created = resources.filter(({ custom, readId }) => custom && readId === undefined);
  const role = "azure-native:authorization:RoleAssignment";
  const ml = "azure-native:machinelearningservices";
  expect(created.map(({ type, name }) => `${type} ${name}`).sort()).toEqual(
    [
      "azure-native:managedidentity:UserAssignedIdentity deployer",
      "azure-native:managedidentity:UserAssignedIdentity endpoint-identity.web",
      "azure-native:monitor:DiagnosticSetting web.logs",
      "genaiops:index:AssetVersion image.serve.environment",
      "genaiops:index:AssetVersion image.serve.shared",
      "genaiops:index:EndpointSettings web.settings",
      `${ml}:OnlineDeployment web.blue`,
      `${ml}:OnlineDeployment web.green`,
      `${ml}:OnlineEndpoint web`,
      `${ml}:WorkspaceConnection connections.aoai`,
      `${role} deployer.container-registry.acrpush`,
      `${role} deployer.machine-learning-registry.azureml-registry-user`,
      `${role} deployer.resource-group.owner`,
      `${role} deployer.storage.storage-blob-data-contributor`,
      `${role} endpoint-identity.web.container-registry.acrpull`,
      `${role} endpoint-identity.web.key-vault.key-vault-secrets-user`,
      `${role} endpoint-identity.web.openai.cognitive-services-openai-user`,
      `${role} endpoint-identity.web.storage.storage-blob-data-reader`,
      `${role} endpoint-identity.web.workspace.azure-machine-learning-workspace-connection-secrets-reader`,
    ].sort(),
  );
});

test("what hangs on an adopted workspace stands in the workspace's resource group", async () => {
  const { one } = await declare(someEnvironment(adopted));
  const ml = "azure-native:machinelearningservices";
  for (const [type, name] of [
    ["OnlineEndpoint", "web"],
    ["OnlineDeployment", "web.blue"],
    ["WorkspaceConnection", "connections.aoai"],
  ]) {
    expect(one(`${ml}:${type}`, name).inputs["resourceGroupName"]).toBe("rg-ml");
  }
  expect(
    one("azure-native:managedidentity:UserAssignedIdentity", "deployer").inputs[
      "resourceGroupName"
    ],
  ).toBe("<resource-group.name>");
});
