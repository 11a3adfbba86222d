import { resourceClass } from "./resource";
import type { Args } from "./shape";

interface PermissionsInputs {
  /** Required. Name of each permission and `Allow`, `Deny` or `NotSet`. */
  permissions: Record<string, string>;
  /** Required. Subject descriptor (`aadsp.…`, `vssgp.…`) of the identity; a change replaces. */
  principal: string;
  /** Required. The project (UUID); a change replaces. */
  projectId: string;
  /**
   * Optional. Whether permissions that are not named are withdrawn, or else left alone.
   * @default - true
   */
  replace?: boolean;
}

const permissionRoles = {
  permissions: "required",
  principal: "required",
  projectId: "required",
  replace: "optional",
} as const;

export type ProjectPermissionsArgs = Args<PermissionsInputs>;
export type ProjectPermissionsState = Partial<ProjectPermissionsArgs>;

/** Permissions on a project. */
export class ProjectPermissions extends resourceClass<PermissionsInputs>(
  "projectPermissions:ProjectPermissions",
  permissionRoles,
) {}

interface GitPermissionsInputs extends PermissionsInputs {
  /**
   * Optional. Full ref or short name of one branch; a change replaces. Asks for `repositoryId`.
   * @default - all branches
   */
  branchName?: string;
  /**
   * Optional. The repository (UUID); a change replaces.
   * @default - all repositories of the project
   */
  repositoryId?: string;
}

export type GitPermissionsArgs = Args<GitPermissionsInputs>;
export type GitPermissionsState = Partial<GitPermissionsArgs>;

/** Permissions on repositories: `GenericRead`, `GenericContribute`, `PullRequestContribute`, … */
export class GitPermissions extends resourceClass<GitPermissionsInputs>(
  "gitPermissions:GitPermissions",
  { ...permissionRoles, branchName: "optional", repositoryId: "optional" },
) {}

interface BuildDefinitionPermissionsInputs extends PermissionsInputs {
  /** Required. Id, as text, of the pipeline; a change replaces. */
  buildDefinitionId: string;
}

export type BuildDefinitionPermissionsArgs = Args<BuildDefinitionPermissionsInputs>;
export type BuildDefinitionPermissionsState = Partial<BuildDefinitionPermissionsArgs>;

/** Permissions on one pipeline: `ViewBuilds`, `QueueBuilds`, `EditBuildDefinition`, … */
export class BuildDefinitionPermissions extends resourceClass<BuildDefinitionPermissionsInputs>(
  "buildDefinitionPermissions:BuildDefinitionPermissions",
  { ...permissionRoles, buildDefinitionId: "required" },
) {}

interface BuildFolderPermissionsInputs extends PermissionsInputs {
  /** Required. Path of the folder, beginning with a backslash; a change replaces. */
  path: string;
}

export type BuildFolderPermissionsArgs = Args<BuildFolderPermissionsInputs>;
export type BuildFolderPermissionsState = Partial<BuildFolderPermissionsArgs>;

/** Permissions on a folder of pipelines, inherited by those in it. */
export class BuildFolderPermissions extends resourceClass<BuildFolderPermissionsInputs>(
  "buildFolderPermissions:BuildFolderPermissions",
  { ...permissionRoles, path: "required" },
) {}

interface ServiceendpointPermissionsInputs extends PermissionsInputs {
  /**
   * Optional. The connection (UUID); a change replaces.
   * @default - all connections of the project
   */
  serviceendpointId?: string;
}

export type ServiceendpointPermissionsArgs = Args<ServiceendpointPermissionsInputs>;
export type ServiceendpointPermissionsState = Partial<ServiceendpointPermissionsArgs>;

/** Permissions on service connections: `Use`, `Administer`, `ViewEndpoint`, … */
export class ServiceendpointPermissions extends resourceClass<ServiceendpointPermissionsInputs>(
  "serviceendpointPermissions:ServiceendpointPermissions",
  { ...permissionRoles, serviceendpointId: "optional" },
) {}

interface VariableGroupPermissionsInputs extends PermissionsInputs {
  /** Required. Id, as text, of the group; a change replaces. */
  variableGroupId: string;
}

export type VariableGroupPermissionsArgs = Args<VariableGroupPermissionsInputs>;
export type VariableGroupPermissionsState = Partial<VariableGroupPermissionsArgs>;

/** Permissions on one variable group: `View`, `Use`, `Administer`, … */
export class VariableGroupPermissions extends resourceClass<VariableGroupPermissionsInputs>(
  "variableGroupPermissions:VariableGroupPermissions",
  { ...permissionRoles, variableGroupId: "required" },
) {}

export type LibraryPermissionsArgs = Args<PermissionsInputs>;
export type LibraryPermissionsState = Partial<LibraryPermissionsArgs>;

/** Permissions on the library of a project: `View`, `Create`, `Administer`, … */
export class LibraryPermissions extends resourceClass<PermissionsInputs>(
  "libraryPermissions:LibraryPermissions",
  permissionRoles,
) {}

interface SecurityroleAssignmentInputs {
  /** Required. Identity id (UUID) of who gets the role. */
  identityId: string;
  /** Required. What the role is on: `<project id>_<environment id>`; a change replaces. */
  resourceId: string;
  /** Required. `Administrator`, `Creator`, `Reader` or `User`, as far as the scope has it. */
  roleName: string;
  /** Required. Kind of resource: `distributedtask.environmentreferencerole` for an environment. */
  scope: string;
}

export type SecurityroleAssignmentArgs = Args<SecurityroleAssignmentInputs>;
export type SecurityroleAssignmentState = Partial<SecurityroleAssignmentArgs>;

/** A role on a resource that has roles rather than permissions, such as an environment. */
export class SecurityroleAssignment extends resourceClass<SecurityroleAssignmentInputs>(
  "securityroleAssignment:SecurityroleAssignment",
  { identityId: "required", resourceId: "required", roleName: "required", scope: "required" },
) {}
