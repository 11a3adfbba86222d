import type { Facts } from "../facts";
import { covers, lastName } from "../ids";
import { isRecord, valueAt } from "../paths";

/**
 * Ids of Azure's built-in roles that the model knows:
 * learn.microsoft.com/azure/role-based-access-control/built-in-roles
 */
export const builtInRoles = {
  Owner: "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
  Contributor: "b24988ac-6180-42a0-ab88-20f7382dd24c",
  Reader: "acdd72a7-3385-48ef-bd42-f606fba81ae7",
  "User Access Administrator": "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9",
  "Role Based Access Control Administrator": "f58310d9-a9f6-439a-9e8d-f62e7b41a168",
  AcrPull: "7f951dda-4ed3-4680-a7ca-43fe172d538d",
  AcrPush: "8311e382-0749-4cb8-b61a-304f252e45ec",
  "Container Registry Data Importer and Data Reader": "577a9874-89fd-4f24-9dbd-b5034d0ad23a",
  "AzureML Registry User": "1823dd4f-9b8c-4ab6-ab4e-7397a3684615",
  "Storage Blob Data Owner": "b7e6dc6d-f1e8-4753-8033-0f276bb0955b",
  "Storage Blob Data Contributor": "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
  "Storage Blob Data Reader": "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
  "Storage File Data Privileged Contributor": "69566ab7-960f-475b-8e7c-b3118f30c6bd",
  "Key Vault Administrator": "00482a5a-887f-4fb3-b363-3b7fe8e74483",
  "Key Vault Secrets User": "4633458b-17de-408a-b874-0445c86b69e6",
  "Azure Machine Learning Workspace Connection Secrets Reader":
    "ea01e6af-a1c1-4350-9563-ad00f8c72ec5",
  "Azure AI Enterprise Network Connection Approver": "b556d68e-0be0-4f35-a333-ad7ee1ce17ea",
} as const;

export type Role = keyof typeof builtInRoles;

const assignment = "azure-native:authorization:RoleAssignment";

/** Whether the principal holds one of the roles at the resource or above it. */
export function holds(
  { all }: Pick<Facts, "all">,
  principalId: unknown,
  roles: readonly Role[],
  resourceId: string,
): boolean {
  const ids: readonly string[] = roles.map((role) => builtInRoles[role]);
  return all(assignment).some(({ body }) => {
    const text = (path: string): string => String(valueAt(body, `properties.${path}`));
    return (
      text("principalId").toLowerCase() === String(principalId).toLowerCase() &&
      ids.includes(lastName(text("roleDefinitionId")).toLowerCase()) &&
      covers(text("scope"), resourceId)
    );
  });
}

/** One thing that an identity must be allowed to do; any of the roles will do. */
export interface Need {
  readonly roles: readonly [Role, ...Role[]];
  /** ARM id. Absent where the resource is not there, and so is not needed. */
  readonly on: unknown;
}

/** What is missing, as `AcrPull on /subscriptions/…`. */
export function missingRoles(facts: Facts, principalId: unknown, needs: readonly Need[]): string[] {
  return needs.flatMap(({ roles, on }) =>
    typeof on !== "string" || holds(facts, principalId, roles, on) ? [] : [`${roles[0]} on ${on}`],
  );
}

/** The stored user-assigned identities of a body, with their object ids. */
export function userIdentities({ body, find }: Facts): { id: string; principalId: unknown }[] {
  const users = valueAt(body, "identity.userAssignedIdentities");
  return Object.keys(isRecord(users) ? users : {}).map((id) => ({
    id,
    principalId: valueAt(find(id)?.body, "properties.principalId"),
  }));
}
