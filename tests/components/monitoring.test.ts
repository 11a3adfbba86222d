import { declare } from "../support/declared";
import { someEnvironment } from "../support/environment";

const common = {
  resourceGroupName: "<resource-group.name>",
  location: "swedencentral",
  tags: { project: "genaiops-platform", environment: "dev" },
  publicNetworkAccessForIngestion: "Enabled",
  publicNetworkAccessForQuery: "Enabled",
};

test("Application Insights keeps its data in Log Analytics", async () => {
  const { one } = await declare(
    someEnvironment({ logAnalytics: { mode: "create", retentionDays: 365 } }),
  );
  expect(one("azure-native:operationalinsights:Workspace").inputs).toEqual({
    ...common,
    workspaceName: "log-genaiops-dev-cibxs2",
    sku: { name: "PerGB2018" },
    retentionInDays: 365,
    features: { disableLocalAuth: true, enableLogAccessUsingOnlyResourcePermissions: true },
  });
  expect(one("azure-native:applicationinsights:Component").inputs).toMatchObject({
    ...common,
    resourceName: "appi-genaiops-dev-cibxs2",
    kind: "web",
    applicationType: "web",
    ingestionMode: "LogAnalytics",
    workspaceResourceId: "<monitoring.logs.id>",
    disableLocalAuth: false,
  });
});

test("what sends logs, and which", async () => {
  const { all } = await declare(someEnvironment());
  const sent = all("azure-native:monitor:DiagnosticSetting").map(({ inputs }) => inputs);
  const to = { name: "to-log-analytics", workspaceId: "<monitoring.logs.id>" };
  const category = (name: string) => ({ category: name, enabled: true });
  expect(sent).toEqual([
    {
      ...to,
      resourceUri: "<container-registry.id>",
      logs: [{ categoryGroup: "allLogs", enabled: true }],
    },
    { ...to, resourceUri: "<key-vault.id>", logs: [category("AuditEvent")] },
    {
      ...to,
      resourceUri: "<storage.id>/blobServices/default",
      logs: [category("StorageRead"), category("StorageWrite"), category("StorageDelete")],
    },
    {
      ...to,
      resourceUri: "<web.id>",
      logs: [
        category("AmlOnlineEndpointTrafficLog"),
        category("AmlOnlineEndpointConsoleLog"),
        category("AmlOnlineEndpointEventLog"),
      ],
    },
    {
      ...to,
      resourceUri: "<workspace.id>",
      logs: [{ categoryGroup: "audit", enabled: true }],
      metrics: [category("AllMetrics")],
    },
  ]);
});

test("what a protected environment locks, and what stays deletable", async () => {
  const { all } = await declare(
    someEnvironment({ protect: true, machineLearningRegistry: { mode: "create" } }),
  );
  const locks = all("azure-native:authorization:ManagementLockByScope");
  // Azure would keep every arm below a locked workspace from being removed.
  expect(locks.map(({ inputs }) => inputs["scope"])).toEqual([
    "<container-registry.id>",
    "<key-vault.id>",
    "<machine-learning-registry.id>",
    "<monitoring.logs.id>",
    "<storage.id>",
  ]);
  for (const { inputs, protect } of locks) {
    expect(inputs).toMatchObject({ level: "CanNotDelete", lockName: "holds-data" });
    expect(protect).toBe(false);
  }
});
