import { key, lastName, parentId } from "../ids";
import { valueAt } from "../paths";
import { computeOf, isKubernetes, kubernetesResourceRules } from "./kubernetesResources";
import { refuse, type Rule } from "./rule";

/** What Azure holds of a Kubernetes online endpoint and its deployments that managed ones do not have. */

const endpointToken = "azure-native:machinelearningservices:OnlineEndpoint";
const deploymentToken = "azure-native:machinelearningservices:OnlineDeployment";

const onKubernetes = (endpoint: unknown): boolean =>
  String(valueAt(endpoint, "kind")).toLowerCase() === "kubernetes";

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
  ...kubernetesResourceRules,
  egress,
  targetUtilization,
];
