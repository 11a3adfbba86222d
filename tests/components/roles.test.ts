import { deployerRoles, type Reach } from "../../components/access";
import { declare } from "../support/declared";
import { someEnvironment, someFlow, type SettingsText } from "../support/environment";

const role = "azure-native:authorization:RoleAssignment";
const subscription = "/subscriptions/11111111-1111-4111-8111-111111111111";

test("a role assignment has a stable name, a principal type and the id of a built-in role", async () => {
  const { one } = await declare(someEnvironment());
  expect(one(role, "workspace-identity.storage.storage-blob-data-contributor").inputs).toEqual({
    roleAssignmentName: "a4a42d31-9d80-59e5-83f0-9adcefbfcde6",
    principalId: "<workspace-identity.principalId>",
    principalType: "ServicePrincipal",
    roleDefinitionId: `${subscription}/providers/Microsoft.Authorization/roleDefinitions/ba92f5b4-2d11-453d-a403-e96b0029c9fe`,
    scope: "<storage.id>",
  });
});

test("no two assignments share a name, in one stack or in two", async () => {
  const names = async (settings: SettingsText) =>
    (await declare(someEnvironment(settings, [someFlow("chat"), someFlow("web")])))
      .all(role)
      .map(({ inputs }) => inputs["roleAssignmentName"]);
  const all = [...(await names({})), ...(await names({ suffix: "other" }))];
  expect(new Set(all).size).toBe(all.length);
  expect(all.length).toBe(2 * (5 + 3 + 3 + 2 * 4));
});

test("an existing deployer gets its roles by object id", async () => {
  const principalId = "33333333-3333-4333-8333-333333333333";
  const { all, outputs } = await declare(
    someEnvironment({ deployer: { mode: "existing", principalId, rights: "Owner" } }),
  );
  const deployer = all(role).filter(({ parent }) => parent === "deployer");
  expect(deployer.map(({ name, inputs }) => [name, inputs["principalId"]])).toEqual([
    ["deployer.container-registry.acrpush", principalId],
    ["deployer.resource-group.owner", principalId],
    ["deployer.storage.storage-blob-data-contributor", principalId],
  ]);
  expect(outputs["deployer"]).toEqual({ principalId });
  expect(outputs["rolesToGrant"]).toEqual([]);
});

test("the deployer's Owner lets no person in and makes no other Owner", async () => {
  const { one, all } = await declare(someEnvironment());
  const assignments = "Microsoft.Authorization/roleAssignments";
  const privileged =
    "{8e3af657-a8ff-443c-a75c-2fe8c4bcb635, 18d7d88d-d35e-4fb5-a5c3-7773c20a72d9, f58310d9-a9f6-439a-9e8d-f62e7b41a168}";
  const only = (action: string, side: string) =>
    `((!(ActionMatches{'${assignments}/${action}'})) OR ` +
    `(@${side}[${assignments}:RoleDefinitionId] ForAnyOfAllValues:GuidNotEquals ${privileged} AND ` +
    `@${side}[${assignments}:PrincipalType] ForAnyOfAnyValues:StringEqualsIgnoreCase {'ServicePrincipal'}))`;
  expect(one(role, "deployer.resource-group.owner").inputs).toMatchObject({
    condition: `${only("write", "Request")} AND ${only("delete", "Resource")}`,
    conditionVersion: "2.0",
  });
  // What this program grants, such a deployer can grant.
  const others = all(role).filter(({ name }) => name !== "deployer.resource-group.owner");
  expect(others.filter(({ inputs }) => "condition" in inputs)).toEqual([]);
  for (const { inputs } of others) {
    expect(inputs["principalType"]).toBe("ServicePrincipal");
    expect(privileged).not.toContain(String(inputs["roleDefinitionId"]).split("/").at(-1));
  }
});

