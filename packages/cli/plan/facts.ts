import type { Environment } from "../../../config/environment";
import { at, shortHash } from "./headlines";
import { DEPLOYMENT, ENDPOINT, flowsIn, type ArmView, type FlowView } from "./flows";
import {
  SECRET,
  STACK_TYPE,
  isObject,
  type PlannedResource,
  type RecordedPlan,
  type Value,
  type Values,
} from "./model";
import { ROLE_ASSIGNMENT, rolesIn, rolesToGrant, type GrantedRole } from "./roles";
import { inline } from "./short";
import { counted } from "./text";

/** A plan as people read it: the same facts for a terminal and for a pull request. */
export interface Facts {
  readonly stack: string;
  readonly project: string;
  /** Absent where the project has no settings of ours. */
  readonly environment?: Environment;
  /** Resources below the stack that belong to no flow, as a tree. */
  readonly platform: readonly Branch[];
  /** Sorted by name. */
  readonly flows: readonly FlowFacts[];
  readonly roles: readonly GrantedRole[];
  /** Roles that somebody with more rights must grant. */
  readonly rolesToGrant: readonly GrantedRole[];
  readonly notices: readonly string[];
  readonly limits: readonly LimitFacts[];
  readonly counts: Counts;
}

export interface Branch {
  readonly resource: PlannedResource;
  readonly custom: boolean;
  readonly children: readonly Branch[];
}

export interface FlowFacts {
  readonly name: string;
  readonly endpoint: PlannedResource;
  readonly arms: readonly ArmFacts[];
  readonly mirror?: FlowView["mirror"];
  /** What else the flow declares: files, model, logs. */
  readonly others: readonly PlannedResource[];
}

export interface ArmFacts {
  readonly name: string;
  readonly weight: number;
  /** In words: a number, this checkout with its content, or what resolves it. */
  readonly version: string;
  readonly variant?: string;
  readonly image: string;
  /** `<number> × <VM size>`. */
  readonly instance: string;
}

export interface LimitFacts {
  readonly what: "endpoints" | "deployments" | "role assignments";
  readonly count: number;
  readonly limit: number;
}

export interface Counts {
  /** Without components and the stack. */
  readonly resources: number;
  readonly components: number;
  readonly flows: number;
  readonly arms: number;
  readonly roles: number;
  readonly adopted: number;
  readonly protected: number;
  /** Values among inputs and outputs that are masked. */
  readonly secrets: number;
}

export function factsOf({ plan, options }: RecordedPlan, environment?: Environment): Facts {
  const resources = plan.resources.filter(({ type }) => type !== STACK_TYPE);
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const isCustom = ({ urn }: PlannedResource) => options.get(urn)?.custom !== false;
  const customs = resources.filter(isCustom);
  const children = childrenOf(resources);
  const flows = flowsIn(resources).map((flow) => flowFacts(flow, byUrn, children));
  const ofFlows = new Set(flows.flatMap(({ endpoint, others }) => [endpoint, ...others]));
  const inFlows = (resource: PlannedResource): boolean =>
    ofFlows.has(resource) || resource.type === DEPLOYMENT || resource.type === ROLE_ASSIGNMENT;
  const branch = (resource: PlannedResource): Branch => ({
    resource,
    custom: isCustom(resource),
    children: (children.get(resource.urn) ?? []).filter((child) => !inFlows(child)).map(branch),
  });
  const stack = plan.resources.find(({ type }) => type === STACK_TYPE);
  const platform = (children.get(stack?.urn ?? "") ?? [])
    .filter((resource) => !inFlows(resource))
    .map(branch)
    // A component that holds nothing but a flow's resources or roles is shown with these.
    .filter(({ custom, children }) => custom || children.length > 0);
  const notices = plan.outputs["notices"];
  return {
    stack: plan.stack,
    project: plan.project,
    environment,
    platform,
    flows,
    roles: rolesIn(customs),
    rolesToGrant: rolesToGrant(plan.outputs["rolesToGrant"]),
    notices: [...(Array.isArray(notices) ? notices.map(inline) : []), ...assumptions(flows)],
    limits: environment ? limitsOf(customs, environment) : [],
    counts: {
      resources: customs.length,
      components: resources.length - customs.length,
      flows: flows.length,
      arms: flows.reduce((sum, { arms }) => sum + arms.length, 0),
      roles: customs.filter(({ type }) => type === ROLE_ASSIGNMENT).length,
      adopted: customs.filter(({ read }) => read).length,
      protected: customs.filter((resource) => resource.protect).length,
      secrets: resources.reduce(
        (sum, { inputs }) => sum + secretsIn(inputs),
        secretsIn(plan.outputs),
      ),
    },
  };
}

