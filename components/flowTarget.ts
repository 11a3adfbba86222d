import * as pulumi from "@pulumi/pulumi";
import { currentModel } from "./currentModel";
import type { Identity } from "./identity";
import { evaluatedImage, sharedModel, type Evaluated } from "./evaluatedImage";
import type { Image, ServedImage } from "./image";
import type { Place } from "./place";
import type { ResolvedArm, ResolvedFlow } from "./versions";
import type { Workspace } from "./workspace";

/** What every target of a flow is made from. */
export interface FlowArgs {
  readonly place: Place;
  readonly flow: ResolvedFlow;
  readonly workspace: Workspace;
  /** Required. Identity it runs as for all its life, with its roles granted. */
  readonly identity: Identity;
  /** Required. By their name in the settings. */
  readonly images: ReadonlyMap<string, Image>;
  /** Conditional. Required where another environment evaluates the versions. */
  readonly evaluated?: Evaluated;
  /** Required. Name of the workspace's storage account. */
  readonly storageAccount: pulumi.Input<string>;
  readonly logAnalytics: pulumi.Input<string>;
  /** Required. Lets an update replace what carries traffic; else Azure refuses to delete it. */
  readonly replaceLiveArms: boolean;
  /** Required. What must stand before the endpoint: the network's rules, connections and models. */
  readonly after: readonly pulumi.Resource[];
  /** Required. Roles by which this checkout's files are sent. */
  readonly uploadGrants: readonly pulumi.Resource[];
}

/** A flow that answers requests, whatever its target. */
export interface DeployedFlow {
  /** Name in Azure. */
  readonly endpointName: pulumi.Output<string>;
  readonly scoringUri: pulumi.Output<string>;
  /** By name: version of the model, and percent of the requests. */
  readonly arms: Readonly<Record<string, ArmOutputs>>;
}

export interface ArmOutputs {
  readonly version: pulumi.Output<string>;
  readonly weight: number;
}

/** A version of the flow's model. */
export interface Model {
  /** ARM id. */
  readonly id: pulumi.Output<string>;
  readonly version: pulumi.Output<string>;
}

/** Each arm's model; this checkout is registered once, however many arms serve it. */
export function findModels(
  parent: pulumi.Resource,
  args: FlowArgs,
): Readonly<Record<string, Model>> {
  const { flow, workspace } = args;
  const { content } = flow;
  const current = content && currentModel(flow.name, { ...args, content }, { parent });
  return Object.fromEntries(
    flow.arms.map(({ name, version }): [string, Model] => {
      if (version === "current" && current) {
        return [name, { id: current.assetId, version: current.version }];
      }
      if (args.evaluated && version !== "current") {
        const id = sharedModel(args.evaluated, flow.modelName, version);
        return [name, { id: pulumi.output(id), version: pulumi.output(String(version)) }];
      }
      const id = pulumi.interpolate`${workspace.id}/models/${flow.modelName}/versions/${version}`;
      return [name, { id, version: pulumi.output(String(version)) }];
    }),
  );
}

/** What an arm runs: an image of this stack, or the one that its version was evaluated with. */
export function servedImage(
  parent: pulumi.Resource,
  { flow, images, evaluated, workspace }: FlowArgs,
  arm: ResolvedArm,
): ServedImage {
  const { evaluatedWith } = arm;
  if (evaluatedWith === undefined || evaluated === undefined) {
    return images.get(arm.image) as Image;
  }
  return evaluatedImage(
    `${flow.name}.${arm.name}`,
    { ...evaluated, imageName: arm.image, image: evaluatedWith, workspace: workspace.id },
    { parent },
  );
}

export function armOutputs(
  { arms, weights }: ResolvedFlow,
  models: Readonly<Record<string, Model>>,
): Record<string, ArmOutputs> {
  return Object.fromEntries(
    arms.map(({ name }) => {
      const { version } = models[name] as Model;
      return [name, { version, weight: weights[name] ?? 0 }];
    }),
  );
}
