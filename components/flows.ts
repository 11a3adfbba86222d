import { setImmediate as nextTurn } from "node:timers/promises";
import type * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../config/environment";
import type { AttachedCluster } from "./attachedCluster";
import { FlowEndpoint } from "./flowEndpoint";
import type { DeployedFlow, FlowArgs } from "./flowTarget";
import type { Identities } from "./identities";
import type { Evaluated } from "./evaluatedImage";
import type { Image } from "./image";
import { KubernetesFlowEndpoint } from "./kubernetesFlowEndpoint";
import type { Place } from "./place";
import type { ResolvedFlow } from "./versions";
import { WebAppFlowEndpoint } from "./webAppFlowEndpoint";
import type { Workspace } from "./workspace";

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
  /** Conditional. Required where another environment evaluates the versions. */
  readonly evaluated?: Evaluated;
  /** Conditional. Required where a flow runs on Kubernetes. */
  readonly cluster?: AttachedCluster;
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
  { identities, cluster, ...args }: FlowsArgs,
): Promise<Map<string, DeployedFlow>> {
  const { replaceLiveArms } = settings;
  const endpoints = new Map<string, DeployedFlow>();
  for (const [index, flow] of flows.entries()) {
    if (index > 0 && index % AT_ONCE === 0) await nextTurn();
    const identity = identities.ofFlow(flow.name);
    const own = { ...args, flow, identity, replaceLiveArms };
    endpoints.set(flow.name, deploy(own, cluster, settings.webApp?.clientId));
  }
  return endpoints;
}

/**
 * One component a target, of a type of its own: a flow that moves is another resource, so that all of the
 * new target stands before the engine deletes the old one. Pipelines select flows by `FlowEndpoint` in it.
 */
function deploy(
  args: FlowArgs,
  cluster: AttachedCluster | undefined,
  clientId: string | undefined,
): DeployedFlow {
  const { name, target } = args.flow;
  switch (target.name) {
    case "managed":
      return new FlowEndpoint(name, args);
    case "kubernetes":
      if (cluster === undefined) throw new Error("no cluster: the checks let it pass");
      return new KubernetesFlowEndpoint(name, { ...args, target, compute: cluster.id });
    case "webApp":
      if (clientId === undefined) throw new Error("no registration: the checks let it pass");
      return new WebAppFlowEndpoint(name, { ...args, target, clientId });
  }
}
