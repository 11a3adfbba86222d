import * as pulumi from "@pulumi/pulumi";
import type { Arm, Environment, Flow, Promotion } from "../config/environment";
import { promotionQuestion } from "../config/promotion";
import { sharesOfExisting } from "../config/weights";
import {
  approvedVersions,
  promotedVersions,
  type PromotedArm,
} from "../packages/provider/resources";
import { resourceId } from "./place";

/** An arm whose model version is known before anything is declared. */
export interface ResolvedArm extends Omit<Arm, "version"> {
  /** Version of the flow's model, or this checkout. */
  readonly version: number | "current";
  /** The image that the version passed its gate with; absent: an image of this stack. */
  readonly evaluatedWith?: PromotedArm["image"];
}

/** A flow with the arms that can stand now. */
export interface ResolvedFlow extends Omit<Flow, "arms"> {
  /** Sorted by name; `weight` holds what the settings say, `weights` what is served. */
  readonly arms: readonly ResolvedArm[];
  /** Percent by arm, zeros too. */
  readonly weights: Readonly<Record<string, number>>;
}

export interface Resolution {
  readonly flows: readonly ResolvedFlow[];
  /** Arms left out, and where their share went. */
  readonly notices: readonly string[];
}

/**
 * Find the version of every arm. All flows' approved versions come from one question to Azure. An arm
 * without an approved version is left out; its share goes where `sharesOfExisting` says.
 */
export async function resolveVersions(environment: Environment): Promise<Resolution> {
  if (environment.promotion) return resolvePromoted(environment, environment.promotion);
  const { flows, stack, subscriptionId, names, settings } = environment;
  const models = flows
    .filter(({ arms }) => arms.some(({ version }) => version === "approved"))
    .map(({ modelName }) => modelName);
  const found = (approved: Readonly<Record<string, number>>) =>
    resolve(flows, stack, ({ modelName }, arm) => {
      const version = arm.version === "approved" ? approved[modelName] : arm.version;
      return version === undefined ? undefined : { version };
    });
  if (models.length === 0) return found({});
  const adopted = settings.workspace.mode === "existing" ? settings.workspace : undefined;
  const { versions } = await approvedVersions({
    workspace: resourceId(
      { subscriptionId, resourceGroupName: names.resourceGroup },
      "Microsoft.MachineLearningServices/workspaces",
      names.workspace,
      adopted?.resourceGroup,
    ),
    environment: stack,
    models: [...new Set(models)].sort(),
  });
  return found(versions);
}

/** The same where another environment evaluates: what never passed its gate fails the program. */
async function resolvePromoted(
  environment: Environment,
  promotion: Promotion,
): Promise<Resolution> {
  const { flows, stack } = environment;
  const { arms } = await promotedVersions(promotionQuestion(environment, promotion, flows)).catch(
    refused,
  );
  return resolve(flows, stack, (flow, { name }) => {
    const arm = arms[`${flow.name}.${name}`];
    return arm && { version: arm.version, evaluatedWith: arm.image };
  });
}

/** What the provider refuses, in its own words and without a stack trace: the user mends settings or evaluates. */
function refused(error: Error): never {
  throw new pulumi.RunError(error.message.replace(/^.*? returned an error: /, ""));
}

function resolve(
  flows: readonly Flow[],
  stack: string,
  find: (flow: Flow, arm: Arm) => Pick<ResolvedArm, "version" | "evaluatedWith"> | undefined,
): Resolution {
  const notices: string[] = [];
  const resolved = flows.map((flow) => {
    const arms = flow.arms.flatMap((arm) => {
      const found = find(flow, arm);
      return found === undefined ? [] : [{ ...arm, ...found }];
    });
    const standing = new Set(arms.map(({ name }) => name));
    const wanted = Object.fromEntries(flow.arms.map(({ name, weight }) => [name, weight]));
    const weights = sharesOfExisting(wanted, (name) => standing.has(name));
    const missing = flow.arms.filter(({ name }) => !standing.has(name));
    notices.push(...missing.map((arm) => leftOut(flow, arm, stack, weights)));
    const mirror = flow.mirror && standing.has(flow.mirror.arm) ? flow.mirror : undefined;
    return { ...flow, arms, weights, mirror };
  });
  return { flows: resolved, notices };
}

function leftOut(
  { name, modelName, mirror }: Flow,
  arm: Arm,
  stack: string,
  weights: Readonly<Record<string, number>>,
): string {
  const served = Object.entries(weights)
    .filter(([, weight]) => weight > 0)
    .map(([other, weight]) => `${other} ${weight}`);
  const share =
    arm.weight === 0
      ? ""
      : served.length === 0
        ? `; its ${arm.weight} % go nowhere, no other arm is live`
        : `; its ${arm.weight} % go to the live arms: ${served.join(", ")}`;
  const mirrored = mirror?.arm === arm.name ? "; no requests are mirrored" : "";
  return `flow ${name}: arm ${arm.name} is left out, no version of model ${modelName} is approved for ${stack}${share}${mirrored}`;
}
