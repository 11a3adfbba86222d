import { setImmediate as nextTurn } from "node:timers/promises";
import type * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../config/environment";
import { FlowEndpoint } from "./flowEndpoint";
import type { Identities } from "./identities";
import { Image } from "./image";
import type { Place } from "./place";
import type { ResolvedFlow } from "./versions";
import type { Workspace } from "./workspace";

/** The images that arms are served from, by their name in the settings; an unused one is not built. */
export function createImages(
  { settings, root }: Environment,
  flows: readonly ResolvedFlow[],
  args: { readonly loginServer: pulumi.Output<string>; readonly workspace: Workspace },
): Map<string, Image> {
  const used = new Set(flows.flatMap(({ arms }) => arms.map(({ image }) => image)));
  return new Map(
    [...used].sort().map((imageName) => {
      const image = settings.images[imageName];
      if (image === undefined) throw new Error(`no image ${imageName}: the checks let it pass`);
      const name = `image.${imageName}`;
      return [imageName, new Image(name, { ...args, imageName, settings: image, root })];
    }),
  );
}

export interface FlowsArgs {
  readonly place: Place;
  readonly workspace: Workspace;
  readonly identities: Identities;
  readonly images: ReadonlyMap<string, Image>;
  readonly storageAccount: pulumi.Output<string>;
  readonly logAnalytics: pulumi.Output<string>;
  /** What stands before any endpoint does. */
  readonly after: readonly pulumi.Resource[];
  /** Roles by which the files of a checkout are sent. */
  readonly uploadGrants: readonly pulumi.Resource[];
}

/** Flows that are declared before what they started is let to end. */
const AT_ONCE = 20;

/**
 * The endpoint of every flow, by the flow's name. Many flows are declared in groups: all at once, the work
 * that their thousands of resources start would pile up in memory.
 */
export async function createFlows(
  { settings }: Environment,
  flows: readonly ResolvedFlow[],
  { identities, ...args }: FlowsArgs,
): Promise<Map<string, FlowEndpoint>> {
  const { replaceLiveArms } = settings;
  const endpoints = new Map<string, FlowEndpoint>();
  for (const [index, flow] of flows.entries()) {
    if (index > 0 && index % AT_ONCE === 0) await nextTurn();
    const identity = identities.ofFlow(flow.name);
    const own = { ...args, flow, identity, replaceLiveArms };
    endpoints.set(flow.name, new FlowEndpoint(flow.name, own));
  }
  return endpoints;
}
