import type { Facts } from "../facts";
import { key, lastName, parentId } from "../ids";
import { isRecord, valueAt } from "../paths";
import { refuse, type Refusal, type Rule } from "./rule";

const deploymentToken = "azure-native:machinelearningservices:OnlineDeployment";

type Kind = "traffic" | "mirrorTraffic";

function weights(body: unknown, kind: Kind): Record<string, unknown> {
  const value = valueAt(body, `properties.${kind}`);
  return isRecord(value) ? value : {};
}

/** Share of one deployment; 0 where it has none. */
export function share(endpoint: unknown, kind: Kind, deployment: string): number {
  const weight = weights(endpoint, kind)[deployment];
  return typeof weight === "number" ? weight : 0;
}

/** State of each deployment of the endpoint. */
function deployments({ id, all }: Facts): Map<string, string> {
  return new Map(
    all(deploymentToken)
      .filter((deployment) => key(parentId(deployment.id)) === key(id))
      .map(({ id: deployment, body }) => [
        lastName(deployment),
        String(valueAt(body, "properties.provisioningState")),
      ]),
  );
}

/** "can't be set at the time of endpoint creation": DOC/reference-yaml-endpoint-online.md, traffic */
const notAtCreation: Rule = ({ before, body }) => {
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
const live: Rule = (facts) => {
  const entries = Object.entries(weights(facts.body, "traffic"));
  if (entries.length === 0) return undefined;
  const known = deployments(facts);
  for (const [name, weight] of entries) {
    const problem =
      outOfRange(name, weight, 100, "Traffic") ?? notReady(name, known, facts.before, "traffic");
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
  if (second) {
    return refuse(
      400,
      "BadRequest",
      `Mirror traffic can go to one deployment only, found ${entries.map(([name]) => name).join(", ")}.`,
    );
  }
  const [name, weight] = first;
  const live = share(facts.body, "traffic", name);
  if (live > 0) {
    return refuse(
      400,
      "BadRequest",
      `Deployment ${name} has ${live} % of the live traffic and cannot receive mirror traffic.`,
    );
  }
  return (
    outOfRange(name, weight, 50, "Mirror traffic") ??
    notReady(name, deployments(facts), facts.before, "mirrorTraffic")
  );
};

function outOfRange(
  name: string,
  weight: unknown,
  most: number,
  what: string,
): Refusal | undefined {
  return Number.isInteger(weight) && (weight as number) >= 0 && (weight as number) <= most
    ? undefined
    : refuse(
        400,
        "BadRequest",
        `${what} of deployment ${name} must be an integer from 0 to ${most}, found ${JSON.stringify(weight)}.`,
      );
}

/** A deployment may keep the share that it has while it fails or is updated; it cannot get a new one. */
function notReady(
  name: string,
  known: Map<string, string>,
  before: unknown,
  kind: Kind,
): Refusal | undefined {
  const state = known.get(name);
  if (state === undefined) {
    return refuse(
      400,
      "BadRequest",
      `Deployment ${name} does not exist under this endpoint, which has ${[...known.keys()].join(", ") || "none"}.`,
    );
  }
  return state === "Succeeded" || name in weights(before, kind)
    ? undefined
    : refuse(
        400,
        "BadRequest",
        `Deployment ${name} is in state ${state}; traffic can only be sent to deployments in state Succeeded.`,
      );
}

export const trafficRules: readonly Rule[] = [notAtCreation, live, mirror];
