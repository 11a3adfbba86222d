import type { Facts } from "../facts";
import { key, lastName, parentId } from "../ids";
import { isRecord, valueAt } from "../paths";
import { refuse, type Rule } from "./rule";

/** What Azure holds of a Kubernetes online endpoint and its deployments that managed ones do not have. */

const endpointToken = "azure-native:machinelearningservices:OnlineEndpoint";
const deploymentToken = "azure-native:machinelearningservices:OnlineDeployment";

const onKubernetes = (endpoint: unknown): boolean =>
  String(valueAt(endpoint, "kind")).toLowerCase() === "kubernetes";
const isKubernetes = (deployment: unknown): boolean =>
  valueAt(deployment, "properties.endpointComputeType") === "Kubernetes";

/**
 * The compute is a cluster attached to the endpoint's own workspace, and the attachment ended well:
 * DOC/reference-yaml-endpoint-online.md, compute; DOC/how-to-attach-kubernetes-to-workspace.md
 */
const attached: Rule = ({ id, body, find }) => {
  const compute = valueAt(body, "properties.compute");
  if (!onKubernetes(body)) {
    return compute === undefined
      ? undefined
      : refuse(400, "BadRequest", "compute is for Kubernetes online endpoints only.");
  }
  if (typeof compute !== "string" || compute === "") {
    return refuse(
      400,
      "BadRequest",
      "A Kubernetes online endpoint needs properties.compute, a Kubernetes cluster attached to the workspace.",
    );
  }
  const found = find(compute);
  if (!found || key(parentId(found.id)) !== key(parentId(id))) {
    return refuse(400, "BadRequest", `The workspace has no compute '${compute}'.`);
  }
  const type = String(valueAt(found.body, "properties.computeType"));
  if (type !== "Kubernetes") {
    return refuse(
      400,
      "BadRequest",
      `The compute '${lastName(compute)}' is of type ${type}; a Kubernetes online endpoint needs one of type Kubernetes.`,
    );
  }
  const state = String(valueAt(found.body, "properties.provisioningState"));
  return state === "Succeeded"
    ? undefined
    : refuse(
        400,
        "BadRequest",
        `The compute '${lastName(compute)}' is in state ${state}; attach it again until it is Succeeded.`,
      );
};

/** DOC/reference-yaml-endpoint-online.md, public_network_access: for managed endpoints. */
const publicAccess: Rule = ({ body }) =>
  onKubernetes(body) && valueAt(body, "properties.publicNetworkAccess") === "Disabled"
    ? refuse(
        400,
        "BadRequest",
        "publicNetworkAccess is available on managed online endpoints only; the cluster's network says who reaches a Kubernetes endpoint.",
      )
    : undefined;

/** DOC/how-to-manage-quotas.md: endpoints of one cluster. */
const endpointsOfCluster: Rule = ({ before, body, all }) => {
  if (before || !onKubernetes(body)) return undefined;
  const compute = key(String(valueAt(body, "properties.compute")));
  const others = all(endpointToken).filter(
    (other) => key(String(valueAt(other.body, "properties.compute"))) === compute,
  );
  return others.length >= 60
    ? refuse(400, "OutOfQuota", "Quota exceeded: 60 endpoints per Kubernetes cluster.")
    : undefined;
};

/** DOC/how-to-managed-network.md, Limitations: Kubernetes is not supported in a managed network. */
const noManagedNetwork: Rule = ({ id, body, find }) => {
  const mode =
    valueAt(find(parentId(id))?.body, "properties.managedNetwork.isolationMode") ?? "Disabled";
  return onKubernetes(body) && mode !== "Disabled"
    ? refuse(
        400,
        "BadRequest",
        `Kubernetes is not supported in a workspace with a managed network (isolationMode ${String(mode)}).`,
      )
    : undefined;
};

export const kubernetesEndpointRules: readonly Rule[] = [
  noManagedNetwork,
  attached,
  publicAccess,
  endpointsOfCluster,
];

const endpointOf = ({ id, find }: Facts) => find(parentId(id));
const computeOf = (facts: Facts) =>
  facts.find(valueAt(endpointOf(facts)?.body, "properties.compute"));

/** DOC/how-to-manage-quotas.md: the two names together, and the deployments of one cluster. */
const countsAndNames: Rule = (facts) => {
  const { id, before, body, all, find } = facts;
  if (before || !isKubernetes(body)) return undefined;
  const length = lastName(parentId(id)).length + lastName(id).length;
  if (length > 62) {
    return refuse(
      400,
      "BadRequest",
      `For a Kubernetes endpoint the endpoint name plus deployment name must be 6-62 characters in total length, found ${length}.`,
    );
  }
  const cluster = computeOf(facts)?.id;
  const others = all(deploymentToken).filter(
    (other) =>
      find(valueAt(find(parentId(other.id))?.body, "properties.compute"))?.id === cluster &&
      isKubernetes(other.body),
  );
  return others.length >= 100
    ? refuse(400, "OutOfQuota", "Quota exceeded: 100 deployments per Kubernetes cluster.")
    : undefined;
};

/**
 * Instance types are custom resources of the cluster, which its compute lists; VM sizes are none:
 * DOC/how-to-manage-kubernetes-instance-types.md
 */
