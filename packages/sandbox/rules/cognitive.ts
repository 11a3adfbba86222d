import type { Facts } from "../facts";
import { key, lastName } from "../ids";
import { valueAt } from "../paths";
import type { Deleted } from "../state";
import { refuse, type Refusal, type Rule } from "./rule";

/** A deleted account is kept for 48 hours: learn.microsoft.com/azure/ai-services/recover-purge-resources */
export function accountOnCreate({ body, location }: Facts, deleted: Deleted): Refusal | undefined {
  const restores =
    valueAt(body, "properties.restore") === true &&
    deleted.body["location"] === (body["location"] ?? location);
  return restores
    ? undefined
    : refuse(
        409,
        "FlagMustBeSetForRestore",
        `An existing resource with ID '${deleted.id}' has been soft-deleted. To restore the resource, you must specify 'restore' to be 'true' in the property. If you don't want to restore existing resource, please purge it first.`,
      );
}

const nothingToRestore: Rule = ({ id, body, before, token, deleted }) =>
  !before &&
  valueAt(body, "properties.restore") === true &&
  !deleted(token).some((other) => key(other.id) === key(id))
    ? refuse(
        400,
        "CanNotRestoreANonExistingResource",
        `There is no soft-deleted resource '${lastName(id)}' to restore.`,
      )
    : undefined;

/** The sub-domain is a global address, kept by a soft-deleted account: cognitive-services-custom-subdomains */
const subdomain: Rule = ({ id, token, body, all, deleted }) => {
  const domain = valueAt(body, "properties.customSubDomainName");
  if (typeof domain !== "string") return undefined;
  const taken = [...all(token), ...deleted(token)].some(
    (other) =>
      key(other.id) !== key(id) &&
      String(valueAt(other.body, "properties.customSubDomainName")).toLowerCase() ===
        domain.toLowerCase(),
  );
  return taken
    ? refuse(
        400,
        "CustomDomainInUse",
        `The subdomain name '${domain}' is already used by another account; choose another name.`,
      )
    : undefined;
};

/** Entra tokens need a sub-domain of the account's own: same page. */
const tokensNeedSubdomain: Rule = ({ body }) =>
  valueAt(body, "properties.disableLocalAuth") === true &&
  typeof valueAt(body, "properties.customSubDomainName") !== "string"
    ? refuse(
        400,
        "BadRequest",
        "An account without keys (disableLocalAuth) needs customSubDomainName: Entra tokens work only there.",
      )
    : undefined;

const kindAndSku: Rule = ({ body }) => {
  const missing = ["kind", "sku"].filter((name) => body[name] === undefined);
  return missing.length > 0
    ? refuse(400, "InvalidRequestContent", `The account needs ${missing.join(" and ")}.`)
    : undefined;
};

export const accountRules: readonly Rule[] = [
  kindAndSku,
  nothingToRestore,
  subdomain,
  tokensNeedSubdomain,
];

/** REST Deployments - Create Or Update: a model by format, name and version, and a SKU with capacity. */
const model: Rule = ({ body }) => {
  const missing = ["properties.model.format", "properties.model.name", "sku.name"].filter(
    (path) => typeof valueAt(body, path) !== "string",
  );
  return missing.length > 0
    ? refuse(400, "InvalidRequestContent", `The deployment needs ${missing.join(", ")}.`)
    : undefined;
};

export const modelDeploymentRules: readonly Rule[] = [model];
