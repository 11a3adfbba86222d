import type * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../config/environment";
import { isolationOf, type Isolation } from "./isolation";

/** Where and how the platform's resources stand: the same for all of one stack. */
export interface Place {
  readonly subscriptionId: string;
  readonly tenantId: string;
  /** Azure region. */
  readonly location: string;
  /** Name of the stack's resource group as an output, so that what uses it waits for the group. */
  readonly resourceGroup: pulumi.Output<string>;
  /** The same name as text, for ids that must be known before anything exists. */
  readonly resourceGroupName: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly isolation: Isolation;
  readonly zoneRedundant: boolean;
  /** `protect` in Pulumi, and a lock in Azure, on what holds data. */
  readonly protect: boolean;
}

/** A resource that exists and is used as it is. */
export interface Adopted {
  readonly mode: "existing";
  readonly name: string;
  readonly resourceGroup?: string;
  /** Optional. @default the subscription of the stack */
  readonly subscriptionId?: string;
}

/** The ARM id of an adopted resource; without a resource group of its own it stands in the stack's. */
export function adoptedId(place: Place, adopted: Adopted, type: string): string {
  const { subscriptionId = place.subscriptionId } = adopted;
  return resourceId({ ...place, subscriptionId }, type, adopted.name, adopted.resourceGroup);
}

/** The ARM id of a resource of the stack, as text. `type` is ARM's, `Microsoft.KeyVault/vaults`. */
export function resourceId(
  place: Pick<Place, "subscriptionId" | "resourceGroupName">,
  type: string,
  name: string,
  resourceGroup = place.resourceGroupName,
): string {
  return `/subscriptions/${place.subscriptionId}/resourceGroups/${resourceGroup}/providers/${type}/${name}`;
}

/** The place of a stack, once its resource group is declared. */
export function placeOf(environment: Environment, resourceGroup: pulumi.Output<string>): Place {
  const { settings, subscriptionId, tenantId, location, names } = environment;
  return {
    subscriptionId,
    tenantId,
    location,
    resourceGroup,
    resourceGroupName: names.resourceGroup,
    tags: tagsOf(environment),
    isolation: isolationOf(settings.network),
    zoneRedundant: settings.zoneRedundant,
    protect: settings.protect,
  };
}

/** Tags of every resource: the stack's own, and where it comes from. */
export function tagsOf({
  settings,
  project,
  stack,
}: Environment): Readonly<Record<string, string>> {
  return { ...settings.tags, project, environment: stack };
}
