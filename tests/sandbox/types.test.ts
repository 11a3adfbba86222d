import {
  Caller,
  foundation,
  group,
  identity,
  identityId,
  idOf,
  inWorkspace,
  insights,
  location,
  logAnalytics,
  ml,
  native,
  registry,
  said,
  storage,
  subscription,
  tenant,
  vault,
  withWorkspace,
  workspace,
  workspaceId,
  type Inputs,
} from "./support";

const vaultId = idOf(native("keyvault:Vault"), vault());
const logId = idOf(native("operationalinsights:Workspace"), logAnalytics());
const diagnostics = (more: Inputs = {}): Inputs => ({
  resourceUri: vaultId,
  name: "logs",
  workspaceId: logId,
  logs: [{ category: "AuditEvent", enabled: true }],
  ...more,
});
const account = (more: Inputs = {}): Inputs => ({
  ...group,
  accountName: "oai-main",
  location,
  kind: "OpenAI",
  sku: { name: "S0" },
  properties: { customSubDomainName: "oai-main" },
  ...more,
});
const federated = (name: string, more: Inputs = {}): Inputs => ({
  ...group,
  resourceName: "id-ws",
  federatedIdentityCredentialResourceName: name,
  issuer: "https://login.microsoftonline.com/t/v2.0",
  subject: "/eid1/c/pub/t/a",
  audiences: ["api://AzureADTokenExchange"],
  ...more,
});

const [storageToken, registryToken, vaultToken] = [
  native("storage:StorageAccount"),
  native("containerregistry:Registry"),
  native("keyvault:Vault"),
];

