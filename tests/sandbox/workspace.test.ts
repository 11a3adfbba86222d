import type { Caller } from "./support";
import {
  endpoint,
  endpointId,
  idOf,
  inWorkspace,
  location,
  ml,
  native,
  principalOf,
  said,
  vault,
  withArms,
  withWorkspace,
  workspace,
  workspaceId,
  type Inputs,
} from "./support";

const vaultToken = native("keyvault:Vault");
const vaultId = idOf(vaultToken, vault());

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

test("an endpoint's name is taken in its region, whatever the workspace", () => {
  const caller = withWorkspace();
  const system = { identity: { type: "SystemAssigned" } };
  caller.make(ml("Workspace"), workspace({ workspaceName: "ws-two" }));
  caller.make(ml("OnlineEndpoint"), endpoint({}, system));
  const second = (region: string): Inputs =>
    endpoint({}, { ...system, workspaceName: "ws-two", location: region });
  expect(said(caller.put(ml("OnlineEndpoint"), second("Sweden Central")))).toBe(
    "409 UserError: The name 'chat' is already in use in region swedencentral; choose another name.",
  );
  expect(said(caller.put(ml("OnlineEndpoint"), second("westeurope")))).toBe("201");
});

test("a workspace gets a managed network before it has compute and endpoints, not after", () => {
  const caller = withArms();
  const closed = workspace({ managedNetwork: { isolationMode: "AllowInternetOutbound" } });
  const put = () => said(caller.put(ml("Workspace"), closed));
  expect(put()).toMatch(
    /^400 ValidationError: The workspace cannot get a managed network while it has \S+: delete all compute/,
  );
  caller.drop(endpointId);
  expect(put()).toBe("200");
});

test("a private endpoint stands where the workspace's identity may approve it", () => {
  const caller = withWorkspace({}, { managedNetwork: { isolationMode: "AllowInternetOutbound" } });
  const elsewhere = { resourceGroupName: "rg-other" };
  caller.make(native("resources:ResourceGroup"), { ...elsewhere, location });
  const shared = { ...elsewhere, registryName: "mlr-shared", location };
  caller.make(ml("Registry"), { ...shared, identity: { type: "SystemAssigned" } });
  const registryId = idOf(ml("Registry"), shared);
  const rule = {
    ...inWorkspace,
    ruleName: "registry",
    properties: {
      type: "PrivateEndpoint",
      destination: { serviceResourceId: registryId, subresourceTarget: "amlregistry" },
    },
  };
  const put = () => said(caller.put(ml("ManagedNetworkSettingsRule"), rule));
  expect(put()).toMatch(
    /^400 ValidationError: The workspace's identity '.*id-ws' may not approve a private endpoint of '.*mlr-shared': it needs Azure AI Enterprise Network Connection Approver there\.$/,
  );
  const approver = "Azure AI Enterprise Network Connection Approver";
  caller.grant(approver, principalOf(caller, "id-ws"), registryId);
  expect(put()).toBe("201");
});
