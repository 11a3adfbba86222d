import * as azuredevops from "@pulumi/azuredevops";
import * as pulumi from "@pulumi/pulumi";
import { PIPELINE_FILES } from "../../config/devopsNames";
import type { DevOpsNames } from "../../config/devopsNames";
import { createPipeline, requirePipeline } from "./pipelines";
import type { PipelineBase, PipelineRights } from "./pipelines";

export interface InfrastructurePipelinesArgs {
  readonly base: PipelineBase;
  readonly names: DevOpsNames;
  /** Required. What a pipeline of unreviewed code runs on and may use. */
  readonly forPullRequests: PipelineRights;
  /** Required. What a pipeline of reviewed code runs on and may use. */
  readonly forDelivery: PipelineRights;
  /** Required. Paths whose change is an update of the stack. */
  readonly paths: readonly string[];
  /** Required. Hour (UTC) of the nightly drift check. */
  readonly driftHour: number;
}

/**
 * The pipelines of one environment's stack, from one YAML: a preview for every pull request, an update for
 * a merge, and a drift check every night. They are two, so that what runs unreviewed code is never let use
 * the connection that deploys.
 */
export class InfrastructurePipelines extends pulumi.ComponentResource {
  readonly folder: azuredevops.BuildFolder;
  readonly delivery: azuredevops.BuildDefinition;

  constructor(
    name: string,
    args: InfrastructurePipelinesArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("genaiops:devops:InfrastructurePipelines", name, {}, opts);
    const { base, names, forPullRequests, forDelivery, paths, driftHour } = args;
    const own = { parent: this, deletedWith: base.project.created };
    this.folder = new azuredevops.BuildFolder(
      name,
      {
        projectId: base.project.id,
        path: names.folder,
        description: `Pipelines of the environment ${base.stack}`,
      },
      own,
    );
    const common = { folder: this.folder.path, yaml: PIPELINE_FILES.infrastructure };
    const review = createPipeline(
      `${name}.pull-request`,
      base,
      { ...common, pipelineName: names.infrastructurePullRequest, ...forPullRequests },
      own,
    );
    // Every change can change the plan, a flow's too: its content is a version.
    requirePipeline(
      `${name}.validation`,
      base,
      review,
      { displayName: `infrastructure (${base.stack})` },
      own,
    );
    this.delivery = createPipeline(
      `${name}.delivery`,
      base,
      {
        ...common,
        pipelineName: names.infrastructure,
        ...forDelivery,
        pushedPaths: paths,
        nightlyHour: driftHour,
      },
      own,
    );
    this.registerOutputs({});
  }
}
