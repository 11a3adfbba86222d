import {
  apiVersion,
  computedOutputs,
  fromId,
  InputError,
  replaceReasons,
  toBody,
  toInputs,
  toOutputs,
  toPath,
} from "../../packages/sandbox/translate";
import { table } from "../../packages/sandbox/types/table";
import {
  assignment,
  Caller,
  deployment,
  endpoint,
  endpointId,
  foundation,
  group,
  identityId,
  idOf,
  insights,
  location,
  ml,
  native,
  said,
  storage,
  subscription,
  vault,
  withArms,
  type Inputs,
} from "./support";

const storageToken = native("storage:StorageAccount");

function problems(token: string, inputs: Inputs): string[] {
  try {
    toBody(token, inputs);
    return [];
  } catch (error) {
    return (error as InputError).problems.map(({ kind, path }) => `${kind} ${path}`);
  }
}

describe("paths", () => {
  test("every type's path and token come back from its id", () => {
    for (const [token, { path }] of Object.entries(table)) {
      const names = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] as string);
      const value = (name: string): string =>
        ["scope", "resourceUri"].includes(name) ? "/subscriptions/s/resourceGroups/rg" : `${name}1`;
      const inputs = Object.fromEntries(
        names.filter((name) => name !== "subscriptionId").map((name) => [name, value(name)]),
      );
      expect(fromId(toPath(token, inputs, subscription))).toEqual({ token, inputs });
    }
  });

  test("ids are read in any case, and a foreign id is refused", () => {
    expect(fromId(endpointId.toUpperCase()).token).toBe(ml("OnlineEndpoint"));
    expect(() =>
      fromId("/subscriptions/s/resourceGroups/rg/providers/Microsoft.Web/sites/a"),
    ).toThrow("is the id of no type in the sandbox's table");
  });

  test("a path input that is missing is named", () => {
    expect(() => toPath(storageToken, { accountName: "st" }, subscription)).toThrow(
      `${storageToken}: resourceGroupName is required, as text`,
    );
    expect(() => toPath("azure-native:web:WebApp", {}, subscription)).toThrow(
      "azure-native:web:WebApp is not in the sandbox's table",
    );
  });
});

