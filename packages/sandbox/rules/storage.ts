import { valueAt } from "../paths";
import { refuse, type Rule } from "./rule";

/** REST Blob Services - Set Service Properties: days from 1 to 365. */
const retention: Rule = ({ body }) => {
  for (const path of ["deleteRetentionPolicy", "containerDeleteRetentionPolicy"]) {
    if (valueAt(body, `properties.${path}.enabled`) !== true) continue;
    const days = Number(valueAt(body, `properties.${path}.days`));
    if (!Number.isInteger(days) || days < 1 || days > 365) {
      return refuse(
        400,
        "InvalidValuesForRequestParameters",
        `${path}.days must be a whole number from 1 to 365, found ${days}.`,
      );
    }
  }
  return undefined;
};

/** REST Blob Services - Set Service Properties: the one service of an account is called default. */
const onlyDefault: Rule = ({ name }) =>
  name === "default"
    ? undefined
    : refuse(
        400,
        "InvalidResourceName",
        `The blob service of an account is called 'default', found '${name}'.`,
      );

/**
 * Kinds that new accounts may have with every feature:
 * learn.microsoft.com/azure/storage/common/storage-account-overview
 */
const zoneRedundantKind: Rule = ({ body }) => {
  const sku = String(valueAt(body, "sku.name"));
  const kind = String(body["kind"]);
  return /ZRS/.test(sku) && ["Storage", "BlobStorage"].includes(kind)
    ? refuse(
        400,
        "InvalidAccountSku",
        `Replication ${sku} is not available for accounts of kind ${kind}.`,
      )
    : undefined;
};

export const storageRules: readonly Rule[] = [zoneRedundantKind];
export const blobRules: readonly Rule[] = [onlyDefault, retention];
