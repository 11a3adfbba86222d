import { key, parentId, resourceGroupOf } from "../ids";
import { isRecord, same, valueAt } from "../paths";
import { typeOf } from "../types/table";
import { refuse, type Rule } from "./rule";

/** Rules that hold for every type and read its table entry. */

/** ARM: the resource group, the scope and the parent come first. */
export const parentMissing: Rule = ({ id, token, parameters, find }) => {
  const group = resourceGroupOf(id);
  if (group && key(group) !== key(id) && !find(group)) {
    return refuse(
      404,
      "ResourceGroupNotFound",
      `Resource group '${group.split("/").at(-1)}' could not be found.`,
    );
  }
  const scope = parameters["scope"] ?? parameters["resourceUri"];
  if (scope !== undefined) {
    // Scopes above resource groups (subscriptions, management groups) are no part of the model.
    const known = !resourceGroupOf(scope) || find(scope);
    return known
      ? undefined
      : refuse(404, "ResourceNotFound", `The resource '${scope}' was not found.`);
  }
  const segments = id.slice(id.toLowerCase().lastIndexOf("/providers/")).split("/").length;
  if (segments <= 5 || typeOf(token).impliedParent || find(parentId(id)))
    return implied(id, token, find);
  return refuse(
    404,
    "ParentResourceNotFound",
    `Failed to perform 'write' on resource '${id}', because the parent resource '${parentId(id)}' could not be found.`,
  );
};

/** Where the parent is made with the child, what stands above both must exist. */
const implied = (
  id: string,
  token: string,
  find: Parameters<Rule>[0]["find"],
): ReturnType<Rule> => {
  const above = parentId(parentId(id));
  return !typeOf(token).impliedParent || find(above)
    ? undefined
    : refuse(404, "ParentResourceNotFound", `The resource '${above}' was not found.`);
};

/** ARM ids in a body name what exists, as do the identities. */
export const references: Rule = ({ token, body, before, find }) => {
  for (const path of typeOf(token).references ?? []) {
    const id = valueAt(body, path);
    if (
      typeof id !== "string" ||
      !id.startsWith("/subscriptions/") ||
      same(id, valueAt(before, path))
    )
      continue;
    if (!find(id)) return refuse(400, "BadRequest", `${path} names '${id}', which does not exist.`);
  }
  const users = valueAt(body, "identity.userAssignedIdentities");
  const missing = Object.keys(isRecord(users) ? users : {}).find((id) => !find(id));
  return missing === undefined
    ? undefined
    : refuse(
        400,
        "FailedIdentityOperation",
        `Identity operation failed: the user-assigned identity '${missing}' does not exist.`,
      );
};

/** What a table entry says cannot change. */
export const immutable: Rule = ({ token, body, before, name }) => {
  if (!before) return undefined;
  if (
    body["location"] !== undefined &&
    before["location"] !== undefined &&
    body["location"] !== before["location"]
  ) {
    return refuse(
      409,
      "InvalidResourceLocation",
      `The resource '${name}' already exists in location '${String(before["location"])}'. A resource with the same name cannot be created in location '${String(body["location"])}'.`,
    );
  }
  for (const { path, source, code } of typeOf(token).immutable ?? []) {
    if (same(lower(valueAt(before, path)), lower(valueAt(body, path)))) continue;
    const status = code === "BadRequest" || code === "RoleAssignmentUpdateNotPermitted" ? 400 : 409;
    return refuse(
      status,
      code ?? "PropertyChangeNotAllowed",
      `Changing property '${path}' of '${name}' is not allowed (${source}).`,
    );
  }
  return undefined;
};

/** Ids and enumerated values compare without case. */
function lower(value: unknown): unknown {
  return typeof value === "string" ? value.toLowerCase() : value;
}
