import { builtInRoles } from "../../../config/roles";
import { isObject, type PlannedResource, type Value } from "./model";
import { inline, referredName } from "./short";

export interface GrantedRole {
  /** Name of the resource that gets the role, or its object id. */
  readonly principal: string;
  readonly role: string;
  /** Name of the resource that the role is granted on, or its ARM id. */
  readonly scope: string;
}

export const ROLE_ASSIGNMENT = "azure-native:authorization:RoleAssignment";

const roleNames = new Map<string, string>(
  Object.entries(builtInRoles).map(([name, id]) => [id, name]),
);

/** Every role that the plan grants, by principal, role and scope. */
export function rolesIn(resources: readonly PlannedResource[]): GrantedRole[] {
  return resources
    .filter(({ type }) => type === ROLE_ASSIGNMENT)
    .map(({ inputs }) => ({
      principal: referredName(inputs["principalId"]) ?? inline(inputs["principalId"]),
      role: `${roleName(inputs["roleDefinitionId"])}${inputs["condition"] === undefined ? "" : " (with a condition)"}`,
      scope: referredName(inputs["scope"]) ?? inline(inputs["scope"]),
    }))
    .sort(byText);
}

/** The stack's output `rolesToGrant`: what it does not declare because its deployer may not. */
export function rolesToGrant(output: Value | undefined): GrantedRole[] {
  if (!Array.isArray(output)) return [];
  return output
    .filter(isObject)
    .map(({ principal, role, scope }) => ({
      principal: inline(principal),
      role: inline(role),
      scope: referredName(scope) ?? inline(scope),
    }))
    .sort(byText);
}

function roleName(definition: Value | undefined): string {
  const id = String(definition).split("/").at(-1) ?? "";
  return roleNames.get(id) ?? id;
}

function byText(a: GrantedRole, b: GrantedRole): number {
  const [left, right] = [a, b].map(({ principal, role, scope }) =>
    [principal, role, scope].join("\0"),
  );
  return (left as string) < (right as string) ? -1 : 1;
}
