import * as pulumi from "@pulumi/pulumi";
import type { Promotion } from "../config/environment";
import { sharedId } from "../config/promotion";
import { ImportedImage, type PromotedArm } from "../packages/provider/resources";
import { environmentOf, type ServedImage } from "./image";
import type { Scope } from "./roles";

/** What arms that another environment evaluated are deployed from. */
export interface Evaluated {
  readonly promotion: Promotion;
  /** Container registry of this stack. */
  readonly containerRegistry: {
    readonly id: pulumi.Output<string>;
    readonly loginServer: pulumi.Output<string>;
  };
}

/** Container registry of the environment that evaluates, as roles are granted on it. */
export function evaluatedImages({ containerRegistry }: Promotion): { readonly scope: Scope } {
  const { subscriptionId } = containerRegistry;
  return {
    scope: {
      key: "evaluated-images",
      id: sharedId("Microsoft.ContainerRegistry", containerRegistry),
      subscriptionId,
    },
  };
}

/** Address of a model's version in the registry that environments share. */
export function sharedModel({ promotion }: Evaluated, model: string, version: number): string {
  return `azureml://registries/${promotion.registry.name}/models/${model}/versions/${version}`;
}

/**
 * The image that an arm's version was evaluated with, copied into this stack's registry by digest and never
 * built again, and its environment.
 */
export function evaluatedImage(
  name: string,
  args: Evaluated & {
    /** Required. Name of the image, and of its environment. */
    readonly imageName: string;
    readonly image: PromotedArm["image"];
    /** Required. ARM id of the workspace. */
    readonly workspace: pulumi.Input<string>;
  },
  opts: pulumi.CustomResourceOptions,
): ServedImage {
  const { promotion, containerRegistry, imageName, image, workspace } = args;
  const { id, loginServer } = containerRegistry;
  const { repository, digest } = image;
  const source = sharedId("Microsoft.ContainerRegistry", promotion.containerRegistry);
  const reference = image.imported
    ? new ImportedImage(
        `${name}.image`,
        { registry: id, loginServer, source, repository, digest },
        opts,
      ).reference
    : pulumi.output(image.reference);
  const asset = { workspace, imageName, reference };
  return { reference, environmentId: environmentOf(`${name}.environment`, asset, opts) };
}
