import { parentId } from "../ids";
import { valueAt } from "../paths";
import { holds } from "./roles";
import { type Action, refuse, type Rule } from "./rule";

/** REST Workspace Connections - Create: an address, unless the category has a fixed one. */
const target: Rule = ({ body }) => {
  const category = String(valueAt(body, "properties.category"));
  const needed = ["AzureOpenAI", "CognitiveSearch"].includes(category);
  return needed && typeof valueAt(body, "properties.target") !== "string"
    ? refuse(400, "ValidationError", `A connection of category ${category} needs a target.`)
    : undefined;
};

/** REST Workspace Connections - Create: what authType says must come with it. */
const credentials: Rule = ({ body, before }) => {
  const authType = String(valueAt(body, "properties.authType"));
  if (authType !== "ApiKey" || before) return undefined;
  return typeof valueAt(body, "properties.credentials.key") === "string"
    ? undefined
    : refuse(400, "ValidationError", "A connection with authType ApiKey needs credentials.key.");
};

/** DOC/how-to-disable-local-auth-storage.md */
const keysAllowed: Rule = ({ id, body, find }) => {
  const workspace = find(parentId(id));
  const storage = find(valueAt(workspace?.body, "properties.storageAccount"));
  const same = storage?.id.split("/").at(-1) === valueAt(body, "properties.accountName");
  const type = valueAt(body, "properties.credentials.credentialsType");
  return same &&
    (type === "AccountKey" || type === "Sas") &&
    valueAt(storage?.body, "properties.allowSharedKeyAccess") === false
    ? refuse(
        403,
        "KeyBasedAuthenticationNotPermitted",
        "Key based authentication is not permitted on this storage account.",
      )
    : undefined;
};

/**
 * An identity of a stack reads a connection's key with a role that has connections/listsecrets/action:
 * learn.microsoft.com/azure/role-based-access-control/built-in-roles/ai-machine-learning. Whoever logs in otherwise is
 * taken for one who may.
 */
export const listSecrets: Action = (facts) => {
  const { id, body, principal } = facts;
  const may =
    principal === undefined ||
    !facts.identityExists(principal) ||
    holds(
      facts,
      principal,
      ["Azure Machine Learning Workspace Connection Secrets Reader", "Contributor", "Owner"],
      id,
    );
  return may
    ? { status: 200, body: { properties: body["properties"] } }
    : refuse(
        403,
        "AuthorizationFailed",
        `The client '${principal}' with object id '${principal}' does not have authorization to perform action 'Microsoft.MachineLearningServices/workspaces/connections/listsecrets/action' over scope '${id}'.`,
      );
};

export const connectionRules: readonly Rule[] = [target, credentials];
export const datastoreRules: readonly Rule[] = [keysAllowed];
