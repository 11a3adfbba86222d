import * as machinelearning from "@pulumi/azure-native/machinelearningservices";
import type * as pulumi from "@pulumi/pulumi";
import { EndpointSettings } from "../packages/provider/resources";
import type { ArmArgs } from "./arm";
import { sendLogs } from "./diagnostics";
import { findModels, servedImage, type FlowArgs, type Model } from "./flowTarget";
import type { ResolvedArm } from "./versions";

/** In what the kinds of online endpoints differ. */
export interface OnlineKind {
  readonly kind: "Managed" | "Kubernetes";
  /** Optional. ARM id of the cluster; another one is another endpoint. @default Azure's own machines */
  readonly compute?: pulumi.Input<string>;
  /** Required. What an arm's settings decide of its deployment. */
  deployment(args: ArmArgs): Pick<machinelearning.OnlineDeploymentArgs, "sku" | "properties">;
}

export interface OnlineEndpointParts {
  readonly endpoint: machinelearning.OnlineEndpoint;
  /** In the order of the flow's arms. */
  readonly deployments: readonly machinelearning.OnlineDeployment[];
  readonly settings: EndpointSettings;
  readonly models: Readonly<Record<string, Model>>;
}

/**
 * An online endpoint, a deployment for each arm, and the settings that route requests to them.
 *
 * Azure's update of an endpoint is a PUT of the whole: azure-native would wipe the routing with a changed
 * tag. So azure-native only creates it, and `EndpointSettings` alone writes what changes afterwards.
 */
export function onlineEndpoint(
  parent: pulumi.Resource,
  args: FlowArgs,
  kind: OnlineKind,
): OnlineEndpointParts {
  const endpoint = createEndpoint(parent, args, kind);
  const models = findModels(parent, args);
  const deployments = createArms(parent, args, kind, endpoint, models);
  const settings = route(parent, args, endpoint, deployments);
  sendLogs(
    `${args.flow.name}.logs`,
    {
      logAnalytics: args.logAnalytics,
      resource: endpoint.id,
      logs: { categories: endpointLogs },
    },
    { parent },
  );
  return { endpoint, deployments, settings, models };
}

function createEndpoint(
  parent: pulumi.Resource,
  args: FlowArgs,
  { kind, compute }: OnlineKind,
): machinelearning.OnlineEndpoint {
  const { place, flow, workspace, identity, after } = args;
  const { tags, ...changing } = changeable(args);
  return new machinelearning.OnlineEndpoint(
    flow.name,
    {
      resourceGroupName: workspace.resourceGroupName,
      workspaceName: workspace.workspaceName,
      endpointName: flow.endpointName,
      location: place.location,
      kind,
      identity: { type: "UserAssigned", userAssignedIdentities: [identity.id] },
      properties: { ...(compute === undefined ? {} : { compute }), ...changing },
      tags,
    },
    {
      parent,
      protect: place.protect,
      dependsOn: [...identity.grants, ...after],
      ignoreChanges: [...CHANGED_LATER.map((name) => `properties.${name}`), "tags"],
      // Fixed at creation: DOC/how-to-access-resources-from-endpoints-managed-identities.md
      replaceOnChanges: ["identity", "properties.compute"],
      customTimeouts: { create: "30m", delete: "60m" },
    },
  );
}

/**
 * One after another: Azure cancels an operation that meets another one on the same endpoint
 * (OperationCanceled, DOC/how-to-troubleshoot-online-endpoints.md).
 */
function createArms(
  parent: pulumi.Resource,
  args: FlowArgs,
  kind: OnlineKind,
  endpoint: machinelearning.OnlineEndpoint,
  models: Readonly<Record<string, Model>>,
): machinelearning.OnlineDeployment[] {
  const arms: machinelearning.OnlineDeployment[] = [];
  for (const arm of args.flow.arms) {
    const model = models[arm.name] as Model;
    arms.push(createArm(parent, args, kind, arm, model, endpoint, arms.slice(-1)));
  }
  return arms;
}

function createArm(
  parent: pulumi.Resource,
  args: FlowArgs,
  kind: OnlineKind,
  arm: ResolvedArm,
  model: Model,
  endpoint: machinelearning.OnlineEndpoint,
  after: pulumi.Resource[],
): machinelearning.OnlineDeployment {
  const { place, flow, workspace, identity } = args;
  return new machinelearning.OnlineDeployment(
    `${flow.name}.${arm.name}`,
    {
      resourceGroupName: workspace.resourceGroupName,
      workspaceName: workspace.workspaceName,
      endpointName: endpoint.name,
      deploymentName: arm.name,
      location: place.location,
      kind: kind.kind,
      ...kind.deployment({
        arm,
        model: model.id,
        environment: servedImage(parent, args, arm).environmentId,
        clientId: identity.clientId,
        subscriptionId: place.subscriptionId,
        resourceGroup: workspace.resourceGroupName,
        workspace: workspace.workspaceName,
        endpoint: endpoint.name,
      }),
      tags: { ...place.tags, flow: flow.name },
    },
    {
      parent,
      dependsOn: after,
      deletedWith: endpoint,
      // What serves requests is neither replaced nor deleted: its traffic is shifted first.
      protect: place.protect && isLive(args, arm),
      // How many instances there are is then the autoscaler's to say.
      ignoreChanges: flow.scale ? ["sku.capacity"] : [],
      customTimeouts: { create: "60m", update: "60m", delete: "30m" },
    },
  );
}

function route(
  parent: pulumi.Resource,
  args: FlowArgs,
  endpoint: machinelearning.OnlineEndpoint,
  arms: readonly machinelearning.OnlineDeployment[],
): EndpointSettings {
  const { flow, replaceLiveArms } = args;
  const live = arms.filter((_, index) => isLive(args, flow.arms[index] as ResolvedArm));
  return new EndpointSettings(
    `${flow.name}.settings`,
    {
      endpoint: endpoint.id,
      weights: { ...flow.weights },
      ...(flow.mirror ? { mirror: flow.mirror } : {}),
      ...changeable(args),
    },
    {
      parent,
      dependsOn: [...arms],
      deletedWith: endpoint,
      // A deployment with live traffic cannot be deleted, and names are fixed: the routing goes before
      // a live arm is replaced, and comes back after.
      replaceWith: replaceLiveArms ? live : [],
    },
  );
}

function isLive({ flow }: FlowArgs, { name }: ResolvedArm): boolean {
  return (flow.weights[name] ?? 0) > 0;
}

/** What can change on an endpoint that stands. */
function changeable({ place, flow }: FlowArgs) {
  const { publicAccess } = flow;
  return {
    authMode: flow.authentication,
    ...(publicAccess === undefined
      ? {}
      : { publicNetworkAccess: publicAccess ? ("Enabled" as const) : ("Disabled" as const) }),
    tags: { ...place.tags, flow: flow.name },
  };
}

/** What others write on an endpoint that stands, and a refresh brings back. */
const CHANGED_LATER = [
  "authMode",
  "description",
  "keys",
  "mirrorTraffic",
  "properties",
  "publicNetworkAccess",
  "traffic",
];

const endpointLogs = [
  "AmlOnlineEndpointTrafficLog",
  "AmlOnlineEndpointConsoleLog",
  "AmlOnlineEndpointEventLog",
];
