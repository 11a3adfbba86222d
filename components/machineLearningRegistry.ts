import * as machinelearning from "@pulumi/azure-native/machinelearningservices";
import * as pulumi from "@pulumi/pulumi";
import type { SharedResource } from "../config/environment";
import type { Settings } from "../config/settings";
import { lock } from "./lock";
import { adoptedId, type Place } from "./place";
import type { Scope } from "./roles";

export interface MachineLearningRegistryArgs {
  readonly place: Place;
  /** Required. One to make, one that exists, or that of the environment that versions come from. */
  readonly settings: NonNullable<Settings["machineLearningRegistry"]> | SharedResource;
  readonly registryName: string;
}

/** The registry through which environments share models and data. */
export class MachineLearningRegistry extends pulumi.ComponentResource {
  readonly id: pulumi.Output<string>;
  readonly registryName: pulumi.Output<string>;
  readonly scope: Scope;

  constructor(
    name: string,
    args: MachineLearningRegistryArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("genaiops:platform:MachineLearningRegistry", name, {}, opts);
    const registry = this.registry(name, args);
    this.id = registry.id;
    this.registryName = registry.name;
    const { settings } = args;
    this.scope = {
      key: name,
      id: registry.id,
      ...("subscriptionId" in settings ? { subscriptionId: settings.subscriptionId } : {}),
    };
    this.registerOutputs({ id: this.id, registryName: this.registryName });
  }

  private registry(name: string, { place, settings, registryName }: MachineLearningRegistryArgs) {
    if (settings.mode === "existing") {
      const id = adoptedId(place, settings, "Microsoft.MachineLearningServices/registries");
      return machinelearning.Registry.get(name, id, { parent: this });
    }
    const registry = new machinelearning.Registry(
      name,
      {
        resourceGroupName: place.resourceGroup,
        registryName,
        location: place.location,
        identity: { type: "SystemAssigned" },
        publicNetworkAccess: place.isolation.publicNetworkAccess,
        regionDetails: [
          {
            location: place.location,
            acrDetails: [{ systemCreatedAcrAccount: { acrAccountSku: "Premium" } }],
            storageAccountDetails: [
              {
                systemCreatedStorageAccount: {
                  storageAccountType: place.zoneRedundant ? "Standard_ZRS" : "Standard_LRS",
                  storageAccountHnsEnabled: false,
                  allowBlobPublicAccess: false,
                },
              },
            ],
          },
        ],
        tags: place.tags,
      },
      { parent: this, protect: place.protect, customTimeouts: { create: "60m" } },
    );
    if (place.protect) lock(`${name}.lock`, registry, { parent: this });
    return registry;
  }
}
