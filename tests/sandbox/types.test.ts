import {
  foundation,
  group,
  identity,
  idOf,
  insights,
  location,
  logAnalytics,
  ml,
  native,
  registry,
  said,
  storage,
  vault,
  workspace,
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
      "a model deployment without a model",
      native("cognitiveservices:Deployment"),
      {
        ...group,
        accountName: "oai-two",
        deploymentName: "gpt",
        sku: { name: "GlobalStandard", capacity: 1 },
      },
      "400 InvalidRequestContent: The deployment needs properties.model.format, properties.model.name",
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
    caller.make(
      native("cognitiveservices:Account"),
      account({ accountName: "oai-two", properties: {} }),
    );
    expect(said(caller.put(token, inputs))).toMatch(new RegExp(`^${expected}`));
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