describe("what a naive caller is refused, before a workspace", () => {
  const caller = foundation();
  test.each<[string, string, Inputs, string]>([
    [
      "storage name with a hyphen",
      storageToken,
      storage({ accountName: "st-main" }),
      "400 AccountNameInvalid",
    ],
    [
      "storage name of somebody else",
      storageToken,
      storage({ resourceGroupName: "two" }),
      "409 StorageAccountAlreadyTaken",
    ],
    [
      "zones on an old kind of account",
      storageToken,
      storage({ accountName: "stnew", kind: "Storage", sku: { name: "Standard_ZRS" } }),
      "400 InvalidAccountSku",
    ],
    [
      "storage in another region",
      storageToken,
      storage({ location: "westeurope" }),
      "409 InvalidResourceLocation",
    ],
    [
      "hierarchical names later",
      storageToken,
      storage({ isHnsEnabled: true }),
      "409 PropertyChangeNotAllowed: Changing property 'properties.isHnsEnabled'",
    ],
    [
      "a blob service of another name",
      native("storage:BlobServiceProperties"),
      { ...group, accountName: "stmain", blobServicesName: "x" },
      "400 InvalidResourceName",
    ],
    [
      "deleted blobs kept too long",
      native("storage:BlobServiceProperties"),
      { ...group, accountName: "stmain", deleteRetentionPolicy: { enabled: true, days: 366 } },
      "400 InvalidValuesForRequestParameters",
    ],
    [
      "vault name that is too long",
      vaultToken,
      vault({ vaultName: "k".repeat(25) }),
      "400 VaultNameNotValid",
    ],
    [
      "vault name of somebody else",
      vaultToken,
      vault({ resourceGroupName: "two" }),
      "409 VaultAlreadyExists",
    ],
    [
      "vault without policies or roles",
      vaultToken,
      vault({ vaultName: "kv-new" }, { enableRbacAuthorization: false }),
      "400 BadRequest: The property accessPolicies is required",
    ],
    [
      "a secret in no vault",
      native("keyvault:Secret"),
      { ...group, vaultName: "kv-none", secretName: "s", properties: { value: "v" } },
      "404 ParentResourceNotFound",
    ],
    [
      "registry name with a hyphen",
      registryToken,
      registry({ registryName: "cr-main" }),
      "400 InvalidResourceName",
    ],
    [
      "registry name of somebody else",
      registryToken,
      registry({ resourceGroupName: "two" }),
      "409 AlreadyInUse",
    ],
    [
      "firewall without Premium",
      registryToken,
      registry({
        registryName: "crnew",
        sku: { name: "Standard" },
        networkRuleSet: { defaultAction: "Deny" },
      }),
      "400 SkuNotSupported: networkRuleSet needs a registry of SKU Premium, found Standard",
    ],
    [
      "anonymous pull on Basic",
      registryToken,
      registry({ registryName: "crnew", sku: { name: "Basic" }, anonymousPullEnabled: true }),
      "400 SkuNotSupported: anonymousPullEnabled needs",
    ],
    [
      "no export with public access",
      registryToken,
      registry({ registryName: "crnew", policies: { exportPolicy: { status: "disabled" } } }),
      "400 ExportPolicyInvalid",
    ],
    [
      "zones later",
      registryToken,
      registry({ zoneRedundancy: "Enabled" }),
      "409 PropertyChangeNotAllowed: Changing property 'properties.zoneRedundancy'",
    ],
    [
      "logs kept too short",
      native("operationalinsights:Workspace"),
      logAnalytics({ retentionInDays: 29 }),
      "400 InvalidParameter",
    ],
    [
      "Application Insights without Log Analytics",
      native("applicationinsights:Component"),
      insights({ workspaceResourceId: undefined }),
      "400 BadRequest: Classic Application Insights",
    ],
    [
      "Application Insights on nothing",
      native("applicationinsights:Component"),
      insights({ workspaceResourceId: `${logId}x` }),
      "400 BadRequest: properties.WorkspaceResourceId names",
    ],
    [
      "traces kept for odd days",
      native("applicationinsights:Component"),
      insights({ retentionInDays: 31 }),
      "400 BadRequest: RetentionInDays must be one of 30, 60",
    ],
    [
      "diagnostics to nowhere",
      native("monitor:DiagnosticSetting"),
      diagnostics({ workspaceId: undefined }),
      "400 BadRequest: A diagnostic setting needs a destination",
    ],
    [
      "diagnostics of nothing",
      native("monitor:DiagnosticSetting"),
      diagnostics({ logs: [] }),
      "400 BadRequest: A diagnostic setting must enable",
    ],
    [
      "diagnostics of what is not there",
      native("monitor:DiagnosticSetting"),
      diagnostics({ resourceUri: `${vaultId}x` }),
      "404 ResourceNotFound",
    ],
    [
      "diagnostics to what is not there",
      native("monitor:DiagnosticSetting"),
      diagnostics({ workspaceId: `${logId}x` }),
      "400 BadRequest: properties.workspaceId names",
    ],
    [
      "Azure OpenAI without keys and sub-domain",
      native("cognitiveservices:Account"),
      account({ properties: { disableLocalAuth: true } }),
      "400 BadRequest: An account without keys .disableLocalAuth. needs customSubDomainName",
    ],
    [
      "Azure OpenAI without kind",
      native("cognitiveservices:Account"),
      account({ kind: undefined }),
      "400 InvalidRequestContent: The account needs kind",
    ],
    [
      "a model in no account",
      native("cognitiveservices:Deployment"),
      { ...group, accountName: "none", deploymentName: "gpt" },
      "404 ParentResourceNotFound",
    ],
    [
      "two audiences",
      native("managedidentity:FederatedIdentityCredential"),
      federated("one", { audiences: ["a", "b"] }),
      "400 BadRequest: A federated identity credential takes exactly one audience",
    ],
    [
      "a workspace without storage",
      ml("Workspace"),
      workspace({ storageAccount: undefined }),
      "400 ValidationError: Missing dependent resources in workspace json: storageAccount",
    ],
    [
      "a workspace on a vault that is not there",
      ml("Workspace"),
      workspace({ keyVault: `${vaultId}x` }),
      "400 BadRequest: properties.keyVault names",
    ],
    [
      "a workspace without identity",
      ml("Workspace"),
      workspace({ identity: undefined }),
      "400 ValidationError: A workspace needs an identity",
    ],
    [
      "a workspace without primary identity",
      ml("Workspace"),
      workspace({ primaryUserAssignedIdentity: undefined }),
      "400 ValidationError: primaryUserAssignedIdentity must name one of",
    ],
    [
      "an identity's name that is too short",
      native("managedidentity:UserAssignedIdentity"),
      identity("id"),
      "400 InvalidResourceName",
    ],
    [
      "a group's name with a period at the end",
      native("resources:ResourceGroup"),
      { resourceGroupName: "rg.", location },
      "400 InvalidResourceGroupName",
    ],
  ])("%s", (_, token, inputs, expected) => {
    caller.make(native("resources:ResourceGroup"), { resourceGroupName: "two", location });
    expect(said(caller.put(token, inputs))).toMatch(new RegExp(`^${expected}`));
  });
});

