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

/** The workspace of an environment. */
export const workspaceId = (environment: Environment): string =>
  resourceId(environment, "workspace", "Microsoft.MachineLearningServices/workspaces");

/** The endpoint of a flow. */
export function endpointId(environment: Environment, { endpointName }: Flow): string {
  return `${workspaceId(environment)}/onlineEndpoints/${endpointName}`;
}

/** The Web App of a flow. */
export function siteId({ subscriptionId, names }: Environment, { endpointName }: Flow): string {
  return `/subscriptions/${subscriptionId}/resourceGroups/${names.resourceGroup}/providers/Microsoft.Web/sites/${endpointName}`;
}

/** A version of a flow's model in the workspace. */
export function modelId(environment: Environment, { modelName }: Flow, version: string): string {
  return `${workspaceId(environment)}/models/${modelName}/versions/${version}`;
}

/** Where the arms of all flows send their tokens and feedback. */
export const insightsId = (environment: Environment): string =>
  resourceId(environment, "applicationInsights", "Microsoft.Insights/components");
