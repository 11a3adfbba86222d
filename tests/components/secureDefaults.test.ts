import { declare, type Declaration } from "../support/declared";
import { someEnvironment } from "../support/environment";

const common = {
  resourceGroupName: "<resource-group.name>",
  location: "swedencentral",
  tags: { project: "genaiops-platform", environment: "dev", team: "search" },
};
const settings = {
  tags: { team: "search" },
  openAI: {
    mode: "create",
    deployments: [
      { name: "gpt", model: "gpt-4o", version: "2024-11-20", capacity: 30 },
      { name: "mini", model: "gpt-4o-mini", version: "2024-07-18", capacity: 5, sku: "Standard" },
    ],
  },
  compute: { mode: "create", size: "Standard_F4s_v2", maxNodes: 4, idleMinutes: 30 },
  machineLearningRegistry: { mode: "create" },
  connections: [{ name: "aoai", type: "azureOpenAI" }],
};
const closedSettings = { ...settings, network: "closed", zoneRedundant: true, protect: true };

/** What `network` and `zoneRedundant` decide, for each. */
const kinds = [
  {
    kind: "open",
    settings,
    access: "Enabled",
    action: "Allow",
    replication: "LRS",
    zones: "Disabled",
    exports: "enabled",
    registryStorage: "Standard_LRS",
    network: { managedNetwork: { isolationMode: "Disabled", enableNetworkMonitor: false } },
    nodeAddress: true,
  },
  {
    kind: "closed",
    settings: closedSettings,
    access: "Disabled",
    action: "Deny",
    replication: "GZRS",
    zones: "Enabled",
    // Others take images from here: it shares a registry.
    exports: "enabled",
    registryStorage: "Standard_ZRS",
    network: {
      managedNetwork: {
        isolationMode: "AllowOnlyApprovedOutbound",
        firewallSku: "Standard",
        enableNetworkMonitor: false,
      },
      provisionNetworkNow: true,
    },
    nodeAddress: false,
  },
];

