import type { Scale } from "../../../config/scaleSettings";
import { MODEL_VERSION_VARIABLE } from "../../../config/webAppSettings";
import { resourceTokens } from "../../provider/tokens";
import { DEPLOYMENT, type ArmView } from "./flows";
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
  if (deployment.type !== DEPLOYMENT) {
    return { name, weight, ...webAppArm(deployment, byUrn, scale) };
  }
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
  const asset = referred(text.replace(/^\/versions\//, ""), byUrn);
  if (asset) return `this checkout (${shortHash(asset.inputs["hash"])})`;
  const version = /\/versions\/([^/]+|\$\{approved:.*\})$/.exec(text)?.[1];
  if (version === undefined) return inline(model);
  return version.startsWith("${approved:") ? APPROVED : version;
}

/** The same of a Web App's slot; the production slot is what the app's settings say. */
function webAppArm(
  { type, inputs, ...slot }: PlannedResource,
  byUrn: ReadonlyMap<string, PlannedResource>,
  scale: Scale | undefined,
): Omit<ArmFacts, "name" | "weight"> {
  const production = type === resourceTokens.webAppSettings;
  const site = production ? referred(String(inputs["site"]), byUrn) : { ...slot, inputs };
  const plan = referred(String(site?.inputs["serverFarmId"]), byUrn)?.inputs ?? {};
  const given = at(inputs, production ? "environment" : "siteConfig.appSettings");
  const variables: Values = Array.isArray(given)
    ? Object.fromEntries(
        given.map((one) => [at(one as Values, "name"), at(one as Values, "value")]),
      )
    : { ...(given as Values) };
  const image = production ? inputs["image"] : at(inputs, "siteConfig.linuxFxVersion");
  const variant = variables["GENAIOPS_VARIANT"];
  const version = variables[MODEL_VERSION_VARIABLE];
  const instances = scale ? `${scale.min} to ${scale.max}` : inline(at(plan, "sku.capacity") ?? 1);
  return {
    version: versionText(`/versions/${String(version)}`, byUrn),
    ...(variant === undefined ? {} : { variant: inline(variant) }),
    image: pulledText(String(image).replace(/^DOCKER\|/, ""), byUrn),
    instance: `${instances} × ${inline(at(plan, "sku.name"))}`,
  };
}

function imageText(
  environment: Value | undefined,
  byUrn: ReadonlyMap<string, PlannedResource>,
): string {
  const asset = referred(String(environment ?? ""), byUrn);
  return pulledText(asset ? at(asset.inputs, "properties.image") : environment, byUrn);
}

function pulledText(image: Value | undefined, byUrn: ReadonlyMap<string, PlannedResource>): string {
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
