import { Image as DockerImage } from "@pulumi/docker/image";
import * as pulumi from "@pulumi/pulumi";
import { hashContext } from "../config/buildContext";
import type { Settings } from "../config/settings";
import { AssetVersion } from "../packages/provider/resources";
import type { Workspace } from "./workspace";

export interface ImageArgs {
  /** Required. Its name under `images`, and of its repository and environment asset. */
  readonly imageName: string;
  readonly settings: Settings["images"][string];
  /** Required. Absolute path of the repository. */
  readonly root: string;
  /** Required. Host name of the registry that a built image is pushed to. */
  readonly loginServer: pulumi.Input<string>;
  readonly workspace: Workspace;
}

/**
 * A container image that flows are served from, and the environment asset that tells a deployment how to
 * call it. What runs is always named by digest.
 */
export class Image extends pulumi.ComponentResource {
  /** `<registry>/<repository>@sha256:<digest>`. */
  readonly reference: pulumi.Output<string>;
  /** ARM id of the environment asset's version. */
  readonly environmentId: pulumi.Output<string>;

  constructor(name: string, args: ImageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("genaiops:platform:Image", name, {}, opts);
    this.reference = pulumi.output(this.find(name, args));
    const environment = new AssetVersion(
      `${name}.environment`,
      {
        workspace: args.workspace.id,
        kind: "environment",
        name: args.imageName,
        hash: this.reference.apply(digestOf),
        properties: { image: this.reference, inferenceConfig: servingContract, osType: "Linux" },
      },
      { parent: this },
    );
    this.environmentId = environment.assetId;
    this.registerOutputs({ reference: this.reference, environmentId: this.environmentId });
  }

  private find(name: string, { imageName, settings, root, loginServer }: ImageArgs) {
    if ("digest" in settings) return settings.digest;
    const { hash } = hashContext(root, settings.build);
    const built = new DockerImage(
      `${name}.build`,
      {
        // The tag follows the content: it never moves to another image. docker's own login pushes it.
        imageName: pulumi.interpolate`${loginServer}/${imageName}:${hash.slice(0, 12)}`,
        build: { context: settings.build, platform: "linux/amd64" },
      },
      { parent: this },
    );
    return built.repoDigest;
  }
}

/** Routes of the serving contract: every flow's container answers on port 8080. */
const servingContract = {
  livenessRoute: { path: "/health", port: 8080 },
  readinessRoute: { path: "/health", port: 8080 },
  scoringRoute: { path: "/score", port: 8080 },
};

/** The 64 hex digits of an image's digest; any other text as it is, for the provider to refuse. */
export function digestOf(reference: string): string {
  return /@sha256:([0-9a-f]{64})$/.exec(reference)?.[1] ?? reference;
}
