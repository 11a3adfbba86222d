import { Image as DockerImage } from "@pulumi/docker/image";
import * as pulumi from "@pulumi/pulumi";
import type { ImageContent } from "../config/flowImage";
import { AssetVersion } from "../packages/provider/resources";
import type { MachineLearningRegistry } from "./machineLearningRegistry";
import type { Workspace } from "./workspace";

/** An image that exists, by digest, or a folder with a Dockerfile, relative to the repository, and its arguments. */
export type ImageSource =
  | { readonly digest: string }
  | { readonly folder: string; readonly arguments?: Record<string, pulumi.Input<string>> };

export interface ImageArgs {
  /** Required. Its name under `images`, and of its repository and environment asset. */
  readonly imageName: string;
  /** Required. What it is, or what it is built from. */
  readonly source: ImageSource;
  /** Required. What names its bytes. */
  readonly content: ImageContent;
  /** Required. Host name of the registry that a built image is pushed to. */
  readonly loginServer: pulumi.Input<string>;
  readonly workspace: Workspace;
  /** Optional. Registry that other environments take the image from. @default it is not shared */
  readonly sharedIn?: MachineLearningRegistry;
}

/** What an arm runs. */
export interface ServedImage {
  /** `<registry>/<repository>@sha256:<digest>`. */
  readonly reference: pulumi.Output<string>;
  /** ARM id of the environment asset's version. */
  readonly environmentId: pulumi.Output<string>;
}

/**
 * A container image that flows are served from, and the environment asset that tells a deployment how to
 * call it. What runs is always named by digest.
 */
export class Image extends pulumi.ComponentResource implements ServedImage {
  readonly reference: pulumi.Output<string>;
  readonly environmentId: pulumi.Output<string>;

  constructor(name: string, args: ImageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("genaiops:platform:Image", name, {}, opts);
    const { content, imageName, sharedIn } = args;
    this.reference = pulumi.output(this.find(name, args));
    const asset = { imageName, reference: this.reference };
    this.environmentId = environmentOf(
      `${name}.environment`,
      { ...asset, workspace: args.workspace.id },
      { parent: this },
    );
    if (sharedIn) {
      environmentOf(
        `${name}.shared`,
        {
          ...asset,
          workspace: sharedIn.id,
          tags: content.by === "digest" ? {} : { context_hash: content.hash },
        },
        { parent: this },
      );
    }
    this.registerOutputs({ reference: this.reference, environmentId: this.environmentId });
  }

  private find(name: string, { imageName, source, content, loginServer }: ImageArgs) {
    if ("digest" in source) return source.digest;
    const { folder, arguments: args } = source;
    const built = new DockerImage(
      `${name}.build`,
      {
        // The tag follows the content: it never moves to another image. docker's own login pushes it.
        imageName: pulumi.interpolate`${loginServer}/${imageName}:${content.hash.slice(0, 12)}`,
        build: { context: folder, platform: "linux/amd64", ...(args ? { args } : {}) },
      },
      { parent: this },
    );
    return built.repoDigest;
  }
}

export interface EnvironmentArgs {
  /** Required. ARM id of the workspace or registry that gets it. */
  readonly workspace: pulumi.Input<string>;
  /** Required. Name of the image, and of its environment. */
  readonly imageName: string;
  /** Required. `<registry>/<repository>@sha256:<digest>`. */
  readonly reference: pulumi.Output<string>;
  /** Optional. @default none but the content hash */
  readonly tags?: Readonly<Record<string, string>>;
}

/** ARM id of the environment version that tells a deployment how to call an image. */
export function environmentOf(
  name: string,
  { workspace, imageName, reference, tags }: EnvironmentArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const environment = new AssetVersion(
    name,
    {
      workspace,
      kind: "environment",
      name: imageName,
      hash: reference.apply(digestOf),
      properties: { image: reference, inferenceConfig: servingContract, osType: "Linux" },
      ...(tags ? { tags } : {}),
    },
    opts,
  );
  return environment.assetId;
}

/** Routes of the serving contract: every flow's container answers on port 8080. */
const servingContract = {
  livenessRoute: { path: "/health", port: 8080 },
  readinessRoute: { path: "/health", port: 8080 },
  scoringRoute: { path: "/score", port: 8080 },
};

/** The 64 hex digits of an image's digest; any other text as it is, for the provider to refuse. */
function digestOf(reference: string): string {
  return /@sha256:([0-9a-f]{64})$/.exec(reference)?.[1] ?? reference;
}