test("with Contributor no role assignment is declared and every one is told", async () => {
  const { all, one, outputs } = await declare(
    someEnvironment({ deployer: { mode: "create", rights: "Contributor" } }),
  );
  expect(all(role)).toEqual([]);
  const deployer = { principal: "deployer", principalId: "<deployer.principalId>" };
  const workspace = {
    principal: "workspace-identity",
    principalId: "<workspace-identity.principalId>",
  };
  const compute = {
    principal: "compute-identity",
    principalId: "<compute-identity.principalId>",
  };
  const endpoint = {
    principal: "endpoint-identity.web",
    principalId: "<endpoint-identity.web.principalId>",
  };
  expect(outputs["rolesToGrant"]).toEqual([
    { ...deployer, role: "Contributor", scope: "<resource-group.id>" },
    { ...deployer, role: "Storage Blob Data Contributor", scope: "<storage.id>" },
    { ...deployer, role: "AcrPush", scope: "<container-registry.id>" },
    { ...workspace, role: "Contributor", scope: "<resource-group.id>" },
    { ...workspace, role: "Storage Blob Data Contributor", scope: "<storage.id>" },
    { ...workspace, role: "Storage File Data Privileged Contributor", scope: "<storage.id>" },
    { ...workspace, role: "Key Vault Administrator", scope: "<key-vault.id>" },
    { ...workspace, role: "AcrPush", scope: "<container-registry.id>" },
    { ...compute, role: "AcrPull", scope: "<container-registry.id>" },
    { ...compute, role: "Storage Blob Data Contributor", scope: "<storage.id>" },
    {
      ...compute,
      role: "Azure Machine Learning Workspace Connection Secrets Reader",
      scope: "<workspace.id>",
    },
    { ...endpoint, role: "AcrPull", scope: "<container-registry.id>" },
    { ...endpoint, role: "Storage Blob Data Reader", scope: "<storage.id>" },
    {
      ...endpoint,
      role: "Azure Machine Learning Workspace Connection Secrets Reader",
      scope: "<workspace.id>",
    },
    { ...endpoint, role: "Key Vault Secrets User", scope: "<key-vault.id>" },
  ]);
  // The endpoint must not wait for what is never declared.
  expect(one("azure-native:machinelearningservices:OnlineEndpoint").after).toEqual([
    "endpoint-identity.web",
    "resource-group",
    "workspace",
  ]);
});

test("the workspace waits for the roles of its identity", async () => {
  const { one } = await declare(someEnvironment({ network: "closed" }));
  expect(one("azure-native:machinelearningservices:Workspace").after).toEqual(
    expect.arrayContaining([
      "workspace-identity.container-registry.acrpush",
      "workspace-identity.key-vault.key-vault-administrator",
      "workspace-identity.resource-group.azure-ai-enterprise-network-connection-approver",
      "workspace-identity.resource-group.contributor",
      "workspace-identity.storage.storage-blob-data-contributor",
      "workspace-identity.storage.storage-file-data-privileged-contributor",
    ]),
  );
});

test("a vault with access policies names who writes and who reads, and gets no roles", async () => {
  const { all, one } = await declare(
    someEnvironment({ keyVault: { mode: "create", access: "accessPolicy" } }),
  );
  const tenantId = "22222222-2222-4222-8222-222222222222";
  expect(one("azure-native:keyvault:Vault").inputs["properties"]).toMatchObject({
    enableRbacAuthorization: false,
    accessPolicies: [
      {
        tenantId,
        objectId: "<workspace-identity.principalId>",
        permissions: { secrets: ["get", "list", "set", "delete", "recover"] },
      },
      {
        tenantId,
        objectId: "<endpoint-identity.web.principalId>",
        permissions: { secrets: ["get", "list"] },
      },
    ],
  });
  expect(all(role).filter(({ inputs }) => inputs["scope"] === "<key-vault.id>")).toEqual([]);
});

test("who deploys versions of another environment reads the registry of its images: to pull imports nothing", () => {
  const scope = (key: string) => ({ scope: { key, id: `/${key}` } });
  const reach = {
    resourceGroup: scope("group"),
    storage: scope("storage"),
    containerRegistry: scope("images"),
    machineLearningRegistry: scope("shared"),
    evaluatedImages: scope("evaluated"),
  };
  const granted = deployerRoles(reach as unknown as Reach, "Contributor");
  expect(granted.map(({ role, scope: { key } }) => [role, key])).toEqual([
    ["Contributor", "group"],
    ["Storage Blob Data Contributor", "storage"],
    ["AcrPush", "images"],
    ["AzureML Registry User", "shared"],
    ["Reader", "evaluated"],
  ]);
});
