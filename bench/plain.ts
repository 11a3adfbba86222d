import * as pulumi from "@pulumi/pulumi";
import {
  STACK_TYPE,
  isObject,
  type Plan,
  type PlannedResource,
  type Value,
} from "../packages/cli/plan/model";
import { parsePath } from "../packages/cli/plan/propertyDiff";
import { AssetVersion, BlobFolder, EndpointSettings } from "../packages/provider/resources";
import { flowName } from "./manyFlows";

type ResourceClass = new (
  name: string,
  inputs: Record<string, unknown>,
  options: pulumi.CustomResourceOptions,
) => pulumi.CustomResource;

const own: Readonly<Record<string, unknown>> = { AssetVersion, BlobFolder, EndpointSettings };

/**
 * Declare the resources of a plan the plain way: each by its class, with its inputs, its parent and the
 * outputs of others where the plan refers to them. No transformation, no component of ours.
 * What belongs to the plan's one flow is declared `flows` times.
 */
export function declarePlainly(plan: Plan, flows: number): void {
  const made = new Map<string, pulumi.Resource>();
  const ordered = inOrder(plan.resources.filter(({ type }) => type !== STACK_TYPE));
  const template = flowName(1);
  const isFlows = ({ urn }: PlannedResource) => urn.includes(template);
  for (const resource of ordered) if (!isFlows(resource)) declare(resource, made);
  const repeated = ordered.filter(isFlows);
  for (let number = 1; number <= flows; number++) {
    for (const resource of repeated) declare(numbered(resource, flowName(number)), made);
  }
}

/** The same resource of another flow. */
function numbered(resource: PlannedResource, name: string): PlannedResource {
  const text = JSON.stringify(resource)
    .replaceAll(flowName(1), name)
    .replaceAll(flowName(1).replace("-", "_"), name.replace("-", "_"));
  return JSON.parse(text) as PlannedResource;
}

function declare(resource: PlannedResource, made: Map<string, pulumi.Resource>): void {
  const { urn, type, name, parent, inputs, protect } = resource;
  const options = {
    parent: parent === null ? undefined : made.get(parent),
    protect: protect || undefined,
    dependsOn: explicitDependencies(resource).flatMap((other) => made.get(other) ?? []),
  };
  const Class = classOf(type);
  const values = withOutputs(inputs, made) as Record<string, unknown>;
  made.set(
    urn,
    Class
      ? new Class(name, values, options)
      : new pulumi.ComponentResource(type, name, {}, options),
  );
}

function classOf(type: string): ResourceClass | undefined {
  const [provider, module = "", name = ""] = type.split(":");
  if (provider === "azure-native") {
    return (require(`@pulumi/azure-native/${module}`) as Record<string, ResourceClass>)[name];
  }
  if (provider === "docker")
    return (require("@pulumi/docker") as Record<string, ResourceClass>)[name];
  return own[name] as ResourceClass | undefined;
}

/** References become the outputs that they name; a stock mock knows no computed value, so a text stands in. */
function withOutputs(value: Value, made: ReadonlyMap<string, pulumi.Resource>): unknown {
  if (Array.isArray(value)) return value.map((item) => withOutputs(item, made));
  if (isObject(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, withOutputs(item, made)]),
    );
  }
  if (typeof value !== "string" || !value.includes("${urn:")) return value;
  const parts = value.split(/(\$\{urn:[^{}]*\})/).filter((part) => part !== "");
  const outputs = parts.map((part) => (part.startsWith("${urn:") ? outputOf(part, made) : part));
  return outputs.length === 1 ? outputs[0] : pulumi.concat(...outputs);
}

function outputOf(
  reference: string,
  made: ReadonlyMap<string, pulumi.Resource>,
): pulumi.Output<string> {
  const inside = reference.slice(2, -1);
  for (let end = inside.lastIndexOf("."); end > 0; end = inside.lastIndexOf(".", end - 1)) {
    const resource = made.get(inside.slice(0, end));
    if (!resource) continue;
    const [first = "", ...rest] = parsePath(inside.slice(end + 1));
    const outputs = resource as unknown as Record<string, pulumi.Output<unknown>>;
    const found = pulumi.output(outputs[first]) as pulumi.Output<unknown>;
    return found.apply((value) =>
      String(rest.reduce<unknown>(step, value) ?? inside.slice(end + 1)),
    );
  }
  throw new Error(`${reference} is declared after what refers to it`);
}

function step(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null
    ? (value as Record<string, unknown>)[key]
    : undefined;
}

function referred(resource: PlannedResource): string[] {
  return [...JSON.stringify(resource.inputs).matchAll(/\$\{(urn:[^{}]*)\}/g)].map(
    ([, inside]) => inside as string,
  );
}

function explicitDependencies(resource: PlannedResource): string[] {
  const implicit = referred(resource);
  return resource.dependsOn.filter(
    (urn) => !implicit.some((inside) => inside.startsWith(`${urn}.`)),
  );
}

/** Parents and what is referred to come first. */
function inOrder(resources: readonly PlannedResource[]): PlannedResource[] {
  const ordered = new Set<PlannedResource>();
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const visit = (resource: PlannedResource | undefined): void => {
    if (!resource || ordered.has(resource)) return;
    if (resource.parent !== null) visit(byUrn.get(resource.parent));
    for (const urn of resource.dependsOn) visit(byUrn.get(urn));
    ordered.add(resource);
  };
  resources.forEach(visit);
  return [...ordered];
}
