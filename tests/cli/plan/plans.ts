import { baselineOf, type Baseline } from "../../../packages/cli/plan/baseline";
import type {
  Plan,
  PlannedResource,
  RecordedPlan,
  ResourceOptions,
  Values,
} from "../../../packages/cli/plan/model";

export interface Declared extends Partial<ResourceOptions> {
  readonly type: string;
  readonly name: string;
  readonly inputs?: Values;
  readonly protect?: boolean;
  readonly read?: string;
  readonly parent?: string;
}

export const VAULT = "azure-native:keyvault:Vault";
export const WORKSPACE = "azure-native:machinelearningservices:Workspace";
export const ENDPOINT = "azure-native:machinelearningservices:OnlineEndpoint";
export const DEPLOYMENT = "azure-native:machinelearningservices:OnlineDeployment";
export const SETTINGS = "genaiops:index:EndpointSettings";
export const ASSET = "genaiops:index:AssetVersion";

export function urn(type: string, name: string, stack = "dev"): string {
  return `urn:pulumi:${stack}::shop::${type}::${name}`;
}

/** A recorded plan made by hand: what it declares and nothing else. */
export function planOf(declared: readonly Declared[], outputs: Values = {}): RecordedPlan {
  const resources = declared.map(
    ({ type, name, inputs = {}, protect = false, read, parent }): PlannedResource => ({
      urn: urn(type, name),
      type,
      name,
      parent: parent ?? null,
      inputs,
      protect,
      dependsOn: [],
      ...(read === undefined ? {} : { read: true as const, id: read }),
    }),
  );
  resources.sort((a, b) => (a.urn < b.urn ? -1 : 1));
  const plan: Plan = { version: 1, project: "shop", stack: "dev", resources, outputs };
  const options = new Map(
    declared.map(({ type, name, ignoreChanges, replaceOnChanges, aliases, custom }) => [
      urn(type, name),
      {
        ignoreChanges: ignoreChanges ?? [],
        replaceOnChanges: replaceOnChanges ?? [],
        aliases: aliases ?? [],
        custom: custom ?? true,
      },
    ]),
  );
  return { plan, options };
}

export function baseline(declared: readonly Declared[]): Baseline {
  return baselineOf(planOf(declared).plan);
}

/** One flow with an endpoint and two arms, blue with 90 percent and green with 10. */
export function flow({
  blue = {},
  endpoint = {},
  weights = { blue: 90, green: 10 },
}: { blue?: Values; endpoint?: Values; weights?: Values } = {}): Declared[] {
  const arm = (name: string, properties: Values): Declared => ({
    type: DEPLOYMENT,
    name: `web.${name}`,
    inputs: {
      deploymentName: name,
      endpointName: `\${${urn(ENDPOINT, "web")}.name}`,
      properties: { model: `\${${urn(ASSET, "web.model")}.assetId}`, ...properties },
      sku: { name: "Default", capacity: 1 },
    },
  });
  return [
    {
      type: ASSET,
      name: "web.model",
      inputs: { kind: "model", name: "web_dev", hash: "a".repeat(64) },
    },
    {
      type: ENDPOINT,
      name: "web",
      inputs: { endpointName: "web-dev", location: "swedencentral", ...endpoint },
      ignoreChanges: ["properties", "tags"],
      replaceOnChanges: ["identity"],
    },
    arm("blue", blue),
    arm("green", {}),
    {
      type: SETTINGS,
      name: "web.settings",
      inputs: { endpoint: `\${${urn(ENDPOINT, "web")}.id}`, weights },
    },
  ];
}

/** One flow on a Web App with two arms, one of them in the production slot. */
export function webApp({
  production = "blue",
  weights = { blue: 90, green: 10 },
  protect = false,
}: { production?: string; weights?: Values; protect?: boolean } = {}): Declared[] {
  const web = "azure-native:web:";
  const site = (output: string) => `\${${urn(`${web}WebApp`, "web")}.${output}}`;
  return [
    { type: `${web}WebApp`, name: "web", inputs: { name: "web-dev-app" }, protect },
    {
      type: `${web}WebAppSlot`,
      name: "web.green",
      inputs: { name: site("name"), slot: "green" },
      protect,
    },
    {
      type: "genaiops:index:WebAppSettings",
      name: "web.settings",
      inputs: { site: site("id"), production, weights },
    },
  ];
}
