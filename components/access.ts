import type { Flow } from "../config/environment";
import type { KeyVault } from "./keyVault";
import type { Place } from "./place";
import { builtInRoles, type Role } from "../config/roles";
import type { Grant, Scope } from "./roles";

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
  /** Optional. @default the stack has no shared registry */
  readonly machineLearningRegistry?: Guarded;
  /**
   * Optional. Container registry of the environment that versions come from. @default this environment
   * evaluates its own
   */
  readonly evaluatedImages?: Guarded;
}

/** Roles of the identity that a workspace runs as: DOC/how-to-identity-based-service-authentication.md */
export function workspaceRoles(reach: Reach): Grant[] {
  const { place, resourceGroup, storage, keyVault, containerRegistry } = reach;
  const promoted = reach.evaluatedImages && reach.machineLearningRegistry;
  return [
    grant("Contributor", resourceGroup),
    grant("Storage Blob Data Contributor", storage),
    grant("Storage File Data Privileged Contributor", storage),
    ...keyVault.writerRoles,
    grant("AcrPush", containerRegistry),
    // Its managed network makes private endpoints and approves them: DOC/how-to-managed-network.md
    ...(place.isolation.closed
      ? [resourceGroup, ...(promoted ? [promoted] : [])].map((reached) =>
          grant("Azure AI Enterprise Network Connection Approver", reached),
        )
      : []),
  ];
}

/**
 * Roles of an endpoint's identity: DOC/concept-endpoints-online-auth.md. It reads, and nothing else; and no model
 * where each flow's image holds it.
 */
export function endpointRoles(reach: Reach, workspace: Guarded, flows: readonly Flow[]): Grant[] {
  const { storage, keyVault, containerRegistry, openAI, machineLearningRegistry } = reach;
  const models = flows.some(readsModel);
  return [
    grant("AcrPull", containerRegistry),
    ...(models ? [grant("Storage Blob Data Reader", storage)] : []),
    grant("Azure Machine Learning Workspace Connection Secrets Reader", workspace),
    // Models of the registry are read with registries/assets/read: DOC/how-to-manage-registries.md
    ...(models && reach.evaluatedImages && machineLearningRegistry
      ? [grant("Reader", machineLearningRegistry)]
      : []),
    ...keyVault.readerRoles,
    ...(openAI ? [grant("Cognitive Services OpenAI User", openAI)] : []),
  ];
}

/**
 * Roles of the identity that jobs run as: they read images and connections, and write data. What a flow's code
 * does in a job it does with these, so none of them reaches an endpoint or another job.
 */
export function computeRoles(reach: Reach, workspace: Guarded): Grant[] {
  const { storage, containerRegistry, openAI } = reach;
  return [
    grant("AcrPull", containerRegistry),
    grant("Storage Blob Data Contributor", storage),
    grant("Azure Machine Learning Workspace Connection Secrets Reader", workspace),
    ...(openAI ? [grant("Cognitive Services OpenAI User", openAI)] : []),
  ];
}

/**
 * Rights over the resource group, and what they do not include: data and images. A plain Owner could give any
 * role to anybody; this one lets no person in and makes no other Owner.
 */
export function deployerRoles(reach: Reach, rights: "Owner" | "Contributor"): Grant[] {
  const { resourceGroup, storage, containerRegistry } = reach;
  const { machineLearningRegistry, evaluatedImages } = reach;
  return [
    {
      ...grant(rights, resourceGroup),
      ...(rights === "Owner" ? { condition: grantsNoPrivilege } : {}),
    },
    grant("Storage Blob Data Contributor", storage),
    grant("AcrPush", containerRegistry),
    // It registers and approves versions there: DOC/how-to-assign-roles.md
    ...(machineLearningRegistry ? [grant("AzureML Registry User", machineLearningRegistry)] : []),
    // An import asks for more than to pull: container-registry/container-registry-import-images
    ...(evaluatedImages ? [grant("Reader", evaluatedImages)] : []),
  ];
}

/** An online endpoint mounts the model of every arm; a Web App gets that of an image which does not hold it. */
function readsModel({ target, arms }: Flow): boolean {
  return target.name !== "webApp" || arms.some(({ holdsFlow }) => !holdsFlow);
}

/** Roles that grant roles: Owner, User Access Administrator, Role Based Access Control Administrator. */
const privileged = [
  builtInRoles.Owner,
  "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9",
  "f58310d9-a9f6-439a-9e8d-f62e7b41a168",
];

/**
 * learn.microsoft.com/azure/role-based-access-control/delegate-role-assignments-examples. It names what is
 * forbidden, not what this program grants: azure-native replaces an assignment whose condition changes, and a
 * deployer that replaces its own takes it away first.
 */
const grantsNoPrivilege = [
  ["write", "Request"],
  ["delete", "Resource"],
]
  .map(
    ([action, side]) =>
      `((!(ActionMatches{'Microsoft.Authorization/roleAssignments/${action}'})) OR ` +
      `(@${side}[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ` +
      `ForAnyOfAllValues:GuidNotEquals {${privileged.join(", ")}} AND ` +
      `@${side}[Microsoft.Authorization/roleAssignments:PrincipalType] ` +
      "ForAnyOfAnyValues:StringEqualsIgnoreCase {'ServicePrincipal'}))",
  )
  .join(" AND ");

function grant(role: Role, { scope }: Guarded): Grant {
  return { role, scope };
}