describe("what a naive caller is refused, in a workspace", () => {
  const caller = withWorkspace({}, { managedNetwork: { isolationMode: "AllowInternetOutbound" } });
  const connection = (properties: Inputs): Inputs => ({
    ...inWorkspace,
    connectionName: "aoai",
    properties,
  });
  const rule = (properties: Inputs): Inputs => ({ ...inWorkspace, ruleName: "out", properties });
  test.each<[string, string, Inputs, string]>([
    [
      "another key vault",
      ml("Workspace"),
      workspace({ keyVault: idOf(vaultToken, vault({ vaultName: "kv-two" })) }),
      "409 PropertyChangeNotAllowed: Changing property 'properties.keyVault'",
    ],
    [
      "isolation taken back",
      ml("Workspace"),
      workspace({ managedNetwork: { isolationMode: "Disabled" } }),
      "400 ValidationError: The isolation mode of a managed network cannot go from AllowInternetOutbound back to Disabled",
    ],
    [
      "datastores with keys where keys are off",
      ml("Workspace"),
      workspace({ systemDatastoresAuthMode: "AccessKey" }),
      "403 KeyBasedAuthenticationNotPermitted",
    ],
    [
      "a connection without target",
      ml("WorkspaceConnection"),
      connection({ authType: "AAD", category: "AzureOpenAI" }),
      "400 ValidationError: A connection of category AzureOpenAI needs a target",
    ],
    [
      "a key connection without key",
      ml("WorkspaceConnection"),
      connection({
        authType: "ApiKey",
        category: "AzureOpenAI",
        target: "https://a",
        credentials: {},
      }),
      "400 ValidationError: A connection with authType ApiKey needs credentials.key",
    ],
    [
      "a rule by name where all is let out",
      ml("ManagedNetworkSettingsRule"),
      rule({ type: "FQDN", destination: "api.openai.com" }),
      "400 ValidationError: FQDN rules need isolationMode AllowOnlyApprovedOutbound",
    ],
    [
      "a rule to what is not there",
      ml("ManagedNetworkSettingsRule"),
      rule({
        type: "PrivateEndpoint",
        destination: { serviceResourceId: `${vaultId}x`, subresourceTarget: "vault" },
      }),
      "400 ValidationError: The destination .* does not exist",
    ],
    [
      "a datastore with a key where keys are off",
      ml("Datastore"),
      {
        ...inWorkspace,
        name: "own",
        properties: {
          datastoreType: "AzureBlob",
          accountName: "stmain",
          containerName: "c",
          credentials: {
            credentialsType: "AccountKey",
            secrets: { secretsType: "AccountKey", key: "k" },
          },
        },
      },
      "403 KeyBasedAuthenticationNotPermitted",
    ],
    [
      "a compute name that ends with digits",
      ml("Compute"),
      { ...inWorkspace, computeName: "cpu-1", location, properties: { computeType: "AmlCompute" } },
      "400 InvalidResourceName",
    ],
  ])("%s", (_, token, inputs, expected) => {
    caller.make(vaultToken, vault({ vaultName: "kv-two" }));
    expect(said(caller.put(token, inputs))).toMatch(new RegExp(`^${expected}`));
  });

  test("an open workspace takes no outbound rules", () => {
    const open = withWorkspace();
    expect(
      said(
        open.put(
          ml("ManagedNetworkSettingsRule"),
          rule({ type: "FQDN", destination: "api.openai.com" }),
        ),
      ),
    ).toMatch(/^400 ValidationError: The workspace has no managed network/);
  });

  test("compute size is fixed", () => {
    const compute = (vmSize: string): Inputs => ({
      ...inWorkspace,
      computeName: "cpu",
      location,
      properties: {
        computeType: "AmlCompute",
        properties: { vmSize, scaleSettings: { minNodeCount: 0, maxNodeCount: 2 } },
      },
    });
    caller.make(ml("Compute"), compute("Standard_DS3_v2"));
    expect(said(caller.put(ml("Compute"), compute("Standard_DS4_v2")))).toMatch(
      /^409 PropertyChangeNotAllowed: .*vmSize/,
    );
  });
});

