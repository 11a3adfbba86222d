import * as machinelearning from "@pulumi/azure-native/machinelearningservices";
import type * as web from "@pulumi/azure-native/web";
import * as pulumi from "@pulumi/pulumi";
import { MODEL_VERSION_VARIABLE } from "../config/webAppSettings";
import { environmentVariables } from "./arm";
import type { FlowArgs, Model } from "./flowTarget";
import type { ResolvedArm } from "./versions";

/** An arm, the image that it runs by digest, and all environment variables of its container. */
export interface RunningArm {
  readonly arm: ResolvedArm;
  readonly reference: pulumi.Output<string>;
  readonly variables: Readonly<Record<string, pulumi.Input<string>>>;
}

/** Seconds until a new container must answer; Azure's default is 230 and its most 1800 (reference-app-settings). */
const START_SECONDS = "1800";

/**
 * Where the files of an arm's model are. A Web App mounts no model: they stand in the image, or the container fetches
 * those of this very version when it starts, as the flow's identity (images/promptflow/model_files.py).
 */
export function modelFiles(
  parent: pulumi.Resource,
  { flow, workspace, storageAccount }: FlowArgs,
  arm: ResolvedArm,
  model: Model,
): Record<string, pulumi.Input<string>> {
  if (arm.holdsFlow) return { [MODEL_VERSION_VARIABLE]: model.version };
  const name = `${flow.name}.${arm.name}.model`;
  const { properties } = machinelearning.ModelVersion.get(name, model.id, { parent });
  return {
    GENAIOPS_MODEL_URI: properties.apply(({ modelUri }) => modelUri ?? ""),
    [MODEL_VERSION_VARIABLE]: model.version,
    GENAIOPS_MODEL_STORE: pulumi.interpolate`https://${storageAccount}.blob.core.windows.net/${workspace.blobContainer}`,
  };
}

/** All environment variables of an arm's container: those of every target, and what a Web App adds. */
export function armVariables(
  { flow, place, identity, workspace }: FlowArgs,
  arm: ResolvedArm,
  files: Readonly<Record<string, pulumi.Input<string>>>,
): Record<string, pulumi.Input<string>> {
  return {
    ...environmentVariables({
      arm,
      clientId: identity.clientId,
      subscriptionId: place.subscriptionId,
      resourceGroup: workspace.resourceGroupName,
      workspace: workspace.workspaceName,
      endpoint: flow.endpointName,
    }),
    GENAIOPS_ARM: arm.name,
    ...files,
    WEBSITES_PORT: "8080",
    WEBSITES_CONTAINER_START_TIME_LIMIT: START_SECONDS,
    WEBSITES_ENABLE_APP_SERVICE_STORAGE: "false",
  };
}

/**
 * What the app and a slot have in common. The image is pulled and key vault references are read as the flow's
 * identity; callers are known by tokens, so no cookie binds a client to an instance.
 */
export function siteArgs(
  { flow, place, identity }: FlowArgs,
  { reference, variables }: RunningArm,
  plan: pulumi.Input<string>,
  publicNetworkAccess: "Enabled" | "Disabled",
): Omit<web.WebAppArgs, "name"> {
  return {
    resourceGroupName: place.resourceGroup,
    location: place.location,
    kind: "app,linux,container",
    serverFarmId: plan,
    identity: { type: "UserAssigned", userAssignedIdentities: [identity.id] },
    keyVaultReferenceIdentity: identity.id,
    httpsOnly: true,
    clientAffinityEnabled: false,
    publicNetworkAccess,
    siteConfig: {
      linuxFxVersion: pulumi.interpolate`DOCKER|${reference}`,
      acrUseManagedIdentityCreds: true,
      acrUserManagedIdentityID: identity.clientId,
      appSettings: Object.entries(variables).map(([name, value]) => ({ name, value })),
      healthCheckPath: "/health",
      alwaysOn: true,
      ftpsState: "Disabled",
      minTlsVersion: "1.2",
      scmMinTlsVersion: "1.2",
      http20Enabled: true,
      remoteDebuggingEnabled: false,
    },
    tags: { ...place.tags, flow: flow.name },
  };
}
