import { isGuid } from "../ids";
import { same, valueAt } from "../paths";
import { refuse, type Rule } from "./rule";

const token = "azure-native:authorization:RoleAssignment";

/** Role assignment names are GUIDs: REST Role Assignments - Create, parameter roleAssignmentName. */
const guidName: Rule = ({ name }) =>
  isGuid(name)
    ? undefined
    : refuse(
        400,
        "InvalidRoleAssignmentId",
        `The role assignment ID '${name}' is not valid. The role assignment ID must be a GUID.`,
      );

/** PrincipalNotFound: learn.microsoft.com/azure/role-based-access-control/troubleshooting */
const principalExists: Rule = ({ body, tenantId, principalExists: exists }) => {
  const principal = String(valueAt(body, "properties.principalId"));
  return exists(principal)
    ? undefined
    : refuse(
        400,
        "PrincipalNotFound",
        `Principal ${principal} does not exist in the directory ${tenantId}.`,
      );
};

/** RoleAssignmentExists: one assignment per principal, role and scope, whatever its name. */
const once: Rule = ({ id, body, all }) => {
  const parts = ["properties.principalId", "properties.roleDefinitionId", "properties.scope"];
  const twin = all(token).find(
    (other) =>
      other.id.toLowerCase() !== id.toLowerCase() &&
      parts.every((part) => same(lower(valueAt(other.body, part)), lower(valueAt(body, part)))),
  );
  return (
    twin &&
    refuse(
      409,
      "RoleAssignmentExists",
      `The role assignment already exists. The ID of the existing role assignment is ${twin.id.split("/").at(-1)}.`,
    )
  );
};

function lower(value: unknown): unknown {
  return typeof value === "string" ? value.toLowerCase() : value;
}

export const roleAssignmentRules: readonly Rule[] = [guidName, principalExists, once];
