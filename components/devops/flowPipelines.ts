import * as azuredevops from "@pulumi/azuredevops";
import * as pulumi from "@pulumi/pulumi";
import { flowPipelineNames, PIPELINE_FILES } from "../../config/devopsNames";
import { createPipeline, requirePipeline } from "./pipelines";
import type { PipelineBase, PipelineRights } from "./pipelines";

export interface FlowPipelinesArgs {
  readonly base: PipelineBase;
  readonly flow: string;
  /** Required. Folder of the environment's pipelines. */
  readonly below: azuredevops.BuildFolder;
  /** Required. What a pipeline of unreviewed code runs on and may use. */
  readonly forPullRequests: PipelineRights;
  /** Required. What a pipeline of reviewed code runs on and may use. */
  readonly forDelivery: PipelineRights;
  /** Required. Paths outside of the flow's folder that count as the flow's. */
  readonly sharedPaths: readonly string[];
}

/** The two pipelines of one flow in one environment: what a pull request runs, and what a merge runs. */
export class FlowPipelines extends pulumi.ComponentResource {
  constructor(name: string, args: FlowPipelinesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("genaiops:devops:FlowPipelines", name, {}, opts);
    const { base, flow, below, forPullRequests, forDelivery, sharedPaths } = args;
    const names = flowPipelineNames(base.stack, flow);
    const paths = [`/flows/${flow}/*`, ...sharedPaths];
    const own = { parent: this, deletedWith: base.project.created };
    const folder = new azuredevops.BuildFolder(
      name,
      { projectId: base.project.id, path: names.folder, description: `Pipelines of ${flow}` },
      { ...own, dependsOn: [below] },
    );
    const review = createPipeline(
      `${name}.pull-request`,
      base,
      {
        pipelineName: names.pullRequest,
        folder: folder.path,
        yaml: PIPELINE_FILES.pullRequest,
        flow,
        ...forPullRequests,
      },
      own,
    );
    requirePipeline(
      `${name}.validation`,
      base,
      review,
      { displayName: `${flow} (${base.stack})`, paths },
      own,
    );
    createPipeline(
      `${name}.delivery`,
      base,
      {
        pipelineName: names.continuousDelivery,
        folder: folder.path,
        yaml: PIPELINE_FILES.continuousDelivery,
        flow,
        ...forDelivery,
        // Arms and weights stand in the stack's file, and no other pipeline updates endpoints.
        pushedPaths: [...paths, `/Pulumi.${base.stack}.yaml`],
      },
      own,
    );
    this.registerOutputs({});
  }
}
