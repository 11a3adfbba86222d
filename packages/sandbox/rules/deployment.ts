import type { Facts } from "../facts";
import { key, lastName, parentId } from "../ids";
import { valueAt } from "../paths";
import { hasImage, parseReference, registryAt } from "../images";
import { growOnly } from "./growOnly";
import { kubernetesDeploymentRules } from "./kubernetes";
import { assetOf, registryModel } from "./registryAssets";
import { refuse, type Rule } from "./rule";
import { share } from "./traffic";

const endpointOf = ({ id, find }: Facts): unknown => find(parentId(id))?.body;
const workspaceOf = ({ id, find }: Facts): unknown => find(parentId(parentId(id)))?.body;
const managed = (body: unknown): boolean =>
  valueAt(body, "properties.endpointComputeType") === "Managed";

/** DOC/how-to-manage-quotas.md; instances are counted on managed endpoints alone. */
const quotas: Rule = ({ id, token, before, body, all, location, quotas: limits }) => {
  const capacity = valueAt(body, "sku.capacity");
  const most = managed(body) ? limits.instances : Infinity;
  if (!Number.isInteger(capacity) || (capacity as number) < 1 || (capacity as number) > most) {
    return refuse(
      400,
      "OutOfQuota",
      `The number of instances must be an integer from 1${most === Infinity ? "" : ` to ${most}`}, found ${JSON.stringify(capacity)}.`,
    );
  }
  if (before) return undefined;
  const others = all(token);
  if (
    others.filter((other) => key(parentId(other.id)) === key(parentId(id))).length >=
    limits.deploymentsPerEndpoint
  ) {
    return refuse(
      400,
      "OutOfQuota",
      `Quota exceeded: ${limits.deploymentsPerEndpoint} deployments per endpoint.`,
    );
  }
  return others.filter((other) => other.body["location"] === location).length >= limits.deployments
    ? refuse(
        400,
        "OutOfQuota",
        `Quota exceeded: ${limits.deployments} deployments per subscription and region (${location}).`,
      )
    : undefined;
};

/** DOC/reference-yaml-deployment-managed-online.md: a managed deployment stands behind a managed endpoint. */
const computeType: Rule = (facts) => {
  const wanted = String(valueAt(facts.body, "properties.endpointComputeType")).toLowerCase();
  const kind = String(valueAt(endpointOf(facts), "kind")).toLowerCase();
  return wanted === kind
    ? undefined
    : refuse(
        400,
        "BadRequest",
        `endpointComputeType ${wanted} does not fit an endpoint of kind ${kind}.`,
      );
};

/** DOC/reference-yaml-deployment-managed-online.md, scale_settings: managed deployments take Default alone. */
const scale: Rule = ({ body }) => {
  const type = valueAt(body, "properties.scaleSettings.scaleType");
  return managed(body) && type !== undefined && type !== "Default"
    ? refuse(
        400,
        "BadRequest",
        `Managed deployments take scaleType Default only, found ${String(type)}; scale with autoscale settings.`,
      )
    : undefined;
};

/** DOC/reference-yaml-deployment-managed-online.md: environment, except for MLflow models, and an instance type. */
const complete: Rule = (facts) => {
  const { body } = facts;
  const model = assetOf(facts, valueAt(body, "properties.model"));
  const mlflow = valueAt(model?.body, "properties.modelType") === "mlflow_model";
  const missing = [
    ...(valueAt(body, "properties.environmentId") === undefined && !mlflow
      ? ["environmentId"]
      : []),
    ...(managed(body) && valueAt(body, "properties.instanceType") === undefined
      ? ["instanceType"]
      : []),
  ];
  return missing.length > 0
    ? refuse(400, "BadRequest", `The deployment needs ${missing.join(" and ")}.`)
    : undefined;
};

/**
 * 180 s on a managed endpoint, or 300 s where the model carries the property of a prompt flow; 300 s on
 * Kubernetes: DOC/how-to-manage-quotas.md, DOC/prompt-flow/how-to-deploy-to-code.md
 */
