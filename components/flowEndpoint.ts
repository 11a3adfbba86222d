import * as machinelearning from "@pulumi/azure-native/machinelearningservices";
import * as pulumi from "@pulumi/pulumi";
import { EndpointSettings } from "../packages/provider/resources";
import { armArgs } from "./arm";
import { currentModel } from "./currentModel";
import { sendLogs } from "./diagnostics";
import type { Identity } from "./identity";
import type { Image } from "./image";
import type { Place } from "./place";
import type { ResolvedArm, ResolvedFlow } from "./versions";
import type { Workspace } from "./workspace";

export interface FlowEndpointArgs {
  readonly place: Place;
  readonly flow: ResolvedFlow;
  readonly workspace: Workspace;
  /** Required. Identity it runs as for all its life, with its roles granted. */
  readonly identity: Identity;
  /** Required. By their name in the settings. */
  readonly images: ReadonlyMap<string, Image>;
  /** Required. Name of the workspace's storage account. */
  readonly storageAccount: pulumi.Input<string>;
  readonly logAnalytics: pulumi.Input<string>;
  /** Required. Lets an update replace what carries traffic; else Azure refuses to delete it. */
  readonly replaceLiveArms: boolean;
  /** Required. What must stand before the endpoint: the network's rules, connections and models. */
  readonly after: readonly pulumi.Resource[];
  /** Required. Roles by which this checkout's files are sent. */
  readonly uploadGrants: readonly pulumi.Resource[];
}

/** A version of the flow's model. */
interface Model {
  /** ARM id. */
  readonly id: pulumi.Output<string>;
  readonly version: pulumi.Output<string>;
}

export interface ArmOutputs {
  readonly version: pulumi.Output<string>;
  readonly weight: number;
}

/**
 * One flow: an online endpoint, a deployment for each arm, and the settings that route requests to them.
 *
 * Azure's update of an endpoint is a PUT of the whole: azure-native would wipe the routing with a changed
 * tag. So azure-native only creates it, and `EndpointSettings` alone writes what changes afterwards.
 */
export class FlowEndpoint extends pulumi.ComponentResource {
  /** Name in Azure. */
  readonly endpointName: pulumi.Output<string>;
  readonly scoringUri: pulumi.Output<string>;
  /** By name: version of the model, and percent of the requests. */
  readonly arms: Readonly<Record<string, ArmOutputs>>;

  constructor(
    private readonly flow: string,
    private readonly args: FlowEndpointArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("genaiops:platform:FlowEndpoint", flow, {}, opts);
    const endpoint = this.createEndpoint();
    const models = this.findModels();
    const settings = this.route(endpoint, this.createArms(endpoint, models));
    const { logAnalytics } = args;
    sendLogs(
      `${flow}.logs`,
      { logAnalytics, resource: endpoint.id, logs: { categories: endpointLogs } },
      { parent: this },
    );
    this.endpointName = endpoint.name;
    this.scoringUri = settings.scoringUri;
    this.arms = Object.fromEntries(
      args.flow.arms.map(({ name }) => {
        const version = (models[name] as Model).version;
        return [name, { version, weight: args.flow.weights[name] ?? 0 }];
      }),
    );
    this.registerOutputs({
      endpointName: this.endpointName,
      scoringUri: this.scoringUri,
      arms: this.arms,
    });
  }

  private isLive({ name }: ResolvedArm): boolean {
    return (this.args.flow.weights[name] ?? 0) > 0;
  }

  private createEndpoint(): machinelearning.OnlineEndpoint {
    const { place, flow, workspace, identity, after } = this.args;
    const { authMode, publicNetworkAccess, tags } = changeable(this.args);
    return new machinelearning.OnlineEndpoint(
      this.flow,
      {
        resourceGroupName: workspace.resourceGroupName,
        workspaceName: workspace.workspaceName,
        endpointName: flow.endpointName,
        location: place.location,
        kind: "Managed",
        identity: { type: "UserAssigned", userAssignedIdentities: [identity.id] },
        properties: { authMode, publicNetworkAccess },
        tags,
      },
      {
        parent: this,
        protect: place.protect,
        dependsOn: [...identity.grants, ...after],
        ignoreChanges: ["properties", "tags"],
        // Fixed at creation: DOC/how-to-access-resources-from-endpoints-managed-identities.md
        replaceOnChanges: ["identity"],
        customTimeouts: { create: "30m", delete: "60m" },
      },
    );
  }

