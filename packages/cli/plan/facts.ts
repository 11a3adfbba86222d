import type { Environment, Flow } from "../../../config/environment";
import { coresNeeded } from "../../../config/quota";
import type { TargetName } from "../../../config/targets";
import { APPROVED, armFacts, type ArmFacts } from "./armFacts";
import { DEPLOYMENT, ENDPOINT, flowsIn, isArm, type FlowView } from "./flows";
import {
  SECRET,
  STACK_TYPE,
  isObject,
  type PlannedResource,
  type RecordedPlan,
  type Value,
  type Values,
} from "./model";
import { targetOf } from "./moves";
import { ROLE_ASSIGNMENT, rolesIn, rolesToGrant, type GrantedRole } from "./roles";
import { scaleFacts, type ScaleFacts } from "./scaleFacts";
import { inline } from "./short";
import { counted } from "./text";

/** A plan as people read it: the same facts for a terminal and for a pull request. */
export interface Facts {
  readonly stack: string;
  readonly project: string;
  /** Absent where the project has no settings of ours. */
  readonly environment?: Environment;
  /** Resources below the stack that belong neither to a flow nor to Azure DevOps, as a tree. */
  readonly platform: readonly Branch[];
  /** What is declared in Azure DevOps or for it, as a tree. */
  readonly devOps: readonly Branch[];
  /** Sorted by name. */
  readonly flows: readonly FlowFacts[];
  readonly roles: readonly GrantedRole[];
  /** Roles that somebody with more rights must grant. */
  readonly rolesToGrant: readonly GrantedRole[];
  readonly notices: readonly string[];
  /** What a rule forbids, each with its place. @default nothing */
  readonly refused?: readonly string[];
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
  /** Absent where the project has no component of ours around the endpoint. */
  readonly target?: TargetName;
  readonly endpoint: PlannedResource;
  readonly arms: readonly ArmFacts[];
  readonly mirror?: FlowView["mirror"];
  readonly scale?: ScaleFacts;
  /** What else the flow declares: files, model, logs. */
  readonly others: readonly PlannedResource[];
}

export interface LimitFacts {
  readonly what: "endpoints" | "deployments" | "cores" | "role assignments";
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
  const declared = new Map(environment?.flows.map((flow) => [flow.name, flow]));
  const flows = flowsIn(resources).map((flow) =>
    flowFacts(flow, byUrn, children, declared.get(flow.name)),
  );
  const ofFlows = new Set(flows.flatMap(({ endpoint, others }) => [endpoint, ...others]));
  const inFlows = (resource: PlannedResource): boolean =>
    ofFlows.has(resource) || isArm(resource.type) || resource.type === ROLE_ASSIGNMENT;
  const branch = (resource: PlannedResource): Branch => ({
    resource,
    custom: isCustom(resource),
    children: (children.get(resource.urn) ?? []).filter((child) => !inFlows(child)).map(branch),
  });
  const stack = plan.resources.find(({ type }) => type === STACK_TYPE);
  const branches = (children.get(stack?.urn ?? "") ?? [])
    .filter((resource) => !inFlows(resource))
    .map(branch)
    // A component that holds nothing but a flow's resources or roles is shown with these.
    .filter(({ custom, children }) => custom || children.length > 0);
  const isDevOps = ({ resource }: Branch) => resource.type.startsWith("genaiops:devops:");
  const notices = plan.outputs["notices"];
  return {
    stack: plan.stack,
    project: plan.project,
    environment,
    platform: branches.filter((branch) => !isDevOps(branch)),
    devOps: branches.filter(isDevOps),
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
  declared: Flow | undefined,
): FlowFacts {
  const { name, endpoint, arms, mirror } = flow;
  const deployments = new Set(arms.map(({ deployment }) => deployment));
  const parent = byUrn.get(endpoint.parent ?? "");
  const siblings = parent ? (children.get(parent.urn) ?? []) : [];
  const target = targetOf(parent?.type);
  const scale = declared && scaleFacts(declared);
  return {
    name,
    ...(target ? { target } : {}),
    endpoint,
    arms: arms.map((arm) => armFacts(arm, byUrn, declared?.scale)),
    ...(scale ? { scale } : {}),
    ...(mirror ? { mirror } : {}),
    others: siblings.filter((other) => other !== endpoint && !deployments.has(other)),
  };
}

/** The plan cannot ask Azure, so that it shows every arm that could stand. */
function assumptions(flows: readonly FlowFacts[]): string[] {
  const arms = flows.flatMap(({ arms }) => arms.filter(({ version }) => version === APPROVED));
  if (arms.length === 0) return [];
  return [
    `the newest approved version of ${counted(arms.length, "arm")} is resolved by \`pulumi preview\` against Azure; an arm without one is left out then`,
  ];
}

function limitsOf(customs: readonly PlannedResource[], { settings }: Environment): LimitFacts[] {
  const count = (type: string) => customs.filter((resource) => resource.type === type).length;
  const { endpoints, deployments, cores, roleAssignments } = settings.limits;
  return [
    { what: "endpoints", count: count(ENDPOINT), limit: endpoints },
    { what: "deployments", count: count(DEPLOYMENT), limit: deployments },
    ...(cores === undefined
      ? []
      : [{ what: "cores" as const, count: coresNeeded(settings).cores, limit: cores }]),
    { what: "role assignments", count: count(ROLE_ASSIGNMENT), limit: roleAssignments },
  ];
}

function secretsIn(value: Value | Values): number {
  if (value === SECRET) return 1;
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + secretsIn(item), 0);
  if (!isObject(value)) return 0;
  return Object.values(value).reduce((sum: number, item) => sum + secretsIn(item), 0);
}
