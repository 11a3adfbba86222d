import * as pulumi from "@pulumi/pulumi";
import { managedDeployment } from "./arm";
import { armOutputs, type ArmOutputs, type DeployedFlow, type FlowArgs } from "./flowTarget";
import { onlineEndpoint } from "./onlineEndpoint";

/** One flow on a managed online endpoint. */
export class FlowEndpoint extends pulumi.ComponentResource implements DeployedFlow {
  readonly endpointName: pulumi.Output<string>;
  readonly scoringUri: pulumi.Output<string>;
  readonly arms: Readonly<Record<string, ArmOutputs>>;

  constructor(flow: string, args: FlowArgs, opts?: pulumi.ComponentResourceOptions) {
    super("genaiops:platform:FlowEndpoint", flow, {}, opts);
    const { endpoint, settings, models } = onlineEndpoint(this, args, {
      kind: "Managed",
      deployment: managedDeployment,
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