function childrenOf(resources: readonly PlannedResource[]): Map<string, PlannedResource[]> {
  const children = new Map<string, PlannedResource[]>();
  for (const resource of resources) {
    const siblings = children.get(resource.parent ?? "");
    if (siblings) siblings.push(resource);
    else children.set(resource.parent ?? "", [resource]);
  }
  return children;
}

function flowFacts(
  flow: FlowView<PlannedResource>,
  byUrn: ReadonlyMap<string, PlannedResource>,
  children: ReadonlyMap<string, PlannedResource[]>,
): FlowFacts {
  const { name, endpoint, arms, mirror } = flow;
  const deployments = new Set(arms.map(({ deployment }) => deployment));
  const parent = byUrn.get(endpoint.parent ?? "");
  const siblings = parent ? (children.get(parent.urn) ?? []) : [];
  return {
    name,
    endpoint,
    arms: arms.map((arm) => armFacts(arm, byUrn)),
    ...(mirror ? { mirror } : {}),
    others: siblings.filter((other) => other !== endpoint && !deployments.has(other)),
  };
}

function armFacts(
  { name, weight, deployment }: ArmView<PlannedResource>,
  byUrn: ReadonlyMap<string, PlannedResource>,
): ArmFacts {
  const { inputs } = deployment;
  const variant = at(inputs, "properties.environmentVariables.GENAIOPS_VARIANT");
  const instances = at(inputs, "sku.capacity") ?? 1;
  return {
    name,
    weight,
    version: versionText(at(inputs, "properties.model"), byUrn),
    ...(variant === undefined ? {} : { variant: inline(variant) }),
    image: imageText(at(inputs, "properties.environmentId"), byUrn),
    instance: `${inline(instances)} × ${inline(at(inputs, "properties.instanceType"))}`,
  };
}

function versionText(
  model: Value | undefined,
  byUrn: ReadonlyMap<string, PlannedResource>,
): string {
  const text = String(model ?? "");
  const asset = referred(text, byUrn);
  if (asset) return `this checkout (${shortHash(asset.inputs["hash"])})`;
  const version = /\/versions\/([^/]+|\$\{approved:.*\})$/.exec(text)?.[1];
  if (version === undefined) return inline(model);
  return version.startsWith("${approved:") ? APPROVED : version;
}

const APPROVED = "newest approved";

/** The plan cannot ask Azure, so that it shows every arm that could stand. */
function assumptions(flows: readonly FlowFacts[]): string[] {
  const arms = flows.flatMap(({ arms }) => arms.filter(({ version }) => version === APPROVED));
  if (arms.length === 0) return [];
  return [
    `the newest approved version of ${counted(arms.length, "arm")} is resolved by \`pulumi preview\` against Azure; an arm without one is left out then`,
  ];
}

function imageText(
  environment: Value | undefined,
  byUrn: ReadonlyMap<string, PlannedResource>,
): string {
  const asset = referred(String(environment ?? ""), byUrn);
  const image = asset ? at(asset.inputs, "properties.image") : environment;
  const built = referred(String(image ?? ""), byUrn);
  if (built) return `built as ${inline(built.inputs["imageName"])}`;
  return inline(image).replace(/(@sha256:[0-9a-f]{12})[0-9a-f]{52}$/, "$1…");
}

/** The resource that a value refers to, where the value is one reference and nothing else. */
function referred(text: string, byUrn: ReadonlyMap<string, PlannedResource>) {
  const inside = /^\$\{(urn:[^{}]*)\}$/.exec(text)?.[1];
  return inside === undefined ? undefined : byUrn.get(inside.slice(0, inside.lastIndexOf(".")));
}

function limitsOf(customs: readonly PlannedResource[], { settings }: Environment): LimitFacts[] {
  const count = (type: string) => customs.filter((resource) => resource.type === type).length;
  const { endpoints, deployments, roleAssignments } = settings.limits;
  return [
    { what: "endpoints", count: count(ENDPOINT), limit: endpoints },
    { what: "deployments", count: count(DEPLOYMENT), limit: deployments },
    { what: "role assignments", count: count(ROLE_ASSIGNMENT), limit: roleAssignments },
  ];
}

function secretsIn(value: Value | Values): number {
  if (value === SECRET) return 1;
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + secretsIn(item), 0);
  if (!isObject(value)) return 0;
  return Object.values(value).reduce((sum: number, item) => sum + secretsIn(item), 0);
}
