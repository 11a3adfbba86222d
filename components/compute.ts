import * as machinelearning from "@pulumi/azure-native/machinelearningservices";
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../config/settings";
import type { Identity } from "./identity";
import type { Place } from "./place";
import type { Workspace } from "./workspace";

export interface ComputeArgs {
  readonly place: Place;
  readonly settings: NonNullable<Settings["compute"]>;
  readonly computeName: string;
  readonly workspace: Workspace;
  /** Conditional. Identity that jobs run as. Required where the cluster is created. */
  readonly identity?: Identity;
  /** Required. What must stand before it: the managed network's rules. */
  readonly after: readonly pulumi.Resource[];
}

/** The cluster that jobs run on: no nodes while nothing runs, no way in but jobs. */
export class Compute extends pulumi.ComponentResource {
  readonly computeName: pulumi.Output<string>;

  constructor(name: string, args: ComputeArgs, opts?: pulumi.ComponentResourceOptions) {
    super("genaiops:platform:Compute", name, {}, opts);
    this.computeName = this.cluster(name, args).name;
    this.registerOutputs({ computeName: this.computeName });
  }

  private cluster(name: string, args: ComputeArgs) {
    const { place, settings, workspace, identity, after } = args;
    if (settings.mode === "existing") {
      const id = pulumi.interpolate`${workspace.id}/computes/${settings.name}`;
      return machinelearning.Compute.get(name, id, { parent: this });
    }
    const { size, maxNodes, idleMinutes } = settings;
    return new machinelearning.Compute(
      name,
      {
        resourceGroupName: workspace.resourceGroupName,
        workspaceName: workspace.workspaceName,
        computeName: args.computeName,
        location: place.location,
        ...(identity
          ? { identity: { type: "UserAssigned", userAssignedIdentities: [identity.id] } }
          : {}),
        properties: {
          computeType: "AmlCompute",
          disableLocalAuth: true,
          properties: {
            osType: "Linux",
            vmSize: size,
            vmPriority: "Dedicated",
            scaleSettings: {
              minNodeCount: 0,
              maxNodeCount: maxNodes,
              nodeIdleTimeBeforeScaleDown: `PT${idleMinutes}M`,
            },
            remoteLoginPortPublicAccess: "Disabled",
            // A node without a public address needs the managed network to reach anything.
            enableNodePublicIp: !place.isolation.closed,
          },
        },
        tags: place.tags,
      },
      {
        parent: this,
        dependsOn: [...(identity?.grants ?? []), ...after],
        // Fixed at creation, and it holds nothing but running jobs: DOC/how-to-create-attach-compute-cluster.md
        replaceOnChanges: ["vmSize", "enableNodePublicIp"].map(
          (property) => `properties.properties.${property}`,
        ),
        deleteBeforeReplace: true,
      },
    );
  }
}