describe("bodies", () => {
  test("a flattened type goes under properties, with ARM's names and identities as a map", () => {
    const inputs = storage({
      identity: { type: "UserAssigned", userAssignedIdentities: ["/subscriptions/s/id"] },
      enableHttpsTrafficOnly: true,
      networkRuleSet: {
        defaultAction: "Deny",
        ipRules: [{ iPAddressOrRange: "1.2.3.4" }],
        virtualNetworkRules: [{ virtualNetworkResourceId: "/v" }],
      },
    });
    expect(toBody(storageToken, inputs)).toEqual({
      location,
      kind: "StorageV2",
      sku: { name: "Standard_LRS" },
      identity: { type: "UserAssigned", userAssignedIdentities: { "/subscriptions/s/id": {} } },
      properties: {
        allowSharedKeyAccess: false,
        supportsHttpsTrafficOnly: true,
        networkAcls: {
          defaultAction: "Deny",
          ipRules: [{ value: "1.2.3.4" }],
          virtualNetworkRules: [{ id: "/v" }],
        },
      },
    });
  });

  test("a type that is not flattened keeps its properties; Log Analytics has its SKU inside", () => {
    expect(toBody(ml("OnlineEndpoint"), endpoint({ traffic: { blue: 100 } }))).toEqual({
      location,
      kind: "Managed",
      identity: { type: "UserAssigned", userAssignedIdentities: { [identityId("id-chat")]: {} } },
      properties: { authMode: "AADToken", traffic: { blue: 100 } },
    });
    expect(
      toBody(native("operationalinsights:Workspace"), {
        ...group,
        workspaceName: "log",
        location,
        sku: { name: "PerGB2018" },
      }),
    ).toEqual({
      location,
      properties: { sku: { name: "PerGB2018" } },
    });
    expect(
      toBody(native("resources:ResourceGroup"), { ...group, location, tags: { a: "b" } }),
    ).toEqual({ location, tags: { a: "b" } });
  });

  test("outputs have azure-native's names again", () => {
    const caller = foundation();
    const live = caller.make(
      storageToken,
      storage({
        enableHttpsTrafficOnly: true,
        networkRuleSet: { defaultAction: "Deny", ipRules: [{ iPAddressOrRange: "1.2.3.4" }] },
      }),
    );
    expect(toOutputs(storageToken, live)).toMatchObject({
      azureApiVersion: "2024-01-01",
      name: "stmain",
      enableHttpsTrafficOnly: true,
      networkRuleSet: { defaultAction: "Deny", ipRules: [{ iPAddressOrRange: "1.2.3.4" }] },
      primaryEndpoints: { blob: "https://stmain.blob.core.windows.net/" },
    });
    expect(
      toOutputs(
        native("applicationinsights:Component"),
        caller.get(idOf(native("applicationinsights:Component"), insights())),
      ),
    ).toMatchObject({
      applicationType: "web",
      instrumentationKey: expect.stringMatching(/^[-0-9a-f]{36}$/),
      workspaceResourceId: expect.stringContaining("/log-main"),
    });
  });

  test.each<[string, string, Inputs, string[]]>([
    ["unknown", storageToken, storage({ allowSharedKey: false }), ["unknown allowSharedKey"]],
    [
      "unknown, nested",
      ml("OnlineEndpoint"),
      endpoint({ weights: {} }),
      ["unknown properties.weights"],
    ],
    [
      "unknown, in a list",
      storageToken,
      storage({ networkRuleSet: { defaultAction: "Deny", ipRules: [{ value: "1.2.3.4" }] } }),
      [
        "missing networkRuleSet.ipRules[0].iPAddressOrRange",
        "unknown networkRuleSet.ipRules[0].value",
      ],
    ],
    ["missing", storageToken, { ...group, accountName: "st" }, ["missing kind", "missing sku"]],
    [
      "missing, nested",
      ml("OnlineEndpoint"),
      endpoint({ authMode: undefined }),
      ["missing properties.authMode"],
    ],
    ["read-only", storageToken, storage({ primaryEndpoints: {} }), ["readOnly primaryEndpoints"]],
    [
      "a text for a number",
      ml("OnlineEndpoint"),
      endpoint({ traffic: { blue: "100" } }),
      ["type properties.traffic.blue"],
    ],
    [
      "a word of another list",
      ml("OnlineEndpoint"),
      endpoint({ authMode: "Password" }),
      ["value properties.authMode"],
    ],
    [
      "a kind of object that is none",
      ml("OnlineDeployment"),
      deployment("blue", { endpointComputeType: "Own" }),
      ["value properties"],
    ],
    [
      "a property of another kind",
      ml("Compute"),
      {
        ...group,
        workspaceName: "ws",
        computeName: "cpu",
        properties: { computeType: "AmlCompute", properties: { schedules: {} } },
      },
      ["unknown properties.properties.schedules"],
    ],
    ["nothing wrong", ml("OnlineDeployment"), deployment("blue"), []],
  ])("inputs with what is wrong: %s", (_, token, inputs, expected) => {
    expect(problems(token, inputs)).toEqual(expected);
  });

  test("ARM refuses the same, whoever asks", () => {
    const caller = withArms();
    const body = toBody(ml("OnlineEndpoint"), endpoint());
    expect(
      said(
        caller.send("PUT", endpointId, {
          ...body,
          properties: { authMode: "AADToken", weights: {} },
        }),
      ),
    ).toMatch(
      /^400 InvalidRequestContent: The request content was invalid: Could not find member 'properties\.weights'/,
    );
    expect(said(caller.send("PUT", endpointId, { ...body, location: undefined }))).toMatch(
      /^400 LocationRequired: /,
    );
  });
});

describe("refresh", () => {
  const token = ml("OnlineEndpoint");
  const inputs = endpoint({}, { tags: { team: "a" } });

  function changed(change: (caller: Caller) => void): Inputs {
    const caller = withArms();
    const before = toOutputs(token, caller.make(token, inputs));
    change(caller);
    return toInputs(token, caller.get(endpointId), inputs, before);
  }

  test("what nobody changed leaves the inputs as they were", () => {
    expect(changed(() => undefined)).toEqual(inputs);
  });

  test("a live weight is carried into the inputs, and so would be written by the next update", () => {
    const refreshed = changed(
      (caller) =>
        void caller.make(token, endpoint({ traffic: { blue: 100 } }, { tags: { team: "a" } })),
    );
    expect(refreshed).toEqual(endpoint({ traffic: { blue: 100 } }, { tags: { team: "a" } }));
  });

  test("a tag that was removed goes, one that was added comes", () => {
    const refreshed = changed(
      (caller) => void caller.make(token, endpoint({}, { tags: { owner: "b" } })),
    );
    expect(refreshed).toEqual(endpoint({}, { tags: { owner: "b" } }));
  });

  test("without recorded outputs, Azure's defaults count as expected", () => {
    const caller = withArms();
    expect(toInputs(token, caller.make(token, inputs), inputs)).toEqual(inputs);
    const account = storage({ minimumTlsVersion: "TLS1_2" });
    expect(toInputs(storageToken, caller.make(storageToken, account), account)).toEqual(account);
    caller.make(storageToken, storage({ minimumTlsVersion: "TLS1_1" }));
    expect(toInputs(storageToken, caller.get(idOf(storageToken, account)), account)).toEqual(
      storage({ minimumTlsVersion: "TLS1_1" }),
    );
  });

  test("read by id, all inputs come, identities as a list", () => {
    const caller = withArms();
    expect(toInputs(token, caller.get(endpointId), {})).toEqual({
      ...endpoint({ publicNetworkAccess: "Enabled", traffic: {}, mirrorTraffic: {} }),
      identity: { type: "UserAssigned", userAssignedIdentities: [identityId("id-chat")] },
    });
  });

  test("what was read by id can be written without a change, for every type that a platform has", () => {
    const caller = withArms();
    for (const { id } of Object.values(structuredClone(caller.azure.state.resources))) {
      const { token: type } = fromId(id);
      const read = toInputs(type, caller.get(id), {});
      const before = caller.get(id);
      caller.make(type, read);
      expect(caller.get(id)).toEqual(before);
    }
  });
});

