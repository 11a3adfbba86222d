import { resourceGroupOf } from "../ids";
import { valueAt } from "../paths";
import { missingRoles, userIdentities, type Need } from "./roles";
import { refuse, type Rule } from "./rule";

/** DOC/how-to-manage-workspace.md: a workspace stands on a storage account and a key vault. */
const dependencies: Rule = ({ body }) => {
  if (["Project", "FeatureStore"].includes(String(body["kind"]))) return undefined;
  const missing = ["storageAccount", "keyVault"].filter(
    (name) => typeof valueAt(body, `properties.${name}`) !== "string",
  );
  return missing.length > 0
    ? refuse(
        400,
        "ValidationError",
        `Missing dependent resources in workspace json: ${missing.join(", ")}.`,
      )
    : undefined;
};

/**
 * DOC/how-to-identity-based-service-authentication.md: an identity is required; a user-assigned one is named as
 * primary.
 */
const identity: Rule = (facts) => {
  const { body } = facts;
  if (valueAt(body, "identity.type") === undefined)
    return refuse(400, "ValidationError", "A workspace needs an identity.");
  const users = userIdentities(facts);
  const primary = valueAt(body, "properties.primaryUserAssignedIdentity");
  if (
    users.length === 0 ||
    users.some(({ id }) => id.toLowerCase() === String(primary).toLowerCase())
  )
    return undefined;
  return refuse(
    400,
    "ValidationError",
    `primaryUserAssignedIdentity must name one of the workspace's user-assigned identities, found ${JSON.stringify(primary)}.`,
  );
};

/**
 * Roles of a user-assigned identity come before the workspace: it works in the resource group, its storage,
 * vault and registry while it is created (DOC/how-to-identity-based-service-authentication.md; a managed
 * network adds an approver, DOC/how-to-managed-network.md). A vault with access policies needs no role.
 */
const rolesFirst: Rule = (facts) => {
  const { id, body, before, find } = facts;
  const [user] = userIdentities(facts);
  if (before || !user) return undefined;
  const storage = valueAt(body, "properties.storageAccount");
  const vault = valueAt(body, "properties.keyVault");
  const rbac = valueAt(find(vault)?.body, "properties.enableRbacAuthorization") === true;
  const isolation = valueAt(body, "properties.managedNetwork.isolationMode") ?? "Disabled";
  const needs: Need[] = [
    { roles: ["Contributor", "Owner"], on: resourceGroupOf(id) },
    { roles: ["Storage Blob Data Contributor", "Storage Blob Data Owner"], on: storage },
    { roles: ["Storage File Data Privileged Contributor"], on: storage },
    { roles: ["Key Vault Administrator"], on: rbac ? vault : undefined },
    { roles: ["AcrPush"], on: valueAt(body, "properties.containerRegistry") },
    {
      roles: ["Azure AI Enterprise Network Connection Approver"],
      on: isolation === "Disabled" ? undefined : resourceGroupOf(id),
    },
  ];
  const missing = missingRoles(facts, user.principalId, needs);
  return missing.length > 0
    ? refuse(
        400,
        "FailedIdentityOperation",
        `The identity '${user.id}' lacks roles that the workspace needs while it is created: ${missing.join("; ")}.`,
      )
    : undefined;
};

/** DOC/how-to-disable-local-auth-storage.md: without shared keys the system datastores must use identities. */
const datastoresWithoutKeys: Rule = ({ body, find }) => {
  const account = find(valueAt(body, "properties.storageAccount"));
  const mode = String(valueAt(body, "properties.systemDatastoresAuthMode")).toLowerCase();
  return valueAt(account?.body, "properties.allowSharedKeyAccess") === false && mode === "accesskey"
    ? refuse(
        403,
        "KeyBasedAuthenticationNotPermitted",
        "Key based authentication is not permitted on this storage account; set systemDatastoresAuthMode to Identity.",
      )
    : undefined;
};

export const workspaceRules: readonly Rule[] = [
  dependencies,
  identity,
  rolesFirst,
  datastoresWithoutKeys,
];
