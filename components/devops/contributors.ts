import * as azuredevops from "@pulumi/azuredevops";
import * as pulumi from "@pulumi/pulumi";
import type { DevOpsSettings } from "../../config/devopsSettings";
import type { Project } from "./project";
import type { Repository } from "./repository";

export interface ContributorsArgs {
  readonly project: Project;
  readonly repository: Repository;
  /** Required. Folder of the environment's pipelines. */
  readonly folder: azuredevops.BuildFolder;
  readonly settings: Pick<DevOpsSettings, "branches" | "policies">;
}

/** The group that everybody who works in a project is in: .../organizations/security/permissions-access. */
const GROUP = "Contributors";

/**
 * What those who write code may not do around its review, although a project lets them at first: edit the
 * pipelines of an environment, which sign in as its deployer, and begin a branch that is deployed from with
 * commits that nobody has seen. Policies look at changes of a branch, and at none where it begins.
 */
export class Contributors extends pulumi.ComponentResource {
  constructor(name: string, args: ContributorsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("genaiops:devops:Contributors", name, {}, opts);
    const { project, repository, folder, settings } = args;
    const { descriptor } = azuredevops.getGroupOutput(
      { name: GROUP, projectId: project.id },
      { parent: this },
    );
    const common = {
      projectId: project.id,
      principal: descriptor,
      // What else they may do is not this stack's.
      replace: false,
    };
    const own = { parent: this, deletedWith: project.created };
    new azuredevops.BuildFolderPermissions(
      `${name}.pipelines`,
      {
        ...common,
        path: folder.path,
        permissions: deny(
          "CreateBuildDefinition",
          "EditBuildDefinition",
          "DeleteBuildDefinition",
          "EditPipelineQueueConfigurationPermission",
          "AdministerBuildPermissions",
        ),
      },
      own,
    );
    // .../repos/git/require-branch-folders: "Administrators can create branches under the release/ folder".
    for (const branches of settings.policies.newBranches === "administrators"
      ? settings.branches.filter((branch) => branch.endsWith("/*"))
      : []) {
      const branchFolder = branches.replace(/\/\*$/, "");
      new azuredevops.GitPermissions(
        `${name}.${branchFolder}`,
        {
          ...common,
          repositoryId: repository.id,
          branchName: `refs/heads/${branchFolder}`,
          permissions: deny("CreateBranch"),
        },
        own,
      );
    }
    this.registerOutputs({});
  }
}

function deny(...names: string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, "Deny"]));
}