  /** Each arm's model; this checkout is registered once, however many arms serve it. */
  private findModels(): Record<string, Model> {
    const { flow, workspace } = this.args;
    const { content } = flow;
    const current = content && currentModel(this.flow, { ...this.args, content }, { parent: this });
    return Object.fromEntries(
      flow.arms.map(({ name, version }): [string, Model] => {
        if (version === "current" && current) {
          return [name, { id: current.assetId, version: current.version }];
        }
        const id = pulumi.interpolate`${workspace.id}/models/${flow.modelName}/versions/${version}`;
        return [name, { id, version: pulumi.output(String(version)) }];
      }),
    );
  }

  /**
   * One after another: Azure cancels an operation that meets another one on the same endpoint
   * (OperationCanceled, DOC/how-to-troubleshoot-online-endpoints.md).
   */
  private createArms(
    endpoint: machinelearning.OnlineEndpoint,
    models: Readonly<Record<string, Model>>,
  ): machinelearning.OnlineDeployment[] {
    const arms: machinelearning.OnlineDeployment[] = [];
    for (const arm of this.args.flow.arms) {
      arms.push(this.createArm(arm, models[arm.name] as Model, endpoint, arms.slice(-1)));
    }
    return arms;
  }

  private createArm(
    arm: ResolvedArm,
    model: Model,
    endpoint: machinelearning.OnlineEndpoint,
    after: pulumi.Resource[],
  ): machinelearning.OnlineDeployment {
    const { place, workspace, identity, images } = this.args;
    return new machinelearning.OnlineDeployment(
      `${this.flow}.${arm.name}`,
      {
        resourceGroupName: workspace.resourceGroupName,
        workspaceName: workspace.workspaceName,
        endpointName: endpoint.name,
        deploymentName: arm.name,
        location: place.location,
        ...armArgs({
          arm,
          model: model.id,
          environment: (images.get(arm.image) as Image).environmentId,
          clientId: identity.clientId,
          subscriptionId: place.subscriptionId,
          resourceGroup: workspace.resourceGroupName,
          workspace: workspace.workspaceName,
          endpoint: endpoint.name,
        }),
        tags: { ...place.tags, flow: this.flow },
      },
      {
        parent: this,
        dependsOn: after,
        deletedWith: endpoint,
        // What serves requests is neither replaced nor deleted: its traffic is shifted first.
        protect: place.protect && this.isLive(arm),
        customTimeouts: { create: "60m", update: "60m", delete: "30m" },
      },
    );
  }

  private route(
    endpoint: machinelearning.OnlineEndpoint,
    arms: readonly machinelearning.OnlineDeployment[],
  ): EndpointSettings {
    const { flow, replaceLiveArms } = this.args;
    const live = arms.filter((_, index) => this.isLive(flow.arms[index] as ResolvedArm));
    return new EndpointSettings(
      `${this.flow}.settings`,
      {
        endpoint: endpoint.id,
        weights: { ...flow.weights },
        ...(flow.mirror ? { mirror: flow.mirror } : {}),
        ...changeable(this.args),
      },
      {
        parent: this,
        dependsOn: [...arms],
        deletedWith: endpoint,
        // A deployment with live traffic cannot be deleted, and names are fixed: the routing goes before
        // a live arm is replaced, and comes back after.
        replaceWith: replaceLiveArms ? live : [],
      },
    );
  }
}

/** What can change on an endpoint that stands. */
function changeable({ place, flow }: FlowEndpointArgs) {
  return {
    authMode: flow.authentication,
    publicNetworkAccess: flow.publicAccess ? ("Enabled" as const) : ("Disabled" as const),
    tags: { ...place.tags, flow: flow.name },
  };
}

const endpointLogs = [
  "AmlOnlineEndpointTrafficLog",
  "AmlOnlineEndpointConsoleLog",
  "AmlOnlineEndpointEventLog",
];
