import * as azuredevops from "@pulumi/azuredevops";
import * as pulumi from "@pulumi/pulumi";
import type { DevOpsSettings } from "../../config/devopsSettings";

export interface ProjectArgs {
  readonly settings: Pick<DevOpsSettings, "project" | "protect">;
  /** Conditional. Id of the project that exists. Required unless it is created. */
  readonly existing: string | undefined;
}

/** The project that all environments share: one of them creates it, the others find it by its name. */
export class Project extends pulumi.ComponentResource {
  /** UUID. */
  readonly id: pulumi.Output<string>;
  /** Present where this stack creates the project: what is in it goes with it. */
  readonly created?: azuredevops.Project;

  constructor(
    name: string,
    { settings, existing }: ProjectArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("genaiops:devops:Project", name, {}, opts);
    const { project, protect } = settings;
    if (project.mode === "existing") {
      this.id = pulumi.output(existing as string);
      this.registerOutputs({ id: this.id });
      return;
    }
    this.created = new azuredevops.Project(
      name,
      {
        name: project.name,
        description: project.description ?? "",
        visibility: "private",
        versionControl: "Git",
        workItemTemplate: "Agile",
      },
      { parent: this, protect },
    );
    this.id = this.created.id;
    // PSRule Azure.DevOps.Pipelines.Settings.*: what a job may reach, and what a run may change.
    new azuredevops.ProjectPipelineSettings(
      `${name}.pipelines`,
      {
        projectId: this.id,
        enforceJobScope: true,
        enforceJobScopeForRelease: true,
        enforceReferencedRepoScopedToken: true,
        enforceSettableVar: true,
        publishPipelineMetadata: false,
        statusBadgesArePrivate: true,
      },
      { parent: this, deletedWith: this.created },
    );
    this.registerOutputs({ id: this.id });
  }
}
