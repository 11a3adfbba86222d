import * as pulumi from "@pulumi/pulumi";
import { managedDeployment } from "./arm";
import { autoscale } from "./autoscale";
import { armOutputs, type ArmOutputs, type DeployedFlow, type FlowArgs } from "./flowTarget";
import { onlineEndpoint } from "./onlineEndpoint";

/** One flow on a managed online endpoint. */
export class FlowEndpoint extends pulumi.ComponentResource implements DeployedFlow {
  readonly endpointName: pulumi.Output<string>;
  readonly scoringUri: pulumi.Output<string>;
  readonly arms: Readonly<Record<string, ArmOutputs>>;

  constructor(flow: string, args: FlowArgs, opts?: pulumi.ComponentResourceOptions) {
    super("genaiops:platform:FlowEndpoint", flow, {}, opts);
    const { endpoint, deployments, settings, models } = onlineEndpoint(this, args, {
      kind: "Managed",
      deployment: managedDeployment,
    });
    this.scale(args, deployments);
    this.endpointName = endpoint.name;
    this.scoringUri = settings.scoringUri;
    this.arms = armOutputs(args.flow, models);
    this.registerOutputs({
      endpointName: this.endpointName,
      scoringUri: this.scoringUri,
      arms: this.arms,
    });
  }

  /** Each arm by itself: a share of the requests is not the same share of the load. */
  private scale(
    { flow, place, workspace }: FlowArgs,
    deployments: readonly pulumi.CustomResource[],
  ) {
    const { scale } = flow;
    if (scale === undefined) return;
    flow.arms.forEach(({ name }, index) =>
      autoscale(
        `${flow.name}.${name}.scale`,
        {
          place,
          resourceGroup: workspace.resourceGroupName,
          settingName: `${flow.endpointName}-${name}`,
          resource: (deployments[index] as pulumi.CustomResource).id,
          scale,
          // DOC/how-to-monitor-online-endpoints.md, metrics of a deployment
          metrics: { cpu: "CpuUtilizationPercentage", memory: "CpuMemoryUtilizationPercentage" },
        },
        { parent: this },
      ),
    );
  }
}
