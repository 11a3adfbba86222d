import type * as machinelearning from "@pulumi/azure-native/machinelearningservices";
import * as pulumi from "@pulumi/pulumi";
import type { ResolvedArm } from "./versions";

export interface ArmArgs {
  readonly arm: ResolvedArm;
  /** ARM id of the model's version. */
  readonly model: pulumi.Input<string>;
  /** ARM id of the environment's version. */
  readonly environment: pulumi.Input<string>;
  /** Client id of the endpoint's identity. */
  readonly clientId: pulumi.Input<string>;
  readonly subscriptionId: string;
  readonly resourceGroup: pulumi.Input<string>;
  readonly workspace: pulumi.Input<string>;
  /** Azure name of the endpoint. */
  readonly endpoint: pulumi.Input<string>;
}

/**
 * The part of a managed online deployment that an arm's settings decide. `egressPublicNetworkAccess` is
 * never set: it is the older way and contradicts a managed network (DOC/concept-secure-online-endpoint.md).
 */
export function armArgs(
  args: ArmArgs,
): Pick<machinelearning.OnlineDeploymentArgs, "kind" | "sku" | "properties"> {
  const { arm, model, environment } = args;
  return {
    kind: "Managed",
    sku: { name: "Default", capacity: arm.instances },
    properties: {
      endpointComputeType: "Managed",
      model,
      environmentId: environment,
      environmentVariables: environmentVariables(args),
      instanceType: arm.instance,
      appInsightsEnabled: true,
      requestSettings: {
        requestTimeout: `PT${arm.requestTimeoutSeconds}S`,
        maxConcurrentRequestsPerInstance: arm.concurrentRequests,
      },
      livenessProbe: probe,
      readinessProbe: probe,
      scaleSettings: { scaleType: "Default" },
    },
  };
}

/** A flow's container loads its packages first: 30 seconds before the first question, 5 minutes in all. */
const probe = {
  initialDelay: "PT30S",
  period: "PT10S",
  timeout: "PT2S",
  successThreshold: 1,
  failureThreshold: 30,
};

/** The serving contract's variables, then the arm's own. */
function environmentVariables(args: ArmArgs): Record<string, pulumi.Input<string>> {
  const { arm, clientId, subscriptionId, resourceGroup, workspace, endpoint } = args;
  return {
    PROMPTFLOW_RUN_MODE: "serving",
    PROMPTFLOW_SERVING_ENGINE: "fastapi",
    PRT_CONFIG_OVERRIDE: pulumi.interpolate`deployment.subscription_id=${subscriptionId},deployment.resource_group=${resourceGroup},deployment.workspace_name=${workspace},deployment.endpoint_name=${endpoint},deployment.deployment_name=${arm.name}`,
    AZURE_CLIENT_ID: clientId,
    ...(arm.variant === undefined ? {} : { GENAIOPS_VARIANT: arm.variant }),
    ...arm.environment,
  };
}
