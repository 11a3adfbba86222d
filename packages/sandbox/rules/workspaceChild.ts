import { parentId } from "../ids";
import { valueAt } from "../paths";
import { refuse, type Rule } from "./rule";

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

export const connectionRules: readonly Rule[] = [target, credentials];
export const datastoreRules: readonly Rule[] = [keysAllowed];