describe("replacements", () => {
  test.each<[string, string, Inputs, Inputs, string[]]>([
    ["a tag", ml("OnlineEndpoint"), endpoint(), endpoint({}, { tags: { a: "b" } }), []],
    ["weights", ml("OnlineEndpoint"), endpoint(), endpoint({ traffic: { blue: 100 } }), []],
    [
      "the endpoint's name",
      ml("OnlineEndpoint"),
      endpoint(),
      endpoint({}, { endpointName: "other" }),
      ["endpointName"],
    ],
    [
      "the region in other words",
      ml("OnlineEndpoint"),
      endpoint(),
      endpoint({}, { location: "Sweden Central" }),
      [],
    ],
    [
      "the region",
      ml("OnlineEndpoint"),
      endpoint(),
      endpoint({}, { location: "westeurope" }),
      ["location"],
    ],
    [
      "the region left out",
      ml("OnlineEndpoint"),
      endpoint(),
      endpoint({}, { location: undefined }),
      [],
    ],
    [
      "first keys",
      ml("OnlineEndpoint"),
      endpoint(),
      endpoint({ keys: { primaryKey: "k" } }),
      ["properties.keys"],
    ],
    // azure-native sends this one, and Azure refuses it.
    [
      "the endpoint's identity",
      ml("OnlineEndpoint"),
      endpoint(),
      endpoint({}, { identity: { type: "SystemAssigned" } }),
      [],
    ],
    [
      "an arm's instance type",
      ml("OnlineDeployment"),
      deployment("blue"),
      deployment("blue", { instanceType: "Standard_DS4_v2" }),
      ["properties.instanceType"],
    ],
    [
      "an arm's model",
      ml("OnlineDeployment"),
      deployment("blue"),
      deployment("blue", { model: "azureml:other:2" }),
      [],
    ],
    [
      "who gets a role",
      native("authorization:RoleAssignment"),
      assignment("Owner", "a", "/s"),
      { ...assignment("Owner", "a", "/s"), principalId: "b" },
      ["principalId"],
    ],
    [
      "where a role is",
      native("authorization:RoleAssignment"),
      assignment("Owner", "a", "/s"),
      { ...assignment("Owner", "a", "/s"), scope: "/t" },
      ["scope"],
    ],
    [
      "a vault's days",
      native("keyvault:Vault"),
      vault(),
      vault({}, { softDeleteRetentionInDays: 7 }),
      [],
    ],
  ])("%s", (_, token, before, after, expected) => {
    expect(replaceReasons(token, before, after)).toEqual(expected);
  });
});

test("computed outputs are those that nobody can know before", () => {
  expect(computedOutputs(native("managedidentity:UserAssignedIdentity"))).toEqual([
    "id",
    "principalId",
    "clientId",
    "tenantId",
  ]);
  expect(computedOutputs(native("keyvault:Vault"))).toEqual([
    "id",
    "properties.provisioningState",
    "properties.vaultUri",
  ]);
  expect(computedOutputs(ml("Workspace"))).toEqual(
    expect.arrayContaining(["workspaceId", "identity.principalId", "managedNetwork.status"]),
  );
  expect(computedOutputs(native("applicationinsights:Component"))).toEqual(
    expect.arrayContaining(["connectionString", "instrumentationKey"]),
  );
});

test.each([
  ["resources:ResourceGroup", "2024-03-01"],
  ["authorization:RoleAssignment", "2022-04-01"],
  ["keyvault:Vault", "2024-11-01"],
  ["machinelearningservices:OnlineEndpoint", "2025-12-01"],
  ["monitor:DiagnosticSetting", "2021-05-01-preview"],
])("%s speaks %s", (token, version) => {
  expect(apiVersion(native(token))).toBe(version);
});
