import {
  Caller,
  foundation,
  group,
  groupId,
  idOf,
  insights,
  location,
  logAnalytics,
  ml,
  native,
  said,
  subscription,
  vault,
  withWorkspace,
  workspace,
  workspaceId,
  type Inputs,
} from "./support";

const day = 86_400_000;
const start = Date.UTC(2026, 0, 1);
const vaultToken = native("keyvault:Vault");
const vaultId = idOf(vaultToken, vault());
const account = (properties: Inputs = {}, more: Inputs = {}): Inputs => ({
  ...group,
  accountName: "oai-main",
  location,
  kind: "OpenAI",
  sku: { name: "S0" },
  properties: { customSubDomainName: "oai-main", disableLocalAuth: true, ...properties },
  ...more,
});
const accountToken = native("cognitiveservices:Account");

function later(caller: Caller, days: number): Caller {
  return new Caller({ now: start + days * day }, caller);
}

describe("key vault", () => {
  const taken =
    "409 ConflictError: A vault with the same name already exists in deleted state. You need to either recover or purge existing key vault.";

  test("a deleted vault keeps its name, also in another resource group, and comes back by createMode recover", () => {
    const caller = foundation();
    caller.drop(vaultId);
    caller.make(native("resources:ResourceGroup"), { resourceGroupName: "other", location });
    expect(said(caller.put(vaultToken, vault()))).toBe(taken);
    expect(said(caller.put(vaultToken, vault({ resourceGroupName: "other" })))).toBe(taken);
    expect(
      said(
        caller.put(vaultToken, vault({ resourceGroupName: "other" }, { createMode: "recover" })),
      ),
    ).toBe(taken);
    expect(said(caller.put(vaultToken, vault({}, { createMode: "recover" })))).toBe("201");
    expect(said(caller.put(vaultToken, vault()))).toBe("200");
  });

  test("the name is free after the retention", () => {
    const caller = foundation();
    caller.drop(vaultId);
    expect(said(later(caller, 89).put(vaultToken, vault()))).toBe(taken);
    expect(said(later(caller, 90).put(vaultToken, vault()))).toBe("201");
  });

  test("a purge frees the name, but not where purge protection is on", () => {
    const purge = (name: string): string =>
      `/subscriptions/${subscription}/providers/Microsoft.KeyVault/locations/${location}/deletedVaults/${name}/purge`;
    const caller = foundation();
    const open = { vaultName: "kv-open" };
    caller.make(vaultToken, vault(open, { enablePurgeProtection: undefined }));
    caller.drop(idOf(vaultToken, vault(open)));
    caller.drop(vaultId);
    expect(said(caller.send("POST", purge("kv-main")))).toBe(
      "403 DeletedVaultPurge: Vault 'kv-main' is protected from purge until its retention ends.",
    );
    expect(said(caller.send("POST", purge("kv-open")))).toBe("200");
    expect(said(caller.put(vaultToken, vault(open)))).toBe("201");
  });

  test("purge protection is never taken back, and stays when left out", () => {
    const caller = foundation();
    expect(said(caller.put(vaultToken, vault({}, { enablePurgeProtection: false })))).toBe(
      '400 BadRequest: The property "enablePurgeProtection" cannot be set to false. Enabling the purge protection for a vault is an irreversible action.',
    );
    expect(
      said(
        caller.put(vaultToken, vault({ vaultName: "kv-new" }, { enablePurgeProtection: false })),
      ),
    ).toBe(
      '400 BadRequest: The property "enablePurgeProtection" cannot be set to false. Leave it out.',
    );
    const made = caller.make(vaultToken, vault({}, { enablePurgeProtection: undefined }));
    expect(made["properties"]).toMatchObject({
      enablePurgeProtection: true,
      softDeleteRetentionInDays: 90,
    });
  });

  test("soft delete stays on, and its days are fixed at the creation", () => {
    const caller = foundation();
    expect(said(caller.put(vaultToken, vault({}, { enableSoftDelete: false })))).toMatch(
      /^400 BadRequest: The property "enableSoftDelete"/,
    );
    expect(
      said(
        caller.put(vaultToken, vault({ vaultName: "kv-new" }, { softDeleteRetentionInDays: 6 })),
      ),
    ).toBe(
      "400 BadRequest: softDeleteRetentionInDays must be a whole number from 7 to 90, found 6.",
    );
    expect(said(caller.put(vaultToken, vault({}, { softDeleteRetentionInDays: 7 })))).toMatch(
      /^400 BadRequest: Changing property 'properties\.softDeleteRetentionInDays'/,
    );
  });
});

