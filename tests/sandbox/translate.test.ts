import type { InputError } from "../../packages/sandbox/translate";
import {
  apiVersion,
  computedOutputs,
  fromId,
  toBody,
  toOutputs,
  toPath,
} from "../../packages/sandbox/translate";
import { table } from "../../packages/sandbox/types/table";

import {
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
      fromId("/subscriptions/s/resourceGroups/rg/providers/Microsoft.Batch/batchAccounts/a"),
    ).toThrow("is the id of no type in the sandbox's table");
  });

  test("a path input that is missing is named", () => {
    expect(() => toPath(storageToken, { accountName: "st" }, subscription)).toThrow(
      `${storageToken}: resourceGroupName is required, as text`,
    );
    expect(() => toPath("azure-native:batch:BatchAccount", {}, subscription)).toThrow(
      "azure-native:batch:BatchAccount is not in the sandbox's table",
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
