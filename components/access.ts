import type { KeyVault } from "./keyVault";
import type { Place } from "./place";
import type { Grant, Role, Scope } from "./roles";

/** A component that roles are granted on. */
export interface Guarded {
  readonly scope: Scope;
}

/** What identities reach. */
export interface Reach {
  readonly place: Place;
  readonly resourceGroup: Guarded;
  readonly storage: Guarded;
  readonly keyVault: KeyVault;
  readonly containerRegistry: Guarded;
  /** Optional. @default no connection reaches an account of this stack with Entra tokens */
  readonly openAI?: Guarded;
}

/** Roles of the identity that a workspace runs as: DOC/how-to-identity-based-service-authentication.md */
export function workspaceRoles(reach: Reach): Grant[] {
  const { place, resourceGroup, storage, keyVault, containerRegistry } = reach;
  return [
    grant("Contributor", resourceGroup),
    grant("Storage Blob Data Contributor", storage),
    grant("Storage File Data Privileged Contributor", storage),
    ...keyVault.writerRoles,
    grant("AcrPush", containerRegistry),
    // Its managed network makes private endpoints and approves them: DOC/how-to-managed-network.md
    ...(place.isolation.closed
      ? [grant("Azure AI Enterprise Network Connection Approver", resourceGroup)]
      : []),
  ];
}

/** Roles of an endpoint's identity: DOC/concept-endpoints-online-auth.md. It reads, and nothing else. */
export function endpointRoles(reach: Reach, workspace: Guarded): Grant[] {
  const { storage, keyVault, containerRegistry, openAI } = reach;
  return [
    grant("AcrPull", containerRegistry),
    grant("Storage Blob Data Reader", storage),
    grant("Azure Machine Learning Workspace Connection Secrets Reader", workspace),
    ...keyVault.readerRoles,
    ...(openAI ? [grant("Cognitive Services OpenAI User", openAI)] : []),
  ];
}

function grant(role: Role, { scope }: Guarded): Grant {
  return { role, scope };
}
