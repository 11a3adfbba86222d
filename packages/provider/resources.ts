import * as pulumi from "@pulumi/pulumi";
import { approvedVersionsToken, promotedVersionsToken, resourceTokens } from "./tokens";
import type {
  ApprovedVersions,
  ApprovedVersionsArgs,
  AssetKind,
  AuthMode,
  PromotedVersions,
  PromotedVersionsArgs,
} from "./tokens";

export type { PromotedArm, PromotedVersionsArgs } from "./tokens";

/** A share of the live requests that is also sent to one arm, whose answers nobody sees. */
export interface MirrorArgs {
  /** Required. Arm that gets the copies; it has weight 0. */
  arm: pulumi.Input<string>;
  /** Required. 1 to 50 percent (DOC/how-to-safely-rollout-online-endpoints.md). */
  percent: pulumi.Input<number>;
}

export interface EndpointSettingsArgs {
  /** Required. ARM id of the online endpoint. Another endpoint is another resource. */
  endpoint: pulumi.Input<string>;
  /**
   * Required. Share of the requests in whole percent for every arm, zeros too. The sum is 100, or 0 while
   * no arm serves yet. Each arm must be a deployment in state Succeeded when the weights are written.
   */
  weights: pulumi.Input<Record<string, pulumi.Input<number>>>;
  /** Optional. @default no request is mirrored; a mirror set by hand is removed. */
  mirror?: pulumi.Input<MirrorArgs>;
  /** Required. How callers of the endpoint authenticate. */
  authMode: pulumi.Input<AuthMode>;
  /**
   * Optional. Whether a managed endpoint can be reached from the internet; of a Kubernetes endpoint its
   * cluster decides (DOC/reference-yaml-endpoint-online.md). @default the endpoint keeps what it has
   */
  publicNetworkAccess?: pulumi.Input<"Enabled" | "Disabled">;
  /** Required. The whole set of tags: a tag that stands on the endpoint and not here is removed. */
  tags: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Optional. @default the endpoint keeps the description it has. */
  description?: pulumi.Input<string>;
}

/**
 * The only writer of a live online endpoint: routing, tags, authentication and public access in one
 * read-change-write, read back afterwards. What it does not know about the endpoint stays as it is.
 *
 * Give it `dependsOn` every deployment and `deletedWith` the endpoint. Without `deletedWith`, deleting it
 * sets every weight to 0, so that the deployments can be deleted.
 *
 *     new EndpointSettings("web", {
 *       endpoint: endpoint.id, weights: { blue: 90, green: 10 },
 *       authMode: "AADToken", publicNetworkAccess: "Disabled", tags: {},
 *     }, { dependsOn: [blue, green], deletedWith: endpoint });
 */
export class EndpointSettings extends pulumi.CustomResource {
  declare readonly endpoint: pulumi.Output<string>;
  declare readonly weights: pulumi.Output<Record<string, number>>;
  declare readonly mirror: pulumi.Output<{ arm: string; percent: number } | undefined>;
  declare readonly authMode: pulumi.Output<AuthMode>;
  declare readonly publicNetworkAccess: pulumi.Output<"Enabled" | "Disabled" | undefined>;
  declare readonly tags: pulumi.Output<Record<string, string>>;
  declare readonly description: pulumi.Output<string | undefined>;
  /** Address of `POST /score`, computed by Azure. */
  declare readonly scoringUri: pulumi.Output<string>;

  constructor(name: string, args: EndpointSettingsArgs, opts?: pulumi.CustomResourceOptions) {
    super(resourceTokens.endpointSettings, name, { ...args, scoringUri: undefined }, opts);
  }
}

export interface WebAppSettingsArgs {
  /** Required. ARM id of the Web App. Another app is another resource. */
  site: pulumi.Input<string>;
  /** Required. Name of the arm in the production slot; every other arm is a slot of its own name. */
  production: pulumi.Input<string>;
  /** Required. Image of that arm, by digest. */
  image: pulumi.Input<string>;
  /** Required. All environment variables of that arm; `GENAIOPS_ARM` must be its name. No secret values. */
  environment: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Required. Share of the requests in whole percent for every arm, zeros too; the sum is 100. */
  weights: pulumi.Input<Record<string, pulumi.Input<number>>>;
  /** Required. Whether the app's own address can be reached from the internet; each slot says it for itself. */
  publicNetworkAccess: pulumi.Input<"Enabled" | "Disabled">;
  /** Required. The whole set of the app's tags. */
  tags: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/**
 * The only writer of a live Web App's production slot: its image, variables, tags, and the routing rules that
 * stand there and name the slots. An arm answers `/health` before requests are routed to it, and no arm takes
 * the production slot from one that serves.
 *
 * Give it `dependsOn` every slot and `deletedWith` the app; deleting it alone changes nothing in Azure.
 */
export class WebAppSettings extends pulumi.CustomResource {
  declare readonly site: pulumi.Output<string>;
  declare readonly production: pulumi.Output<string>;
  declare readonly image: pulumi.Output<string>;
  declare readonly environment: pulumi.Output<Record<string, string>>;
  declare readonly weights: pulumi.Output<Record<string, number>>;
  declare readonly publicNetworkAccess: pulumi.Output<"Enabled" | "Disabled">;
  declare readonly tags: pulumi.Output<Record<string, string>>;
  /** Address of `POST /score`. */
  declare readonly scoringUri: pulumi.Output<string>;