test("one category goes to one place once, and a resource takes five settings", () => {
  const caller = foundation();
  const token = native("monitor:DiagnosticSetting");
  caller.make(token, diagnostics());
  expect(said(caller.put(token, diagnostics({ name: "again" })))).toMatch(
    /^409 Conflict: Data sink of 'logs' is already used/,
  );
  for (const name of ["b", "c", "d", "e"]) {
    caller.make(token, diagnostics({ name, logs: [{ category: `Other${name}`, enabled: true }] }));
  }
  expect(
    said(
      caller.put(token, diagnostics({ name: "f", logs: [{ category: "Sixth", enabled: true }] })),
    ),
  ).toBe("400 BadRequest: A resource takes at most five diagnostic settings.");
});

test("an identity trusts an issuer's subject once, and twenty at most", () => {
  const caller = foundation();
  const token = native("managedidentity:FederatedIdentityCredential");
  caller.make(token, federated("one"));
  expect(said(caller.put(token, federated("two")))).toBe(
    "409 Conflict: Issuer and subject are already trusted by 'one'.",
  );
  for (let n = 1; n < 20; n += 1) caller.make(token, federated(`more-${n}`, { subject: `s${n}` }));
  expect(said(caller.put(token, federated("last", { subject: "last" })))).toMatch(
    /^400 TooManyFederatedIdentityCredentials: /,
  );
});

test("a workspace brings its datastore with the container that carries its id", () => {
  const caller = withWorkspace();
  const { properties } = caller.get(workspaceId) as { properties: { workspaceId: string } };
  expect(caller.get(`${workspaceId}/datastores/workspaceblobstore`)["properties"]).toMatchObject({
    accountName: "stmain",
    containerName: `azureml-blobstore-${properties.workspaceId}`,
    isDefault: true,
  });
});

test("a managed network is provisioned by the setting or by the action, and stays so", () => {
  const network = (caller: Caller): unknown =>
    (caller.get(workspaceId)["properties"] as { managedNetwork: unknown }).managedNetwork;
  const caller = withWorkspace({}, { managedNetwork: { isolationMode: "AllowInternetOutbound" } });
  expect(network(caller)).toEqual({
    isolationMode: "AllowInternetOutbound",
    status: { status: "Inactive", sparkReady: false },
  });
  expect(said(caller.send("POST", `${workspaceId}/provisionManagedNetwork`))).toBe("200");
  expect(network(caller)).toEqual({
    isolationMode: "AllowInternetOutbound",
    status: { status: "Active", sparkReady: false },
  });
  caller.make(ml("Workspace"), workspace({ tags: { a: "b" } }));
  expect(network(caller)).toEqual({
    isolationMode: "AllowInternetOutbound",
    status: { status: "Active", sparkReady: false },
  });
});

