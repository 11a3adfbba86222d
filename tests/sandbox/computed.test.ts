import {
  foundation,
  group,
  identity,
  identityId,
  idOf,
  inWorkspace,
  insights,
  location,
  ml,
  native,
  registry,
  said,
  storage,
  subscription,
  tenant,
  vault,
  withWorkspace,
  workspaceId,
  type Inputs,
} from "./support";

const [registryToken, vaultToken] = [
  native("containerregistry:Registry"),
  native("keyvault:Vault"),
];
const account = (more: Inputs = {}): Inputs => ({
  ...group,
  accountName: "oai-main",
  location,
  kind: "OpenAI",
  sku: { name: "S0" },
  properties: { customSubDomainName: "oai-main" },
  ...more,
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
