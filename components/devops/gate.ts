import * as azuredevops from "@pulumi/azuredevops";
import * as pulumi from "@pulumi/pulumi";
import type { DevOpsSettings } from "../../config/devopsSettings";
import type { DevOpsPlace } from "../../config/environment";
import type { Project } from "./project";

export interface GateArgs {
  readonly project: Project;
  readonly place: DevOpsPlace;
  readonly settings: Pick<DevOpsSettings, "approval" | "branches" | "project">;
  /** Required. Identity ids of those who approve; nobody is asked where there are none. */
  readonly approvers: readonly string[];
  /** Required. Ids of the connections and variable groups that only reviewed branches may use, by key. */
  readonly guarded: Readonly<
    Record<
      string,
      { readonly type: "endpoint" | "variablegroup"; readonly id: pulumi.Input<string> }
    >
  >;
}

/** Long enough for a run to wait for one before it, short enough not to be forgotten. */
const LOCK_MINUTES = 1440;

/**
 * What every deployment passes: the environment in Azure DevOps with the approval of people, the branches
 * it may come from, and a lock for one run at a time. `lockBehavior: sequential` in the YAML keeps waiting
 * runs, which the service would cancel.
 */
export class Gate extends pulumi.ComponentResource {
  readonly environment: azuredevops.Environment;

  constructor(name: string, args: GateArgs, opts?: pulumi.ComponentResourceOptions) {
    super("genaiops:devops:Gate", name, {}, opts);
    const { project, place, guarded } = args;
    this.environment = new azuredevops.Environment(
      name,
      {
        projectId: project.id,
        name: place.names.environment,
        description: "What flows are deployed to",
      },
      { parent: this, deletedWith: project.created },
    );
    const target = {
      projectId: project.id,
      targetResourceType: "environment",
      targetResourceId: this.environment.id,
    };
    const opened = { parent: this, deletedWith: project.created };
    new azuredevops.CheckExclusiveLock(
      `${name}.lock`,
      { ...target, timeout: LOCK_MINUTES },
      opened,
    );
    this.ask(name, args, target);
    this.limit(name, args, target);
    for (const [key, { type, id }] of Object.entries(guarded)) {
      const other = { ...target, targetResourceType: type, targetResourceId: id };
      this.limit(`${name}.${key}`, args, other);
    }
    this.registerOutputs({});
  }

  /** A stage waits for people, and is rejected when their time is over. */
  private ask(
    name: string,
    { project, place, settings, approvers }: GateArgs,
    target: CheckTarget,
  ): void {
    if (settings.approval === undefined || approvers.length === 0) return;
    new azuredevops.CheckApproval(
      `${name}.approval`,
      {
        ...target,
        approvers: [...approvers],
        minimumRequiredApprovers: 1,
        requesterCanApprove: false,
        timeout: settings.approval.timeoutMinutes,
        instructions: instructions(place, settings.project.name),
      },
      { parent: this, deletedWith: project.created },
    );
  }

  private limit(name: string, { project, settings }: GateArgs, target: CheckTarget): void {
    new azuredevops.CheckBranchControl(
      `${name}.branches`,
      {
        ...target,
        displayName: "Only from guarded branches",
        allowedBranches: settings.branches.map((branch) => `refs/heads/${branch}`).join(","),
        verifyBranchProtection: true,
        ignoreUnknownProtectionStatus: false,
        timeout: 1440,
      },
      { parent: this, deletedWith: project.created },
    );
  }
}

interface CheckTarget {
  readonly projectId: pulumi.Output<string>;
  readonly targetResourceType: string;
  readonly targetResourceId: pulumi.Input<string>;
}

/** Where the metrics stand that were published before the question. */
function instructions({ organisation, names }: DevOpsPlace, project: string): string {
  const scope = encodeURIComponent(names.folder);
  const runs = `${organisation}/${encodeURIComponent(project)}/_build?definitionScope=${scope}`;
  return (
    "Read the metrics of each variant before you approve: they stand on the summary of this run and in " +
    `its artifacts. Runs: ${runs}`
  );
}
