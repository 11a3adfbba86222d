import type * as machinelearning from "@pulumi/azure-native/machinelearningservices";
import * as pulumi from "@pulumi/pulumi";
import type { KubernetesTarget } from "../config/environment";
import type { Scale } from "../config/scaleSettings";
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

type DeploymentArgs = Pick<machinelearning.OnlineDeploymentArgs, "sku" | "properties">;

/**
 * The part of a managed online deployment that an arm's settings decide. `egressPublicNetworkAccess` is
 * never set: it is the older way and contradicts a managed network (DOC/concept-secure-online-endpoint.md).
 */
export function managedDeployment(args: ArmArgs): DeploymentArgs {
  return {
    sku: { name: "Default", capacity: args.arm.instances },
    properties: {
      endpointComputeType: "Managed",
      ...container(args),
      instanceType: args.arm.instance,
      scaleSettings: { scaleType: "Default" },
    },
  };
}

/**
 * The same of a Kubernetes online deployment: `instances` are containers, and the flow says what each is
 * granted (DOC/reference-yaml-deployment-kubernetes-online.md).
 */
export function kubernetesDeployment(
  args: ArmArgs,
  { instanceType, requests, limits, utilization }: KubernetesTarget,
  scale: Scale | undefined,
): DeploymentArgs {
  return {
    sku: { name: "Default", capacity: args.arm.instances },
    properties: {
      endpointComputeType: "Kubernetes",
      ...container(args),
      ...(instanceType === undefined ? {} : { instanceType }),
      ...(requests === undefined
        ? {}
        : {
            containerResourceRequirements: {
              containerResourceRequests: requests,
              ...(limits === undefined ? {} : { containerResourceLimits: limitsOf(limits) }),
            },
          }),
      scaleSettings:
        scale === undefined
          ? { scaleType: "Default" }
          : {
              scaleType: "TargetUtilization",
              minInstances: scale.min,
              maxInstances: scale.max,
              targetUtilizationPercentage: utilization,
            },
    },
  };
}

function limitsOf({ gpu, ...limits }: NonNullable<KubernetesTarget["limits"]>) {
  return { ...limits, ...(gpu === undefined ? {} : { gpu: String(gpu) }) };
}

/** What an arm runs and how it is asked, the same on every online endpoint. */
function container(args: ArmArgs) {
  const { arm, model, environment } = args;
  return {
    model,
    environmentId: environment,
    environmentVariables: environmentVariables(args),
    appInsightsEnabled: true,
    requestSettings: {
      requestTimeout: `PT${arm.requestTimeoutSeconds}S`,
      maxConcurrentRequestsPerInstance: arm.concurrentRequests,
    },
    livenessProbe: probe,
    readinessProbe: probe,
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

/** The serving contract's variables, then the arm's own; the same on every target. */
export function environmentVariables(
  args: Omit<ArmArgs, "model" | "environment">,
): Record<string, pulumi.Input<string>> {
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
