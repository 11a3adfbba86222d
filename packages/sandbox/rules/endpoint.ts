import { parentId } from "../ids";
import { isRecord, same, valueAt } from "../paths";
import type { Facts } from "../facts";
import { refuse, type Rule } from "./rule";

const deploymentToken = "azure-native:machinelearningservices:OnlineDeployment";

function weights(body: unknown, path: "traffic" | "mirrorTraffic"): Record<string, unknown> {
  const value = valueAt(body, `properties.${path}`);
  return isRecord(value) ? value : {};
}

function deployments({ id, all }: Facts): Map<string, string> {
  return new Map(
    all(deploymentToken)
      .filter((deployment) => parentId(deployment.id).toLowerCase() === id.toLowerCase())
      .map((deployment) => [
        deployment.id.split("/").at(-1) as string,
        String(valueAt(deployment.body, "properties.provisioningState")),
      ]),
  );
}

/** "can't be set at the time of endpoint creation": DOC/reference-yaml-endpoint-online.md, traffic */
const noTrafficAtCreation: Rule = ({ before, body }) => {
  if (before) return undefined;
  const named = [
    ...Object.keys(weights(body, "traffic")),
    ...Object.keys(weights(body, "mirrorTraffic")),
  ];
  return named.length === 0
    ? undefined
    : refuse(
        400,
        "BadRequest",
        `Traffic cannot be set at the time of endpoint creation: the endpoint has no deployment named ${named.join(", ")}.`,
      );
};

/** Integers, sum 0 or 100, every key a deployment: DOC/reference-yaml-endpoint-online.md, traffic */
const traffic: Rule = (facts) => {
  const entries = Object.entries(weights(facts.body, "traffic"));
  if (entries.length === 0) return undefined;
  const known = deployments(facts);
  for (const [name, weight] of entries) {
    if (!Number.isInteger(weight) || (weight as number) < 0 || (weight as number) > 100) {
      return refuse(
        400,
        "BadRequest",
        `Traffic of deployment ${name} must be an integer from 0 to 100, found ${JSON.stringify(weight)}.`,
      );
    }
    const problem = notReady(name, known, facts.before, "traffic");
    if (problem) return problem;
  }
  const sum = entries.reduce((total, [, weight]) => total + (weight as number), 0);
  return sum === 0 || sum === 100
    ? undefined
    : refuse(400, "BadRequest", `Traffic values must sum to 0 or 100, found ${sum}.`);
};

/** One deployment, at most 50 %, none with live traffic: DOC/how-to-safely-rollout-online-endpoints.md */
const mirror: Rule = (facts) => {
  const entries = Object.entries(weights(facts.body, "mirrorTraffic")).filter(
    ([, weight]) => weight !== 0,
  );
  const [first, second] = entries;
  if (!first) return undefined;
  if (second)
    return refuse(
      400,
      "BadRequest",
      `Mirror traffic can go to one deployment only, found ${entries.map(([name]) => name).join(", ")}.`,
    );
  const [name, weight] = first;
  if (!Number.isInteger(weight) || (weight as number) < 0 || (weight as number) > 50) {
    return refuse(
      400,
      "BadRequest",
      `Mirror traffic must be an integer from 0 to 50, found ${JSON.stringify(weight)}.`,
    );
  }
  const live = weights(facts.body, "traffic")[name];
  if (typeof live === "number" && live > 0) {
    return refuse(
      400,
      "BadRequest",
      `Deployment ${name} has ${live} % of the live traffic and cannot receive mirror traffic.`,
    );
  }
  return notReady(name, deployments(facts), facts.before, "mirrorTraffic");
};

/** A name that already carries the same share may stay while its deployment is being updated. */
function notReady(
  name: string,
  known: Map<string, string>,
  before: unknown,
  path: "traffic" | "mirrorTraffic",
) {
  const state = known.get(name);
  if (state === undefined)
    return refuse(
      400,
      "BadRequest",
      `Deployment ${name} does not exist under this endpoint; it has ${[...known.keys()].join(", ") || "none"}.`,
    );
  if (state === "Succeeded" || weights(before, path)[name] !== undefined) return undefined;
  return refuse(
    400,
    "BadRequest",
    `Deployment ${name} is in state ${state}; traffic can only be sent to deployments in state Succeeded.`,
  );
}

/** DOC/how-to-access-resources-from-endpoints-managed-identities.md: the identity cannot change after creation. */
const identityFixed: Rule = ({ before, body }) => {
  if (!before) return undefined;
  const identityOf = (value: unknown) => ({
    type: valueAt(value, "identity.type"),
    users: Object.keys((valueAt(value, "identity.userAssignedIdentities") as object) ?? {})
      .map((id) => id.toLowerCase())
      .sort(),
  });
  return same(identityOf(before), identityOf(body))
    ? undefined
    : refuse(
        400,
        "BadRequest",
        "The identity of an endpoint cannot be changed after it was created.",
      );
};

export const endpointRules: readonly Rule[] = [noTrafficAtCreation, traffic, mirror, identityFixed];
export const endpointDeleteRules: readonly Rule[] = [];
