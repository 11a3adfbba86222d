import { isGuid, key, lastName, parentId, subscriptionOf } from "../ids";
import { valueAt } from "../paths";
import { refuse, type Rule } from "./rule";

const token = "azure-native:authorization:RoleAssignment";
/** Codes and causes: learn.microsoft.com/azure/role-based-access-control/troubleshooting */
const text = (body: unknown, path: string): string =>
  String(valueAt(body, `properties.${path}`)).toLowerCase();

/** REST Role Assignments - Create: the name is a GUID. */
const guidName: Rule = ({ name }) =>
  isGuid(name)
    ? undefined
    : refuse(
        400,
        "InvalidRoleAssignmentId",
        `The role assignment ID '${name}' is not valid. The role assignment ID must be a GUID.`,
      );

const roleId: Rule = ({ body }) =>
  /\/roleDefinitions\/[^/]+$/i.test(String(valueAt(body, "properties.roleDefinitionId"))) &&
  isGuid(lastName(text(body, "roleDefinitionId")))
    ? undefined
    : refuse(
        400,
        "InvalidRoleDefinitionId",
        `The role definition ID '${String(valueAt(body, "properties.roleDefinitionId"))}' is not valid: it ends with /roleDefinitions/ and a GUID.`,
      );

/** A principal created a moment ago is found only where its type is given; here it must exist in any case. */
const principalExists: Rule = ({ body, tenantId, principalExists: exists }) =>
  exists(text(body, "principalId"))
    ? undefined
    : refuse(
        400,
        "PrincipalNotFound",
        `Principal ${text(body, "principalId")} does not exist in the directory ${tenantId}.`,
      );

/** azure-native sends `User` where the program gives no type. */
const principalType: Rule = ({ body, identityExists }) =>
  identityExists(text(body, "principalId")) && text(body, "principalType") !== "serviceprincipal"
    ? refuse(
        400,
        "UnmatchedPrincipalType",
        `The PrincipalId '${text(body, "principalId")}' has type 'ServicePrincipal', which is different from specified PrinciaplType '${String(valueAt(body, "properties.principalType"))}'.`,
      )
    : undefined;

/** One assignment for a principal, role and scope, whatever its name. */
const once: Rule = ({ id, body, all }) => {
  const twin = all(token).find(
    (other) =>
      key(other.id) !== key(id) &&
      key(parentId(parentId(other.id))) === key(parentId(parentId(id))) &&
      text(other.body, "principalId") === text(body, "principalId") &&
      lastName(text(other.body, "roleDefinitionId")) === lastName(text(body, "roleDefinitionId")),
  );
  return (
    twin &&
    refuse(
      409,
      "RoleAssignmentExists",
      `The role assignment already exists. The ID of the existing role assignment is ${lastName(twin.id)}.`,
    )
  );
};

/** The name is unique in the tenant: the same GUID at another scope would move the assignment. */
const oneScope: Rule = ({ id, name, all }) =>
  all(token).some(
    (other) => key(other.id) !== key(id) && lastName(other.id).toLowerCase() === name.toLowerCase(),
  )
    ? refuse(
        400,
        "RoleAssignmentUpdateNotPermitted",
        "Tenant ID, application ID, principal ID, and scope are not allowed to be updated.",
      )
    : undefined;

/** learn.microsoft.com/azure/role-based-access-control/troubleshoot-limits */
const limit: Rule = ({ id, before, all, quotas }) => {
  const used = all(token).filter((other) => subscriptionOf(other.id) === subscriptionOf(id)).length;
  return !before && used >= quotas.roleAssignments
    ? refuse(
        400,
        "RoleAssignmentLimitExceeded",
        `The role assignment limit for the subscription (${quotas.roleAssignments}) is exceeded; remove role assignments.`,
      )
    : undefined;
};

export const roleAssignmentRules: readonly Rule[] = [
  guidName,
  roleId,
  principalExists,
  principalType,
  oneScope,
  once,
  limit,
];