const instanceType: Rule = (facts) => {
  const wanted = valueAt(facts.body, "properties.instanceType");
  if (!isKubernetes(facts.body) || wanted === undefined) return undefined;
  const types = Object.keys(instanceTypes(facts));
  return types.includes(String(wanted))
    ? undefined
    : refuse(
        400,
        "BadRequest",
        `The cluster has no instance type '${String(wanted)}'; it has ${types.join(", ")}.`,
      );
};

/** What a cluster has before it says otherwise: the same page, Create a default instance type. */
const defaultInstanceType = { resources: { limits: { cpu: "2", memory: "8Gi" } } };

function instanceTypes(facts: Facts): Record<string, unknown> {
  const known = valueAt(computeOf(facts)?.body, "properties.properties.instanceTypes");
  return { defaultinstancetype: defaultInstanceType, ...(isRecord(known) ? known : {}) };
}

/** DOC/how-to-manage-kubernetes-instance-types.md, Resource section validation */
const resources: Rule = (facts) => {
  const wanted = valueAt(facts.body, "properties.containerResourceRequirements");
  if (!isKubernetes(facts.body) || wanted === undefined) return undefined;
  const invalid = (message: string) => refuse(400, "BadRequest", message);
  const requests = valueAt(wanted, "containerResourceRequests");
  const limits = valueAt(wanted, "containerResourceLimits");
  if (valueAt(requests, "gpu") !== undefined) {
    return invalid("gpu can be specified only in the limits section.");
  }
  for (const kind of ["cpu", "memory"]) {
    const asked = quantity(valueAt(requests, kind));
    if (asked === undefined || asked <= 0) {
      return invalid(`requests.${kind} is required, and can't be zero or empty.`);
    }
    const most = valueAt(limits, kind);
    if (most === undefined && valueAt(limits, "gpu") !== undefined) {
      return invalid(`limits.${kind} is required where GPUs are needed.`);
    }
    if (most === undefined) continue;
    const limit = quantity(most);
    if (limit === undefined || limit <= 0) return invalid(`limits.${kind} can't be zero or empty.`);
    // kubernetes.io/docs/concepts/configuration/manage-resources-containers: a request above its limit is invalid.
    if (asked > limit) {
      return invalid(
        `requests.${kind} ${String(valueAt(requests, kind))} must be less than or equal to limits.${kind} ${String(most)}.`,
      );
    }
    const name = String(valueAt(facts.body, "properties.instanceType") ?? "defaultinstancetype");
    const bound = valueAt(instanceTypes(facts)[name], `resources.limits.${kind}`);
    if (bound !== undefined && limit > (quantity(bound) as number)) {
      return invalid(
        `limits.${kind} ${String(most)} must not exceed that of the instance type ${name}, ${String(bound)}.`,
      );
    }
  }
  return undefined;
};

const factors: Readonly<Record<string, number>> = {
  "": 1,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

/** A quantity of Kubernetes as a number; undefined for anything else. */
function quantity(value: unknown): number | undefined {
  const parts = /^(\d+(?:\.\d+)?)([A-Za-z]*)$/.exec(String(value));
  const factor = factors[parts?.[2] ?? "none"];
  return parts && factor !== undefined ? Number(parts[1]) * factor : undefined;
}

/** DOC/concept-secure-online-endpoint.md: egressPublicNetworkAccess speaks of the managed endpoints' own network. */
const egress: Rule = ({ body }) =>
  isKubernetes(body) && valueAt(body, "properties.egressPublicNetworkAccess") !== undefined
    ? refuse(
        400,
        "BadRequest",
        "egressPublicNetworkAccess is available on managed online deployments only.",
      )
    : undefined;

/** DOC/reference-yaml-deployment-kubernetes-online.md, TargetUtilizationScaleSettings; defaults 1, 1 and 70. */
const targetUtilization: Rule = ({ body }) => {
  const scale = valueAt(body, "properties.scaleSettings");
  if (!isKubernetes(body) || valueAt(scale, "scaleType") !== "TargetUtilization") return undefined;
  const min = Number(valueAt(scale, "minInstances") ?? 1);
  const max = Number(valueAt(scale, "maxInstances") ?? 1);
  const percent = Number(valueAt(scale, "targetUtilizationPercentage") ?? 70);
  if (!(Number.isInteger(min) && Number.isInteger(max) && min >= 1 && min <= max)) {
    return refuse(
      400,
      "BadRequest",
      `minInstances must be at least 1 and at most maxInstances, found ${min} and ${max}.`,
    );
  }
  if (!(Number.isInteger(percent) && percent >= 1 && percent <= 100)) {
    return refuse(
      400,
      "BadRequest",
      `targetUtilizationPercentage must be from 1 to 100, found ${percent}.`,
    );
  }
  const interval = valueAt(scale, "pollingInterval");
  return interval === undefined || /^PT(?=\d)(\d+H)?(\d+M)?(\d+S)?$/.test(String(interval))
    ? undefined
    : refuse(
        400,
        "BadRequest",
        `pollingInterval must be an ISO 8601 duration such as PT10S, found '${String(interval)}'.`,
      );
};

export const kubernetesDeploymentRules: readonly Rule[] = [
  countsAndNames,
  instanceType,
  resources,
  egress,
  targetUtilization,
];
