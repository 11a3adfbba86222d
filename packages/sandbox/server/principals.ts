import type { AzureState } from "../state";
import { covers } from "../ids";
import { valueAt } from "../paths";
import { builtInRoles, type Role } from "../rules/roles";

/** Somebody who can log in. */
export interface Principal {
  readonly clientId: string;
  readonly objectId: string;
}

/**
 * The principal that runs the sandbox on this machine. The model treats it as Owner; rights on data it
 * needs by role assignment like everybody else, as an Owner in Azure does.
 */
export const sandboxPerson: Principal = {
  clientId: "5a4db0c0-0000-4000-8000-00000000c11e",
  objectId: "5a4db0c0-0000-4000-8000-00000000b0b0",
};

export interface Identity extends Principal {
  readonly federated: readonly {
    readonly issuer: string;
    readonly subject: string;
    readonly audiences: readonly string[];
  }[];
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** The user-assigned identity with that client id, and whom it trusts. */
export function findIdentity(state: AzureState, clientId: string): Identity | undefined {
  const stored = Object.values(state.resources);
  const identity = stored.find(
    ({ token, body }) =>
      token === "azure-native:managedidentity:UserAssignedIdentity" &&
      valueAt(body, "properties.clientId") === clientId,
  );
  if (!identity) return undefined;
  const federated = stored
    .filter(({ token }) => token === "azure-native:managedidentity:FederatedIdentityCredential")
    .filter(({ id }) => covers(identity.id, id))
    .map(({ body }) => {
      const audiences = valueAt(body, "properties.audiences");
      return {
        issuer: text(valueAt(body, "properties.issuer")),
        subject: text(valueAt(body, "properties.subject")),
        audiences: Array.isArray(audiences) ? audiences.map(text) : [],
      };
    });
  return { clientId, objectId: text(valueAt(identity.body, "properties.principalId")), federated };
}

/** Roles with rights on blobs. */
const readers: readonly Role[] = [
  "Storage Blob Data Owner",
  "Storage Blob Data Contributor",
  "Storage Blob Data Reader",
];
const writers = readers.slice(0, 2);

/** A role that a principal holds although no stack declares it. */
export interface Grant {
  /** ARM id of a subscription, a resource group or a resource. */
  readonly scope: string;
  /** GUID of the role definition. */
  readonly role: string;
  /** Object id. */
  readonly principalId: string;
}

/** Whether the principal holds a data role on the resource or on anything above it. */
export function mayUseBlobs(
  state: AzureState,
  grants: readonly Grant[],
  objectId: string,
  resourceId: string,
  access: "read" | "write",
): boolean {
  const roles: string[] = (access === "read" ? readers : writers).map((role) => builtInRoles[role]);
  return holdsRole(state, grants, objectId, roles, resourceId);
}

/** Whether the principal holds one of the roles, by their ids, on the resource or on anything above it. */
export function holdsRole(
  state: AzureState,
  grants: readonly Grant[],
  objectId: string,
  roles: readonly string[],
  resourceId: string,
): boolean {
  return [...grants, ...declaredGrants(state)].some(
    ({ principalId, role, scope }) =>
      principalId === objectId && roles.includes(role) && covers(scope, resourceId),
  );
}

/** Built-in roles with onlineEndpoints/score/action: Owner, Contributor, AzureML Data Scientist. */
const scoringRoles = [
  "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
  "b24988ac-6180-42a0-ab88-20f7382dd24c",
  "f6c7c914-8db3-469d-8ca1-694a8f32e121",
];

/** Whether the principal may call an endpoint by Entra: the sandbox person, or whoever holds a role on it. */
export function mayScore(
  state: AzureState,
  grants: readonly Grant[],
  objectId: string,
  endpointId: string,
): boolean {
  if (objectId === sandboxPerson.objectId) return true;
  return holdsRole(state, grants, objectId, scoringRoles, endpointId);
}

function declaredGrants(state: AzureState): Grant[] {
  return Object.values(state.resources)
    .filter(({ token }) => token === "azure-native:authorization:RoleAssignment")
    .map(({ id, body }) => ({
      principalId: text(valueAt(body, "properties.principalId")),
      role: text(valueAt(body, "properties.roleDefinitionId")).toLowerCase().split("/").pop() ?? "",
      scope: id.slice(0, id.toLowerCase().lastIndexOf("/providers/microsoft.authorization/")),
    }));
}