  constructor(name: string, args: WebAppSettingsArgs, opts?: pulumi.CustomResourceOptions) {
    super(resourceTokens.webAppSettings, name, { ...args, scoringUri: undefined }, opts);
  }
}

export interface AssetVersionArgs {
  /** Required. ARM id of the workspace, or of a registry. Another one is another resource. */
  workspace: pulumi.Input<string>;
  /** Required. */
  kind: pulumi.Input<AssetKind>;
  /** Required. Name of the asset, without its version. */
  name: pulumi.Input<string>;
  /** Required. SHA-256 of the content, 64 lower-case hex digits. New content is a new version. */
  hash: pulumi.Input<string>;
  /** Required. ARM `properties` of the version, without what the service computes. */
  properties: pulumi.Input<Record<string, unknown>>;
  /** Optional. Added to the version's tags; tags set by others stay. @default only the content hash. */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/**
 * The version of a model, data set or environment that holds a given content: found by its hash, or created.
 * Deleting it deletes nothing in Azure. A data set and an environment take the hash as version; a model takes
 * the next positive integer and carries the hash in its tag `content_hash`.
 */
export class AssetVersion extends pulumi.CustomResource {
  declare readonly workspace: pulumi.Output<string>;
  declare readonly kind: pulumi.Output<AssetKind>;
  declare readonly name: pulumi.Output<string>;
  declare readonly hash: pulumi.Output<string>;
  declare readonly properties: pulumi.Output<Record<string, unknown>>;
  declare readonly tags: pulumi.Output<Record<string, string> | undefined>;
  /** Version in Azure: a positive integer for a model, the hash for data and environments. */
  declare readonly version: pulumi.Output<string>;
  /** ARM id of the version. */
  declare readonly assetId: pulumi.Output<string>;

  constructor(name: string, args: AssetVersionArgs, opts?: pulumi.CustomResourceOptions) {
    const computed = { version: undefined, assetId: undefined };
    super(resourceTokens.assetVersion, name, { ...args, ...computed }, opts);
  }
}

export interface BlobFolderArgs {
  /** Required. Name of the storage account. Another one is another resource. */
  account: pulumi.Input<string>;
  /** Required. Container, which exists. Another one is another resource. */
  container: pulumi.Input<string>;
  /** Required. Path above the folder, without slashes at its ends. Another one is another resource. */
  prefix: pulumi.Input<string>;
  /** Required. Folder that holds the files, relative to the repository, with forward slashes. */
  source: pulumi.Input<string>;
  /** Required. SHA-256 (hex) of each file by its path below `source`, with forward slashes. */
  files: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Required. SHA-256 (hex) of the whole content; names the folder. */
  hash: pulumi.Input<string>;
}

/**
 * Files of a flow or data set in blob storage at `<prefix>/<hash>`, sent with Entra tokens. What is there is
 * not sent again, and nothing is ever deleted.
 */
export class BlobFolder extends pulumi.CustomResource {
  declare readonly account: pulumi.Output<string>;
  declare readonly container: pulumi.Output<string>;
  declare readonly prefix: pulumi.Output<string>;
  declare readonly source: pulumi.Output<string>;
  declare readonly files: pulumi.Output<Record<string, string>>;
  declare readonly hash: pulumi.Output<string>;
  /** `<prefix>/<hash>`, known only when every file is there. */
  declare readonly path: pulumi.Output<string>;

  constructor(name: string, args: BlobFolderArgs, opts?: pulumi.CustomResourceOptions) {
    super(resourceTokens.blobFolder, name, { ...args, path: undefined }, opts);
  }
}

export interface ImportedImageArgs {
  /** Required. ARM id of the container registry that gets the image. */
  registry: pulumi.Input<string>;
  /** Required. Its host name. */
  loginServer: pulumi.Input<string>;
  /** Required. ARM id of the container registry that has the image, in the same tenant. */
  source: pulumi.Input<string>;
  /** Required. Repository in both, without registry and tag. */
  repository: pulumi.Input<string>;
  /** Required. `sha256:<64 hexadecimal digits>`. */
  digest: pulumi.Input<string>;
}

/**
 * An image that Azure copies from another container registry, by digest: the same bytes, built once. Another
 * input is another resource. Deleting it deletes no image.
 */
export class ImportedImage extends pulumi.CustomResource {
  declare readonly registry: pulumi.Output<string>;
  declare readonly loginServer: pulumi.Output<string>;
  declare readonly source: pulumi.Output<string>;
  declare readonly repository: pulumi.Output<string>;
  declare readonly digest: pulumi.Output<string>;
  /** `<loginServer>/<repository>@sha256:<digest>`. */
  declare readonly reference: pulumi.Output<string>;

  constructor(name: string, args: ImportedImageArgs, opts?: pulumi.CustomResourceOptions) {
    super(resourceTokens.importedImage, name, { ...args, reference: undefined }, opts);
  }
}

/**
 * The newest version of each model that carries this environment's approval, the tag `approved_<env>`.
 * A model without one, or a workspace that does not exist yet, is absent from the answer.
 */
export function approvedVersions(
  args: ApprovedVersionsArgs,
  opts?: pulumi.InvokeOptions,
): Promise<ApprovedVersions> {
  return pulumi.runtime.invoke(
    approvedVersionsToken,
    args,
    opts ?? {},
  ) as Promise<ApprovedVersions>;
}

/**
 * What each arm deploys of a shared registry: versions that passed the gate of another environment, and the
 * images they passed it with. Fails where a version that is named never passed it.
 */
export function promotedVersions(
  args: PromotedVersionsArgs,
  opts?: pulumi.InvokeOptions,
): Promise<PromotedVersions> {
  return pulumi.runtime.invoke(
    promotedVersionsToken,
    args,
    opts ?? {},
  ) as Promise<PromotedVersions>;
}