const timeout: Rule = (facts) => {
  const { body } = facts;
  const value = valueAt(body, "properties.requestSettings.requestTimeout");
  if (value === undefined) return undefined;
  const found = seconds(String(value));
  if (found === undefined)
    return refuse(
      400,
      "BadRequest",
      `requestTimeout must be an ISO 8601 duration such as PT90S, found '${String(value)}'.`,
    );
  const properties = valueAt(
    assetOf(facts, valueAt(body, "properties.model"))?.body,
    "properties.properties",
  ) as Record<string, unknown> | undefined;
  const long = properties?.["azureml.promptflow.source_flow_id"] !== undefined;
  const most = long || !managed(body) ? 300 : 180;
  return found > 0 && found <= most
    ? undefined
    : refuse(
        400,
        "BadRequest",
        `requestTimeout must be more than 0 and at most ${most} s, found ${found} s.`,
      );
};

function seconds(duration: string): number | undefined {
  const parts = /^PT(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?$/.exec(duration);
  return parts
    ? Number(parts[1] ?? 0) * 3600 + Number(parts[2] ?? 0) * 60 + Number(parts[3] ?? 0)
    : undefined;
}

/** DOC/concept-secure-online-endpoint.md: egressPublicNetworkAccess is the legacy way, not for managed networks. */
const egress: Rule = (facts) => {
  const isolation =
    valueAt(workspaceOf(facts), "properties.managedNetwork.isolationMode") ?? "Disabled";
  return isolation !== "Disabled" &&
    valueAt(facts.body, "properties.egressPublicNetworkAccess") !== undefined
    ? refuse(
        400,
        "BadRequest",
        `egressPublicNetworkAccess cannot be set in a workspace with a managed network (isolationMode ${String(isolation)}).`,
      )
    : undefined;
};

/** DOC/how-to-troubleshoot-online-endpoints.md, WorkspaceManagedNetworkNotReady */
const networkReady: Rule = (facts) => {
  const network = valueAt(workspaceOf(facts), "properties.managedNetwork");
  const isolation = valueAt(network, "isolationMode") ?? "Disabled";
  return isolation !== "Disabled" && valueAt(network, "status.status") !== "Active"
    ? refuse(
        400,
        "WorkspaceManagedNetworkNotReady",
        "The workspace managed network is not provisioned; provision it before a deployment is created.",
      )
    : undefined;
};

/**
 * An image that its registry does not hold cannot be pulled: DOC/how-to-troubleshoot-online-endpoints.md,
 * ImageBuildFailure
 */
const imagePulled: Rule = (facts) => {
  const environment = assetOf(facts, valueAt(facts.body, "properties.environmentId"));
  const image = parseReference(valueAt(environment?.body, "properties.image"));
  const registry = image && registryAt(facts, image.server);
  if (!registry || image.digest === undefined) return undefined;
  return hasImage(facts.state.images, registry.id, image.repository, image.digest)
    ? undefined
    : refuse(
        400,
        "BadArgument",
        `The container image cannot be pulled: ${image.server} has no ${image.repository}@${image.digest}.`,
      );
};

/** "set traffic to 0 first": DOC/how-to-safely-rollout-online-endpoints.md */
const noTraffic: Rule = (facts) => {
  for (const [kind, word] of [
    ["traffic", "live"],
    ["mirrorTraffic", "mirrored"],
  ] as const) {
    const weight = share(endpointOf(facts), kind, lastName(facts.id));
    if (weight > 0) {
      return refuse(
        400,
        "BadRequest",
        `Deployment ${lastName(facts.id)} receives ${weight} % of the endpoint's ${word} traffic and cannot be deleted; set it to 0 first.`,
      );
    }
  }
  return undefined;
};

export const deploymentRules: readonly Rule[] = [
  computeType,
  quotas,
  complete,
  scale,
  timeout,
  egress,
  networkReady,
  ...kubernetesDeploymentRules,
  registryModel,
  imagePulled,
  growOnly,
];
export const deploymentDeleteRules: readonly Rule[] = [noTraffic];