describe.each(kinds)("network $kind:", (expected) => {
  let declaration: Declaration;
  beforeAll(async () => {
    declaration = await declare(someEnvironment(expected.settings));
  });
  const inputs = (type: string, name?: string) => declaration.one(type, name).inputs;

  test("storage takes Entra tokens only and keeps what was deleted", () => {
    expect(inputs("azure-native:storage:StorageAccount")).toEqual({
      ...common,
      accountName: "stgenaiopsdevcibxs2",
      kind: "StorageV2",
      sku: { name: `Standard_${expected.replication}` },
      allowSharedKeyAccess: false,
      defaultToOAuthAuthentication: true,
      allowBlobPublicAccess: false,
      allowCrossTenantReplication: false,
      enableHttpsTrafficOnly: true,
      isLocalUserEnabled: false,
      minimumTlsVersion: "TLS1_2",
      encryption: {
        keySource: "Microsoft.Storage",
        requireInfrastructureEncryption: true,
        services: {
          blob: { enabled: true, keyType: "Account" },
          file: { enabled: true, keyType: "Account" },
        },
      },
      sasPolicy: { expirationAction: "Log", sasExpirationPeriod: "1.00:00:00" },
      publicNetworkAccess: expected.access,
      networkRuleSet: { bypass: "AzureServices", defaultAction: expected.action },
    });
    expect(inputs("azure-native:storage:BlobServiceProperties")).toEqual({
      resourceGroupName: "<resource-group.name>",
      accountName: "<storage.name>",
      blobServicesName: "default",
      deleteRetentionPolicy: { enabled: true, days: 14 },
      containerDeleteRetentionPolicy: { enabled: true, days: 14 },
    });
  });

  test("the vault is guarded by roles and cannot be purged", () => {
    expect(inputs("azure-native:keyvault:Vault")).toEqual({
      ...common,
      vaultName: "kv-genaiops-dev-cibxs2",
      properties: {
        tenantId: "22222222-2222-4222-8222-222222222222",
        sku: { family: "A", name: "standard" },
        enableRbacAuthorization: true,
        accessPolicies: [],
        enableSoftDelete: true,
        softDeleteRetentionInDays: 90,
        enablePurgeProtection: true,
        enabledForDeployment: false,
        enabledForDiskEncryption: false,
        enabledForTemplateDeployment: false,
        publicNetworkAccess: expected.access,
        networkAcls: { bypass: "AzureServices", defaultAction: expected.action },
      },
    });
  });

  test("the registry has no admin user and no anonymous pull", () => {
    expect(inputs("azure-native:containerregistry:Registry")).toEqual({
      ...common,
      registryName: "crgenaiopsdevcibxs2",
      sku: { name: "Premium" },
      adminUserEnabled: false,
      anonymousPullEnabled: false,
      dataEndpointEnabled: true,
      publicNetworkAccess: expected.access,
      networkRuleBypassOptions: "AzureServices",
      networkRuleSet: { defaultAction: expected.action },
      zoneRedundancy: expected.zones,
      policies: {
        exportPolicy: { status: expected.exports },
        retentionPolicy: { status: "enabled", days: 15 },
      },
    });
  });

  test("the workspace runs as its own identity, in its own network where closed", () => {
    expect(inputs("azure-native:machinelearningservices:Workspace")).toEqual({
      ...common,
      workspaceName: "mlw-genaiops-dev-cibxs2",
      kind: "Default",
      friendlyName: "mlw-genaiops-dev-cibxs2",
      sku: { name: "Basic", tier: "Basic" },
      identity: { type: "UserAssigned", userAssignedIdentities: ["<workspace-identity.id>"] },
      primaryUserAssignedIdentity: "<workspace-identity.id>",
      storageAccount: "<storage.id>",
      keyVault: "<key-vault.id>",
      containerRegistry: "<container-registry.id>",
      applicationInsights: "<monitoring.insights.id>",
      systemDatastoresAuthMode: "Identity",
      v1LegacyMode: false,
      publicNetworkAccess: expected.access,
      ...expected.network,
    });
  });

  test("Azure OpenAI takes no keys, and its models stay at their version", () => {
    expect(inputs("azure-native:cognitiveservices:Account")).toEqual({
      ...common,
      accountName: "oai-genaiops-dev-cibxs2",
      kind: "OpenAI",
      sku: { name: "S0" },
      properties: {
        customSubDomainName: "oai-genaiops-dev-cibxs2",
        disableLocalAuth: true,
        publicNetworkAccess: expected.access,
        networkAcls: { bypass: "AzureServices", defaultAction: expected.action },
      },
    });
    expect(inputs("azure-native:cognitiveservices:Deployment", "openai.mini")).toEqual({
      resourceGroupName: "<resource-group.name>",
      accountName: "<openai.name>",
      deploymentName: "mini",
      sku: { name: "Standard", capacity: 5 },
      properties: {
        model: { format: "OpenAI", name: "gpt-4o-mini", version: "2024-07-18" },
        versionUpgradeOption: "NoAutoUpgrade",
      },
    });
  });

  test("the cluster has no nodes while idle and no way in", () => {
    expect(inputs("azure-native:machinelearningservices:Compute")).toEqual({
      ...common,
      workspaceName: "<workspace.name>",
      computeName: "cpu-cluster",
      identity: { type: "UserAssigned", userAssignedIdentities: ["<compute-identity.id>"] },
      properties: {
        computeType: "AmlCompute",
        disableLocalAuth: true,
        properties: {
          osType: "Linux",
          vmSize: "Standard_F4s_v2",
          vmPriority: "Dedicated",
          scaleSettings: {
            minNodeCount: 0,
            maxNodeCount: 4,
            nodeIdleTimeBeforeScaleDown: "PT30M",
          },
          remoteLoginPortPublicAccess: "Disabled",
          enableNodePublicIp: expected.nodeAddress,
        },
      },
    });
  });

  test("the shared registry's storage is not public", () => {
    expect(inputs("azure-native:machinelearningservices:Registry")).toEqual({
      ...common,
      registryName: "mlr-genaiops-dev-cibxs2",
      identity: { type: "SystemAssigned" },
      publicNetworkAccess: expected.access,
      regionDetails: [
        {
          location: "swedencentral",
          acrDetails: [{ systemCreatedAcrAccount: { acrAccountSku: "Premium" } }],
          storageAccountDetails: [
            {
              systemCreatedStorageAccount: {
                storageAccountType: expected.registryStorage,
                storageAccountHnsEnabled: false,
                allowBlobPublicAccess: false,
              },
            },
          ],
        },
      ],
    });
  });
});

test.each([
  ["alone", {}, "disabled"],
  [
    "that others take versions from",
    { machineLearningRegistry: { mode: "existing", name: "mlr-shared" } },
    "enabled",
  ],
])("images of a closed stack %s", async (_which, more, status) => {
  const { one } = await declare(someEnvironment({ network: "closed", ...more }));
  expect(one("azure-native:containerregistry:Registry").inputs["policies"]).toMatchObject({
    exportPolicy: { status },
  });
});
