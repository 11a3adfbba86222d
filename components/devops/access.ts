import type { DevOpsSettings } from "../../config/devopsSettings";
import type { Identity } from "../identity";
import type { KeyVault } from "../keyVault";
import { resourceId, type Place } from "../place";
import type { Grant, Scope } from "../roles";

/**
 * Who runs unreviewed code sees itself: a login finds a subscription by any role in it, and needs no more. A
 * Reader of the resource group, or of the workspace, would also read logs, and so what callers ask endpoints
 * (learn.microsoft.com/azure/azure-monitor/logs/manage-access).
 */
export function pullRequestRoles({ id }: Identity): Grant[] {
  return [{ role: "Reader", scope: { key: "itself", id } }];
}

/** The service reads a linked variable group's secrets as the deployer. */
export function deployerVaultRoles({ readerRoles }: KeyVault): readonly Grant[] {
  return readerRoles;
}

/** Rights on Pulumi's state; only who writes it also decrypts its secrets. */
export function stateRoles(
  place: Place,
  state: DevOpsSettings["state"],
  access: "read" | "write",
): Grant[] {
  if (state === undefined) return [];
  const at = (key: string, type: string, name: string): Scope => ({
    key,
    id: resourceId(place, type, name, state.resourceGroup),
  });
  const account = at("state", "Microsoft.Storage/storageAccounts", state.storageAccount);
  return access === "read"
    ? [{ role: "Storage Blob Data Reader", scope: account }]
    : [
        { role: "Storage Blob Data Contributor", scope: account },
        {
          role: "Key Vault Crypto User",
          scope: at("state-key", "Microsoft.KeyVault/vaults", state.keyVault),
        },
      ];
}
