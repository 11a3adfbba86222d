import * as web from "@pulumi/azure-native/web";
import * as pulumi from "@pulumi/pulumi";
import type { WebAppTarget } from "../config/environment";
import { productionArm, servedWeights, ZONE_INSTANCES } from "../config/webAppSettings";
import { WebAppSettings } from "../packages/provider/resources";
import { autoscale } from "./autoscale";
import { armOutputs, findModels, servedImage } from "./flowTarget";
import type { ArmOutputs, DeployedFlow, FlowArgs, Model } from "./flowTarget";
import type { ResolvedArm } from "./versions";
import { armVariables, modelFiles, siteArgs, type RunningArm } from "./webAppSite";
import { guard } from "./webAppGuard";

export interface WebAppFlowEndpointArgs extends FlowArgs {
  readonly target: WebAppTarget;
  /** Required. Application id whose tokens callers bring. */
  readonly clientId: string;
}

/**
 * One flow on a Web App for containers: a plan of its own, an app whose production slot runs one arm, a slot
 * for every other arm, and the settings that route to them.
 *
 * Azure keeps the routing in the production slot's configuration, and azure-native's update is a PUT of the
 * whole: so azure-native only creates the app, and `WebAppSettings` alone writes what changes afterwards. A slot
 * has no routing, and azure-native updates it.
 *
 * While no arm has a version there is nothing to run, and nothing stands.
 */
export class WebAppFlowEndpoint extends pulumi.ComponentResource implements DeployedFlow {
  readonly endpointName: pulumi.Output<string>;
  readonly scoringUri: pulumi.Output<string>;
  readonly arms: Readonly<Record<string, ArmOutputs>>;

  constructor(flow: string, args: WebAppFlowEndpointArgs, opts?: pulumi.ComponentResourceOptions) {
    super("genaiops:platform:WebAppFlowEndpoint", flow, {}, opts);
    const models = findModels(this, args);
    const production = productionArm(args.flow.arms, args.target);
    const settings = production && deploy(this, args, models, production);
    this.endpointName = pulumi.output(args.flow.endpointName);
    this.scoringUri =
      settings?.scoringUri ??
      pulumi.output(`https://${args.flow.endpointName}.azurewebsites.net/score`);
    this.arms = armOutputs(args.flow, models);
    this.registerOutputs({
      endpointName: this.endpointName,
      scoringUri: this.scoringUri,
      arms: this.arms,
    });
  }
}

function deploy(
  parent: pulumi.Resource,
  args: WebAppFlowEndpointArgs,
  models: Readonly<Record<string, Model>>,
  production: ResolvedArm,
): WebAppSettings {
  const { flow, place } = args;
  const plan = createPlan(parent, args);
  const run = (arm: ResolvedArm): RunningArm => ({
    arm,
    reference: servedImage(parent, args, arm).reference,
    variables: armVariables(args, arm, modelFiles(parent, args, arm, models[arm.name] as Model)),
  });
  const running = run(production);
  const site = createSite(parent, args, plan, running);
  const slots = flow.arms
    .filter((arm) => arm !== production)
    .map((arm) => createSlot(parent, args, plan, site, run(arm)));
  const guards = [
    ...guard(parent, args, { name: flow.name, site }),
    ...slots.flatMap((slot) =>
      guard(parent, args, { name: `${flow.name}.${slot.arm.name}`, site, slot }),
    ),
  ];
  return new WebAppSettings(
    `${flow.name}.settings`,
    {
      site: site.id,
      production: production.name,
      image: running.reference,
      environment: running.variables,
      weights: servedWeights(flow.weights, production.name),
      publicNetworkAccess: access(args),
      tags: { ...place.tags, flow: flow.name },
    },
    {
      parent,
      dependsOn: [...slots.map(({ slot }) => slot), ...guards],
      deletedWith: site,
      customTimeouts: { create: "30m", update: "30m" },
    },
  );
}

interface ArmSlot {
  readonly arm: ResolvedArm;
  readonly slot: web.WebAppSlot;
}

/**
 * All arms run on the plan's instances: as many as the arm that asks for the most, or what the load asks for
 * within the flow's bounds.
 */
function createPlan(
  parent: pulumi.Resource,
  { place, flow, target }: WebAppFlowEndpointArgs,
): web.AppServicePlan {
  const { scale } = flow;
  const plan = new web.AppServicePlan(
    `${flow.name}.plan`,
    {
      resourceGroupName: place.resourceGroup,
      name: `${flow.endpointName}-plan`,
      location: place.location,
      kind: "linux",
      reserved: true,
      sku: {
        name: target.sku,
        capacity: Math.max(
          place.zoneRedundant ? ZONE_INSTANCES : 1,
          ...flow.arms.map(({ instances }) => instances),
        ),
      },
      zoneRedundant: place.zoneRedundant,
      tags: { ...place.tags, flow: flow.name },
    },
    // How many instances there are is then the autoscaler's to say.
    { parent, ignoreChanges: scale ? ["sku.capacity"] : [] },
  );
  if (scale) {
    autoscale(
      `${flow.name}.scale`,
      {
        place,
        resourceGroup: place.resourceGroup,
        settingName: flow.endpointName,
        resource: plan.id,
        scale,
        // azure-monitor/reference/supported-metrics/microsoft-web-serverfarms-metrics
        metrics: { cpu: "CpuPercentage", memory: "MemoryPercentage" },
      },
      { parent },
    );
  }
  return plan;
}

function createSite(
  parent: pulumi.Resource,
  args: WebAppFlowEndpointArgs,
  plan: web.AppServicePlan,
  running: RunningArm,
): web.WebApp {
  const { place, flow, identity, after } = args;
  return new web.WebApp(
    flow.name,
    { name: flow.endpointName, ...siteArgs(args, running, plan.id, access(args)) },
    {
      parent,
      protect: place.protect,
      dependsOn: [...identity.grants, ...after],
      ignoreChanges: ["siteConfig", "tags", "publicNetworkAccess"],
      replaceOnChanges: ["identity"],
      customTimeouts: { create: "30m" },
    },
  );
}

function createSlot(
  parent: pulumi.Resource,
  args: WebAppFlowEndpointArgs,
  plan: web.AppServicePlan,
  site: web.WebApp,
  running: RunningArm,
): ArmSlot {
  const { place, flow } = args;
  const { arm } = running;
  const slot = new web.WebAppSlot(
    `${flow.name}.${arm.name}`,
    {
      name: site.name,
      slot: arm.name,
      ...siteArgs(args, running, plan.id, access(args)),
    },
    {
      parent,
      deletedWith: site,
      // What serves requests is neither replaced nor deleted: its traffic is shifted first.
      protect: place.protect && (flow.weights[arm.name] ?? 0) > 0,
      customTimeouts: { create: "30m", update: "30m" },
    },
  );
  return { arm, slot };
}

function access({ flow }: WebAppFlowEndpointArgs): "Enabled" | "Disabled" {
  return flow.publicAccess === true ? "Enabled" : "Disabled";
}
