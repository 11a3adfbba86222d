import * as azuredevops from "@pulumi/azuredevops";
import * as pulumi from "@pulumi/pulumi";
import type { Project } from "./project";

export interface MemberArgs {
  readonly project: Project;
  /** Required. Object id of the identity that deploys. */
  readonly principalId: pulumi.Output<string>;
  /** Required. Ids of what this environment declares, by key. */
  readonly on: {
    readonly repository: pulumi.Input<string>;
    /** As in the settings: `main`, `release/*`. */
    readonly branches: readonly string[];
    readonly folder: pulumi.Input<string>;
    readonly connections: Readonly<Record<string, pulumi.Input<string>>>;
    readonly variableGroups: Readonly<Record<string, pulumi.Input<string>>>;
    readonly environment: pulumi.Input<string>;
  };
}

/**
 * The deployer as a member of the organisation, with each right by name and only on its own environment. It
 * may change what this stack declares there and may not give itself more: new rights are for a person.
 */
export class Member extends pulumi.ComponentResource {
  constructor(name: string, args: MemberArgs, opts?: pulumi.ComponentResourceOptions) {
    super("genaiops:devops:Member", name, {}, opts);
    const { project, principalId, on } = args;
    const entitlement = new azuredevops.ServicePrincipalEntitlement(
      name,
      { origin: "aad", originId: principalId, accountLicenseType: "express" },
      { parent: this },
    );
    const who = { projectId: project.id, principal: entitlement.descriptor };
    const opened = { parent: this, deletedWith: project.created };
    new azuredevops.ProjectPermissions(
      `${name}.project`,
      { ...who, permissions: allow("GENERIC_READ") },
      opened,
    );
    const repositoryId = on.repository;
    new azuredevops.GitPermissions(
      `${name}.repository`,
      { ...who, repositoryId, permissions: allow("GenericRead") },
      opened,
    );
    // Branch by branch: the deployer of one environment must not open the branches of another.
    for (const branch of on.branches.map((one) => one.replace(/\/\*$/, ""))) {
      new azuredevops.GitPermissions(
        `${name}.${branch}`,
        {
          ...who,
          repositoryId,
          branchName: `refs/heads/${branch}`,
          permissions: allow("EditPolicies"),
        },
        opened,
      );
    }
    new azuredevops.BuildFolderPermissions(
      `${name}.pipelines`,
      {
        ...who,
        path: on.folder,
        permissions: allow(
          "ViewBuilds",
          "ViewBuildDefinition",
          "CreateBuildDefinition",
          "EditBuildDefinition",
          "DeleteBuildDefinition",
          // Without it a definition's queue cannot be read: microsoft/terraform-provider-azuredevops#1040.
          "EditPipelineQueueConfigurationPermission",
        ),
      },
      opened,
    );
    for (const [key, serviceendpointId] of Object.entries(on.connections)) {
      const permissions = allow("ViewEndpoint", "Use", "Administer");
      new azuredevops.ServiceendpointPermissions(
        `${name}.${key}`,
        { ...who, serviceendpointId, permissions },
        opened,
      );
    }
    for (const [key, variableGroupId] of Object.entries(on.variableGroups)) {
      const permissions = allow("View", "Use", "Administer");
      new azuredevops.VariableGroupPermissions(
        `${name}.${key}`,
        { ...who, variableGroupId, permissions },
        opened,
      );
    }
    const identity = azuredevops.getStorageKeyOutput(
      { descriptor: entitlement.descriptor },
      { parent: this },
    );
    new azuredevops.SecurityroleAssignment(
      `${name}.environment`,
      {
        scope: "distributedtask.environmentreferencerole",
        resourceId: pulumi.interpolate`${project.id}_${on.environment}`,
        identityId: identity.storageKey,
        roleName: "Administrator",
      },
      // It hangs on no project by itself, so nothing takes it along.
      { parent: this },
    );
    this.registerOutputs({});
  }
}

function allow(...names: string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, "Allow"]));
}
