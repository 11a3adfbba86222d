import * as resources from "@pulumi/azure-native/resources";
import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../config/environment";
import { tagsOf } from "./place";
import type { Scope } from "./roles";

/** The group that holds everything of one environment. */
export class ResourceGroup extends pulumi.ComponentResource {
  readonly name: pulumi.Output<string>;
  readonly scope: Scope;

  constructor(name: string, environment: Environment, opts?: pulumi.ComponentResourceOptions) {
    super("genaiops:platform:ResourceGroup", name, {}, opts);
    const { settings, subscriptionId, location, names } = environment;
    const resourceGroupName = names.resourceGroup;
    const group =
      settings.resourceGroup.mode === "existing"
        ? resources.ResourceGroup.get(
            name,
            `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroupName}`,
            { parent: this },
          )
        : new resources.ResourceGroup(
            name,
            { resourceGroupName, location, tags: tagsOf(environment) },
            { parent: this, protect: settings.protect },
          );
    this.name = group.name;
    this.scope = { key: name, id: group.id };
    this.registerOutputs({ name: this.name });
  }
}
