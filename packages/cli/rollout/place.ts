import type { Environment, Flow } from "../../../config/environment";

/** ARM ids that follow from an environment, without asking Azure. */

function resourceId(
  { subscriptionId, settings, names }: Environment,
  resource: "workspace" | "applicationInsights",
  type: string,
): string {
  const chosen = settings[resource];
  const elsewhere = chosen.mode === "existing" ? chosen.resourceGroup : undefined;
  const group = elsewhere ?? names.resourceGroup;
  return `/subscriptions/${subscriptionId}/resourceGroups/${group}/providers/${type}/${names[resource]}`;
}

/** The endpoint of a flow. */
export function endpointId(environment: Environment, { endpointName }: Flow): string {
  const workspace = resourceId(
    environment,
    "workspace",
    "Microsoft.MachineLearningServices/workspaces",
  );
  return `${workspace}/onlineEndpoints/${endpointName}`;
}

/** Where the arms of all flows send their tokens and feedback. */
export const insightsId = (environment: Environment): string =>
  resourceId(environment, "applicationInsights", "Microsoft.Insights/components");
