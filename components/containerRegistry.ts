import * as containerregistry from "@pulumi/azure-native/containerregistry";
import * as pulumi from "@pulumi/pulumi";
import type { Names } from "../config/names";
import type { Settings } from "../config/settings";
import { sendLogs } from "./diagnostics";
import { lock } from "./lock";
import { adoptedId, type Place } from "./place";
import type { Scope } from "./roles";

export interface ContainerRegistryArgs {
  readonly place: Place;
  readonly settings: Pick<Settings, "containerRegistry" | "machineLearningRegistry">;
  readonly names: Pick<Names, "containerRegistry">;
  readonly logAnalytics: pulumi.Input<string>;
}

/** The registry that holds the flows' images: no admin user, no anonymous pull. */
export class ContainerRegistry extends pulumi.ComponentResource {
  readonly id: pulumi.Output<string>;
  readonly loginServer: pulumi.Output<string>;
  readonly scope: Scope;

  constructor(name: string, args: ContainerRegistryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("genaiops:platform:ContainerRegistry", name, {}, opts);
    const registry = this.registry(name, args);
    this.id = registry.id;
    this.loginServer = registry.loginServer;
    this.scope = { key: name, id: registry.id };
    this.registerOutputs({ id: this.id, loginServer: this.loginServer });
  }

  private registry(name: string, args: ContainerRegistryArgs) {
    const { place, names, logAnalytics } = args;
    const { containerRegistry: settings, machineLearningRegistry } = args.settings;
    const shared = machineLearningRegistry !== undefined;
    if (settings.mode === "existing") {
      const id = adoptedId(place, settings, "Microsoft.ContainerRegistry/registries");
      return containerregistry.Registry.get(name, id, { parent: this });
    }
    const registry = new containerregistry.Registry(
      name,
      {
        resourceGroupName: place.resourceGroup,
        registryName: names.containerRegistry,
        location: place.location,
        sku: { name: settings.sku },
        adminUserEnabled: false,
        anonymousPullEnabled: false,
        ...(settings.sku === "Premium" ? premium(place, shared) : {}),
        tags: place.tags,
      },
      { parent: this, protect: place.protect },
    );
    const logs = { group: "allLogs" } as const;
    sendLogs(`${name}.logs`, { logAnalytics, resource: registry.id, logs }, { parent: this });
    if (place.protect) lock(`${name}.lock`, registry, { parent: this });
    return registry;
  }
}

/**
 * What Azure accepts on the SKU Premium alone (learn.microsoft.com/azure/container-registry/container-registry-skus).
 */
function premium(
  { isolation, zoneRedundant }: Place,
  shared: boolean,
): Partial<containerregistry.RegistryArgs> {
  return {
    publicNetworkAccess: isolation.publicNetworkAccess,
    networkRuleBypassOptions: "AzureServices",
    networkRuleSet: { defaultAction: isolation.defaultAction },
    dataEndpointEnabled: true,
    zoneRedundancy: zoneRedundant ? "Enabled" : "Disabled",
    policies: {
      // Export can be switched off only while there is no public access, and then no other environment can import
      // what this one evaluated (container-registry/data-loss-prevention).
      exportPolicy: { status: isolation.closed && !shared ? "disabled" : "enabled" },
      retentionPolicy: { status: "enabled", days: 15 },
    },
  };
}
