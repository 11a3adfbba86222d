import type { Facts } from "../facts";
import { key } from "../ids";
import { valueAt } from "../paths";
import type { Deleted } from "../state";
import { refuse, type Refusal, type Rule } from "./rule";

/** Key Vault's soft delete: learn.microsoft.com/azure/key-vault/general/soft-delete-overview */

/** Azure/azure-cli#29115: protection from purge is never taken back, and an explicit false is refused. */
const purgeProtection: Rule = ({ body, before }) => {
  const value = valueAt(body, "properties.enablePurgeProtection");
  return value === false
    ? refuse(
        400,
        "BadRequest",
        `The property "enablePurgeProtection" cannot be set to false. ${before ? "Enabling the purge protection for a vault is an irreversible action." : "Leave it out."}`,
      )
    : undefined;
};

const softDeleteStays: Rule = ({ body }) => {
  if (valueAt(body, "properties.enableSoftDelete") === false) {
    return refuse(
      400,
      "BadRequest",
      'The property "enableSoftDelete" cannot be set to false: soft delete cannot be switched off.',
    );
  }
  const days = Number(valueAt(body, "properties.softDeleteRetentionInDays"));
  return Number.isInteger(days) && days >= 7 && days <= 90
    ? undefined
    : refuse(
        400,
        "BadRequest",
        `softDeleteRetentionInDays must be a whole number from 7 to 90, found ${days}.`,
      );
};

/** REST Vaults - Create Or Update: accessPolicies are required unless the vault is recovered or uses RBAC. */
const accessPolicies: Rule = ({ body }) => {
  const rbac = valueAt(body, "properties.enableRbacAuthorization") === true;
  const policies = valueAt(body, "properties.accessPolicies");
  if (rbac || Array.isArray(policies) || valueAt(body, "properties.createMode") === "recover")
    return undefined;
  return refuse(
    400,
    "BadRequest",
    "The property accessPolicies is required where enableRbacAuthorization is not true.",
  );
};

export const vaultRules: readonly Rule[] = [purgeProtection, softDeleteStays, accessPolicies];

export function vaultDays({ body }: Facts): number {
  return Number(valueAt(body, "properties.softDeleteRetentionInDays"));
}

export function vaultOnCreate({ id, body }: Facts, deleted: Deleted): Refusal | undefined {
  const recovers =
    valueAt(body, "properties.createMode") === "recover" && key(id) === key(deleted.id);
  return recovers
    ? undefined
    : refuse(
        409,
        "ConflictError",
        "A vault with the same name already exists in deleted state. You need to either recover or purge existing key vault.",
      );
}

export function vaultOnPurge({ id, body }: Deleted): Refusal | undefined {
  return valueAt(body, "properties.enablePurgeProtection") === true
    ? refuse(
        403,
        "DeletedVaultPurge",
        `Vault '${id.split("/").at(-1)}' is protected from purge until its retention ends.`,
      )
    : undefined;
}
