import * as pulumi from "@pulumi/pulumi";
import type { KubernetesTarget } from "../config/environment";
import { kubernetesDeployment } from "./arm";
import { armOutputs, type ArmOutputs, type DeployedFlow, type FlowArgs } from "./flowTarget";
import { onlineEndpoint } from "./onlineEndpoint";

export interface KubernetesFlowEndpointArgs extends FlowArgs {
  readonly target: KubernetesTarget;
  /** Required. ARM id of the cluster as a compute of the workspace. */
  readonly compute: pulumi.Input<string>;
}

/** One flow on a Kubernetes online endpoint: its containers run in an attached cluster. */
export class KubernetesFlowEndpoint extends pulumi.ComponentResource implements DeployedFlow {
  readonly endpointName: pulumi.Output<string>;
  readonly scoringUri: pulumi.Output<string>;
  readonly arms: Readonly<Record<string, ArmOutputs>>;

  constructor(
    flow: string,
    args: KubernetesFlowEndpointArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("genaiops:platform:KubernetesFlowEndpoint", flow, {}, opts);
    const { endpoint, settings, models } = onlineEndpoint(this, args, {
      kind: "Kubernetes",
      compute: args.compute,
      deployment: (arm) => kubernetesDeployment(arm, args.target, args.flow.scale),
    });
    this.endpointName = endpoint.name;
    this.scoringUri = settings.scoringUri;
    this.arms = armOutputs(args.flow, models);
    this.registerOutputs({
      endpointName: this.endpointName,
      scoringUri: this.scoringUri,
      arms: this.arms,
    });
  }
}
