import * as machinelearning from "@pulumi/azure-native/machinelearningservices";
import * as pulumi from "@pulumi/pulumi";
import type { Names } from "../config/names";
import type { Settings } from "../config/settings";
import { sendLogs } from "./diagnostics";
import type { Identity } from "./identity";
import type { Isolation } from "./isolation";
import { adoptedId, type Place } from "./place";
import type { Scope } from "./roles";

export interface WorkspaceArgs {
  readonly place: Place;
  readonly settings: Pick<Settings, "workspace">;
  readonly names: Pick<Names, "workspace">;
  /** Conditional. Identity it runs as, with its roles granted. Required where the workspace is created. */
  readonly identity?: Identity;
  /** Optional. Identity that serverless jobs may run as. @default none: jobs run on a cluster with its own */
  readonly jobIdentity?: Identity;
  /** ARM ids of what belongs to the workspace; fixed at its creation. */
  readonly storage: pulumi.Input<string>;
  readonly keyVault: pulumi.Input<string>;
  readonly containerRegistry: pulumi.Input<string>;
  readonly applicationInsights: pulumi.Input<string>;
  readonly logAnalytics: pulumi.Input<string>;
}

/**
 * The Azure Machine Learning workspace. It runs as an identity whose roles stand before it exists, because
 * it touches its storage, vault and registry while it is created.
 */
export class Workspace extends pulumi.ComponentResource {
  readonly id: pulumi.Output<string>;
  readonly workspaceName: pulumi.Output<string>;
  /** Resource group it stands in, and with it all that hangs on it. */
  readonly resourceGroupName: pulumi.Input<string>;
  readonly scope: Scope;
  /** Container of the datastore `workspaceblobstore`. */
  readonly blobContainer: pulumi.Output<string>;

  constructor(name: string, args: WorkspaceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("genaiops:platform:Workspace", name, {}, opts);
    const { place } = args;
    const settings = args.settings.workspace;
    const elsewhere = settings.mode === "existing" ? settings.resourceGroup : undefined;
    const workspace = this.workspace(name, args);
    this.resourceGroupName = elsewhere ?? place.resourceGroup;
    this.id = workspace.id;
    this.workspaceName = workspace.name;
    this.scope = { key: name, id: workspace.id };
    this.blobContainer = pulumi.interpolate`azureml-blobstore-${workspace.workspaceId}`;
    this.registerOutputs({
      id: this.id,
      workspaceName: this.workspaceName,
      blobContainer: this.blobContainer,
    });
  }

  private workspace(name: string, args: WorkspaceArgs) {
    const { place, names, identity, jobIdentity, logAnalytics } = args;
    const settings = args.settings.workspace;
    if (settings.mode === "existing") {
      const id = adoptedId(place, settings, "Microsoft.MachineLearningServices/workspaces");
      return machinelearning.Workspace.get(name, id, { parent: this });
    }
    if (identity === undefined) {
      throw new pulumi.ResourceError("a workspace to create needs `identity`", this, true);
    }
    const workspace = new machinelearning.Workspace(
      name,
      {
        resourceGroupName: place.resourceGroup,
        workspaceName: names.workspace,
        location: place.location,
        kind: "Default",
        friendlyName: settings.friendlyName ?? names.workspace,
        sku: { name: "Basic", tier: "Basic" },
        identity: {
          type: "UserAssigned",
          userAssignedIdentities: [identity.id, ...(jobIdentity ? [jobIdentity.id] : [])],
        },
        primaryUserAssignedIdentity: identity.id,
        storageAccount: args.storage,
        keyVault: args.keyVault,
        containerRegistry: args.containerRegistry,
        applicationInsights: args.applicationInsights,
        systemDatastoresAuthMode: "Identity",
        v1LegacyMode: false,
        publicNetworkAccess: place.isolation.publicNetworkAccess,
        ...managedNetwork(place.isolation),
        tags: place.tags,
      },
      {
        parent: this,
        protect: place.protect,
        dependsOn: identity.grants,
        // Building a managed network takes about half an hour.
        customTimeouts: { create: "90m", update: "90m", delete: "60m" },
      },
    );
    const logs = { group: "audit" } as const;
    sendLogs(
      `${name}.logs`,
      { logAnalytics, resource: workspace.id, logs, metrics: true },
      { parent: this },
    );
    return workspace;
  }
}

/**
 * Isolation goes one way: a network once closed never opens again (DOC/how-to-managed-network.md). It is
 * built with the workspace, or the first deployment fails with WorkspaceManagedNetworkNotReady.
 */
function managedNetwork({ closed }: Isolation): Partial<machinelearning.WorkspaceArgs> {
  return closed
    ? {
        managedNetwork: { isolationMode: "AllowOnlyApprovedOutbound", firewallSku: "Standard" },
        provisionNetworkNow: true,
      }
    : { managedNetwork: { isolationMode: "Disabled" } };
}
