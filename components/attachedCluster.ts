import * as machinelearning from "@pulumi/azure-native/machinelearningservices";
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../config/settings";
import type { Workspace } from "./workspace";

export interface AttachedClusterArgs {
  readonly settings: NonNullable<Settings["kubernetes"]>;
  readonly workspace: Workspace;
}

/**
 * A Kubernetes cluster that somebody attached to the workspace as a compute, and whose extension and
 * identity are theirs: nothing is changed on it (DOC/how-to-attach-kubernetes-to-workspace.md).
 */
export class AttachedCluster extends pulumi.ComponentResource {
  /** ARM id of the compute. */
  readonly id: pulumi.Output<string>;

  constructor(
    name: string,
    { settings, workspace }: AttachedClusterArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("genaiops:platform:AttachedCluster", name, {}, opts);
    const id = pulumi.interpolate`${workspace.id}/computes/${settings.name}`;
    this.id = machinelearning.Compute.get(name, id, { parent: this }).id;
    this.registerOutputs({ id: this.id });
  }
}
