import type { Facts } from "../facts";
import { parentId } from "../ids";
import { isRecord, valueAt } from "../paths";
import { refuse, type Rule } from "./rule";

/** What a container on a cluster may ask for: DOC/how-to-manage-kubernetes-instance-types.md */

export const isKubernetes = (deployment: unknown): boolean =>
  valueAt(deployment, "properties.endpointComputeType") === "Kubernetes";

/** The cluster of a deployment. */
export const computeOf = ({ id, find }: Facts) =>
  find(valueAt(find(parentId(id))?.body, "properties.compute"));

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
    const name = String(valueAt(facts.body, "properties.instanceType") ?? "defaultinstancetype");
    const bound = valueAt(instanceTypes(facts)[name], `resources.limits.${kind}`);
    if (most === undefined) {
      // DOC/how-to-troubleshoot-online-endpoints.md, Resource requests greater than limits
      if (bound !== undefined && asked > (quantity(bound) as number)) {
        return invalid(
          `requests.${kind} ${String(valueAt(requests, kind))} must be less than or equal to the limit of the instance type ${name}, ${String(bound)}.`,
        );
      }
      continue;
    }
    const limit = quantity(most);
    if (limit === undefined || limit <= 0) return invalid(`limits.${kind} can't be zero or empty.`);
    // kubernetes.io/docs/concepts/configuration/manage-resources-containers: a request above its limit is invalid.
    if (asked > limit) {
      return invalid(
        `requests.${kind} ${String(valueAt(requests, kind))} must be less than or equal to limits.${kind} ${String(most)}.`,
      );
    }
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

export const kubernetesResourceRules: readonly Rule[] = [instanceType, resources];
