import { holds, type Role } from "./roles";
import { refuse, type Rule } from "./rule";

const grants = new Set([
  "azure-native:authorization:RoleAssignment",
  "azure-native:authorization:ManagementLockByScope",
]);

/** Contributor may do everything but grant roles and set locks: Azure built-in roles, Contributor, notActions. */
const mayWrite: readonly Role[] = ["Owner", "Contributor"];
const mayGrant: readonly Role[] = [
  "Owner",
  "User Access Administrator",
  "Role Based Access Control Administrator",
];

/**
 * An identity of the model writes where its roles reach; `writers` may write this type too. A caller that the model
 * does not know (a person, an application) counts as Owner, for nobody could begin otherwise.
 */
export const authorized =
  (writers: readonly Role[] = []): Rule =>
  (facts) => {
    const { principal, id, token, identityExists } = facts;
    if (principal === undefined || !identityExists(principal)) return undefined;
    const needed = grants.has(token) ? mayGrant : [...mayWrite, ...writers];
    return holds(facts, principal, needed, id)
      ? undefined
      : refuse(
          403,
          "AuthorizationFailed",
          `The client with object id '${principal}' does not have authorization to write '${id}'; one of ${needed.join(", ")} is needed there or above.`,
        );
  };