test("a deleted workspace blocks its name for 14 days, unless it is purged", () => {
  const taken = /^409 Conflict: Workspace 'ws-main' is in soft-deleted state; /;
  const caller = withWorkspace();
  caller.drop(workspaceId);
  expect(said(caller.put(ml("Workspace"), workspace()))).toMatch(taken);
  expect(said(later(caller, 13).put(ml("Workspace"), workspace()))).toMatch(taken);
  expect(said(later(caller, 14).put(ml("Workspace"), workspace()))).toBe("201");
  expect(said(caller.put(ml("Workspace"), workspace({ workspaceName: "ws-two" })))).toBe("201");
  caller.drop(`${workspaceId}?forceToPurge=true`);
  expect(said(caller.put(ml("Workspace"), workspace()))).toBe("201");
});

test("a workspace that is deleted with forceToPurge leaves its name free", () => {
  const caller = withWorkspace();
  caller.drop(`${workspaceId}?forceToPurge=true`);
  expect(said(caller.put(ml("Workspace"), workspace()))).toBe("201");
});

test("forceToPurge purges what it names, not what goes with it", () => {
  const caller = withWorkspace();
  caller.drop(`${groupId}?forceToPurge=true`);
  caller.make(native("resources:ResourceGroup"), { ...group, location });
  expect(said(caller.put(vaultToken, vault()))).toMatch(/^409 ConflictError/);
});

test("Log Analytics: the same place recovers, with the same customer id; another region is refused", () => {
  const token = native("operationalinsights:Workspace");
  const caller = foundation();
  const before = caller.get(idOf(token, logAnalytics()));
  caller.drop(idOf(native("applicationinsights:Component"), insights()));
  caller.drop(idOf(token, logAnalytics()));
  expect(said(caller.put(token, logAnalytics({ location: "westeurope" })))).toBe(
    "409 Conflict: Workspace 'log-main' is soft-deleted in region swedencentral; recover it there or purge it.",
  );
  expect(caller.make(token, logAnalytics())).toEqual(before);
});

test("Azure OpenAI: the name is kept for 48 hours, restore brings it back, a purge frees it", () => {
  const caller = foundation();
  const id = idOf(accountToken, account());
  expect(said(caller.put(accountToken, account({ restore: true })))).toBe(
    "400 CanNotRestoreANonExistingResource: There is no soft-deleted resource 'oai-main' to restore.",
  );
  caller.make(accountToken, account());
  caller.drop(id);
  expect(said(caller.put(accountToken, account()))).toMatch(/^409 FlagMustBeSetForRestore: /);
  expect(said(later(caller, 2).put(accountToken, account()))).toBe("201");
  expect(said(caller.put(accountToken, account({}, { accountName: "oai-two" })))).toBe(
    "400 CustomDomainInUse: The subdomain name 'oai-main' is already used by another account; choose another name.",
  );
  expect(said(caller.put(accountToken, account({ restore: true })))).toBe("201");
  caller.drop(id);
  const purge = `/subscriptions/${subscription}/providers/Microsoft.CognitiveServices/locations/${location}/resourceGroups/rg/deletedAccounts/oai-main`;
  expect(said(caller.send("DELETE", purge))).toBe("200");
  expect(said(caller.put(accountToken, account()))).toBe("201");
});

test("deleting the resource group soft-deletes what stood in it", () => {
  const caller = withWorkspace();
  caller.drop(groupId);
  expect(Object.keys(caller.azure.state.resources)).toEqual([]);
  const names = Object.keys(caller.azure.state.deleted).map((id) => id.split("/").at(-1));
  expect(names.sort()).toEqual(["kv-main", "log-main", "ws-main"]);
});