test("secrets are neither stored nor returned, and two can still be told apart", () => {
  const caller = withWorkspace();
  const canary = "canary-5d1c";
  const token = native("keyvault:Secret");
  const secret = (value: string): Inputs => ({
    ...group,
    vaultName: "kv-main",
    secretName: "key",
    properties: { value },
  });
  const uri = (made: Inputs): unknown => (made["properties"] as Inputs)["secretUriWithVersion"];
  const made = caller.make(token, secret(canary));
  caller.make(ml("WorkspaceConnection"), {
    ...inWorkspace,
    connectionName: "aoai",
    properties: {
      authType: "ApiKey",
      category: "AzureOpenAI",
      target: "https://a",
      credentials: { key: canary },
    },
  });
  expect(made["properties"]).not.toHaveProperty("value");
  expect(caller.get(`${workspaceId}/connections/aoai`)["properties"]).not.toHaveProperty(
    "credentials",
  );
  expect(JSON.stringify(caller.azure.state)).not.toContain(canary);
  expect(uri(caller.make(token, secret(canary)))).toBe(uri(made));
  expect(uri(caller.make(token, secret("another")))).not.toBe(uri(made));
});

test("the blob service of an account falls back to its defaults when it is deleted", () => {
  const caller = foundation();
  const token = native("storage:BlobServiceProperties");
  const inputs = { ...group, accountName: "stmain", isVersioningEnabled: true };
  const id = idOf(token, inputs);
  expect(id.endsWith("/storageAccounts/stmain/blobServices/default")).toBe(true);
  expect(caller.get(id)["properties"]).toEqual({});
  expect(caller.make(token, inputs)["properties"]).toEqual({ isVersioningEnabled: true });
  caller.drop(id);
  expect(caller.get(id)["properties"]).toEqual({});
});

test("keys are listed where the resource has keys", () => {
  const caller = foundation();
  const id = idOf(native("cognitiveservices:Account"), account());
  caller.make(native("cognitiveservices:Account"), account());
  expect(caller.send("POST", `${id}/listKeys`).status).toBe(200);
  caller.make(
    native("cognitiveservices:Account"),
    account({ properties: { customSubDomainName: "oai-main", disableLocalAuth: true } }),
  );
  expect(said(caller.send("POST", `${id}/listKeys`))).toMatch(
    /^400 BadRequest: Failed to list key/,
  );
  const registryId = idOf(registryToken, registry());
  expect(said(caller.send("POST", `${registryId}/listCredentials`))).toMatch(
    /^400 UnAuthorizedForCredentialOperations: /,
  );
});

test.each([
  [
    native("managedidentity:UserAssignedIdentity"),
    identity("id-ws"),
    ["principalId", "clientId", "tenantId"],
  ],
  [native("storage:StorageAccount"), storage(), ["primaryEndpoints"]],
  [native("containerregistry:Registry"), registry(), ["loginServer"]],
  [vaultToken, vault(), ["vaultUri"]],
  [native("applicationinsights:Component"), insights(), ["ConnectionString", "InstrumentationKey"]],
])("%s has what Azure computes, and refuses it as input", (token, inputs, computed) => {
  const caller = foundation();
  const live = caller.get(idOf(token, inputs)) as { properties: Inputs };
  for (const name of computed) {
    expect(live.properties[name]).toBeDefined();
    const body = { ...live, properties: { ...live.properties, [name]: "mine" } };
    expect(said(caller.send("PUT", idOf(token, inputs), body))).toBe(
      `400 InvalidRequestContent: The request content was invalid: Property 'properties.${name}' is read-only and cannot be set.`,
    );
  }
  expect(said(caller.send("PUT", idOf(token, inputs), live))).toBe("200");
});

test("the ids are stable", () => {
  expect(identityId("id-ws")).toBe(
    `/subscriptions/${subscription}/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-ws`,
  );
  expect(foundation().get(identityId("id-ws"))["properties"]).toEqual({
    principalId: "3f69c355-d43d-57f4-8fb7-fb736bb831ac",
    clientId: "3e4abce2-bb46-5e19-b655-a89a3656d97f",
    tenantId: tenant,
  });
});
