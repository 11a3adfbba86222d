import { isUnknown } from "./protocol";
import type { Failure, Properties } from "./protocol";
import type { AuthMode } from "./tokens";

/** What `EndpointSettings` writes on a live endpoint. */
export interface Settings {
  readonly weights: Readonly<Record<string, number>>;
  readonly mirror?: { readonly arm: string; readonly percent: number };
  readonly authMode: AuthMode;
  /** Absent: the endpoint keeps what it has. */
  readonly publicNetworkAccess?: "Enabled" | "Disabled";
  readonly tags: Readonly<Record<string, string>>;
  /** Absent: the endpoint keeps the one it has. */
  readonly description?: string;
}

export const authModes: readonly AuthMode[] = ["AADToken", "AMLToken", "Key"];
export const accesses = ["Enabled", "Disabled"] as const;

/** ARM id of an online endpoint. */
export const endpointId =
  /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.MachineLearningServices\/workspaces\/[^/]+\/onlineEndpoints\/[^/]+$/i;

/**
 * Every problem of the inputs that shows without asking Azure. What is not known yet is no problem.
 * Weights: DOC/reference-yaml-endpoint-online.md, `traffic`. Mirror: DOC/how-to-safely-rollout-online-endpoints.md.
 */
export function inputProblems(inputs: Properties): Failure[] {
  const problems: Failure[] = [];
  const report = (property: string, reason: string) => void problems.push({ property, reason });
  const { endpoint, weights, mirror, authMode, publicNetworkAccess, tags, description } = inputs;
  const oneOf = (property: string, value: unknown, allowed: readonly string[]) => {
    if (!isUnknown(value) && !allowed.includes(value as string)) {
      report(property, `found ${show(value)}; allowed are ${allowed.join(", ")}`);
    }
  };

  if (!isUnknown(endpoint) && !(typeof endpoint === "string" && endpointId.test(endpoint))) {
    report(
      "endpoint",
      `found ${show(endpoint)}; give the ARM id of an online endpoint, .../workspaces/<workspace>/onlineEndpoints/<name>`,
    );
  }
  oneOf("authMode", authMode, authModes);
  if (publicNetworkAccess !== undefined && publicNetworkAccess !== null) {
    oneOf("publicNetworkAccess", publicNetworkAccess, accesses);
  }
  if (
    description !== undefined &&
    description !== null &&
    !isUnknown(description) &&
    typeof description !== "string"
  ) {
    report("description", `found ${show(description)}; give a text`);
  }
  textProblems("tags", tags, report);
  weightProblems(weights, report);
  mirrorProblems(mirror, weights, report);
  return problems;
}

type Report = (property: string, reason: string) => void;

function textProblems(property: string, map: unknown, report: Report): void {
  if (isUnknownItself(map)) return;
  if (!isMap(map)) return report(property, `found ${show(map)}; give texts by name, {} for none`);
  for (const [name, value] of Object.entries(map)) {
    if (typeof value !== "string")
      report(`${property}.${name}`, `found ${show(value)}; give a text`);
  }
}

function weightProblems(weights: unknown, report: Report): void {
  if (isUnknownItself(weights)) return;
  if (!isMap(weights)) {
    return report(
      "weights",
      `found ${show(weights)}; give whole percents by arm, { blue: 100 }, or {} while no arm serves`,
    );
  }
  const known = Object.entries(weights).filter(([, weight]) => !isUnknown(weight));
  for (const [arm, weight] of known) {
    if (!isPercent(weight, 0, 100)) {
      report(`weights.${arm}`, `found ${show(weight)}; give a whole number from 0 to 100`);
    }
  }
  if (known.some(([, weight]) => typeof weight !== "number")) return;
  const sum = known.reduce((total, [, weight]) => total + (weight as number), 0);
  const allKnown = known.length === Object.keys(weights).length;
  if (allKnown ? sum !== 0 && sum !== 100 : sum > 100) {
    report(
      "weights",
      `the sum of ${known.map(([arm, weight]) => `${arm} ${weight}`).join(", ")} is ${sum}; make it 100, or 0 while no arm serves yet`,
    );
  }
}

function mirrorProblems(mirror: unknown, weights: unknown, report: Report): void {
  if (mirror === undefined || mirror === null || isUnknownItself(mirror)) return;
  if (!isMap(mirror)) return report("mirror", `found ${show(mirror)}; give { arm, percent }`);
  const { arm, percent } = mirror;
  if (!isUnknown(percent) && !isPercent(percent, 1, 50)) {
    report("mirror.percent", `found ${show(percent)}; give a whole number from 1 to 50`);
  }
  if (isUnknown(arm)) return;
  if (typeof arm !== "string") return report("mirror.arm", `found ${show(arm)}; name an arm`);
  if (!isMap(weights)) return;
  const weight = weights[arm];
  if (weight === undefined) {
    report(
      "mirror.arm",
      `${arm} is no arm of this endpoint; name one of ${list(Object.keys(weights))}, with weight 0`,
    );
  } else if (!isUnknown(weight) && weight !== 0) {
    report(
      "mirror.arm",
      `${arm} has weight ${show(weight)}; an arm gets live or mirrored requests, not both: set its weight to 0 or mirror to another arm`,
    );
  }
}

/** A deployment behind the endpoint, as Azure lists it. */
export interface Deployment {
  readonly name: string;
  readonly state: string;
}

/**
 * Why these settings must not be written now: every arm needs a deployment in state Succeeded, and an endpoint
 * that routes requests must go on routing them.
 */
export function refusals(
  settings: Settings,
  deployments: readonly Deployment[],
  liveWeights: Readonly<Record<string, number>>,
): string[] {
  const states = new Map(deployments.map(({ name, state }) => [name, state]));
  const arms = new Set([...Object.keys(settings.weights), settings.mirror?.arm ?? []].flat());
  const reasons = [...arms].sort().flatMap((arm) => {
    const state = states.get(arm);
    if (state === "Succeeded") return [];
    if (state !== undefined) {
      return [
        `arm ${arm}: its deployment is in state ${state}, not Succeeded; wait for it or mend it`,
      ];
    }
    return [
      `arm ${arm}: the endpoint has no such deployment, it has ${list([...states.keys()])}; create it first or remove the arm`,
    ];
  });
  const was = sumOf(liveWeights);
  if (sumOf(settings.weights) === 0 && was > 0) {
    reasons.push(
      `every weight is 0, but the endpoint serves now (${show(liveWeights)}); weights of 0 would leave it without routing: keep one arm at 100, or remove the flow`,
    );
  }
  return reasons;
}

const sumOf = (weights: Readonly<Record<string, number>>) =>
  Object.values(weights).reduce((total, weight) => total + weight, 0);

const isPercent = (value: unknown, least: number, most: number) =>
  Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
/** Unknown as a whole; a map with one unknown value can still be checked. */
const isUnknownItself = (value: unknown) => !isMap(value) && isUnknown(value);
const show = (value: unknown) => (value === undefined ? "nothing" : JSON.stringify(value));
const list = (names: string[]) => names.sort().join(", ") || "none";
