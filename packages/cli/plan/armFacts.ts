import type { Scale } from "../../../config/scaleSettings";
import { resourceTokens } from "../../provider/tokens";
import type { ArmView } from "./flows";
import { at, shortHash } from "./headlines";
import { isObject, type PlannedResource, type Value, type Values } from "./model";
import { inline } from "./short";

export interface ArmFacts {
  readonly name: string;
  readonly weight: number;
  /** In words: a number, this checkout with its content, or what resolves it. */
  readonly version: string;
  readonly variant?: string;
  readonly image: string;
  /** `<number> × <VM size>`, `<least> to <most> × …` where it is scaled; on Kubernetes the instance type. */
  readonly instance: string;
}

/** A version that Azure tells when the plan is applied. */
export const APPROVED = "newest approved";

export function armFacts(
  { name, weight, deployment }: ArmView<PlannedResource>,
  byUrn: ReadonlyMap<string, PlannedResource>,
  scale: Scale | undefined,
): ArmFacts {
  const { inputs } = deployment;
  const variant = at(inputs, "properties.environmentVariables.GENAIOPS_VARIANT");
  const instances = scale
    ? `${scale.min} to ${scale.max}`
    : inline(at(inputs, "sku.capacity") ?? 1);
  const kubernetes = at(inputs, "kind") === "Kubernetes";
  const type = at(inputs, "properties.instanceType") ?? (kubernetes ? DEFAULT_TYPE : undefined);
  return {
    name,
    weight,
    version: versionText(at(inputs, "properties.model"), byUrn),
    ...(variant === undefined ? {} : { variant: inline(variant) }),
    image: imageText(at(inputs, "properties.environmentId"), byUrn),
    instance: `${instances} × ${inline(type)}${requestsText(inputs)}`,
  };
}

/** What a cluster gives where nobody names an instance type: DOC/how-to-manage-kubernetes-instance-types.md */
const DEFAULT_TYPE = "defaultinstancetype";

function requestsText(inputs: Values): string {
  const path = "properties.containerResourceRequirements.containerResourceRequests";
  const requests = at(inputs, path);
  return isObject(requests)
    ? ` (${inline(requests["cpu"])} CPU, ${inline(requests["memory"])})`
    : "";
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

function imageText(
  environment: Value | undefined,
  byUrn: ReadonlyMap<string, PlannedResource>,
): string {
  const asset = referred(String(environment ?? ""), byUrn);
  const image = asset ? at(asset.inputs, "properties.image") : environment;
  const made = referred(String(image ?? ""), byUrn);
  if (made?.type === resourceTokens.importedImage) {
    const { repository, digest } = made.inputs;
    return String(digest).startsWith("sha256:")
      ? shortDigest(`${inline(repository)}@${String(digest)}`)
      : `${inline(repository)}, as it was evaluated`;
  }
  if (made) return `built as ${inline(made.inputs["imageName"])}`;
  return shortDigest(inline(image));
}

function shortDigest(image: string): string {
  return image.replace(/(@sha256:[0-9a-f]{12})[0-9a-f]{52}$/, "$1…");
}

/** The resource that a value refers to, where the value is one reference and nothing else. */
function referred(text: string, byUrn: ReadonlyMap<string, PlannedResource>) {
  const inside = /^\$\{(urn:[^{}]*)\}$/.exec(text)?.[1];
  return inside === undefined ? undefined : byUrn.get(inside.slice(0, inside.lastIndexOf(".")));
}
