import { fromId, replaceReasons, toInputs, toOutputs } from "../../packages/sandbox/translate";

import type { Caller } from "./support";
import {
  assignment,
  deployment,
  endpoint,
  endpointId,
  identityId,
  idOf,
  ml,
  native,
  storage,
  vault,
  withArms,
  type Inputs,
} from "./support";

const storageToken = native("storage:StorageAccount");

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
