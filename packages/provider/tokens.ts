/** Names and plain types of the provider `genaiops`. Imports nothing, so that every command may import it. */

export const pluginName = "genaiops";
export const pluginVersion = "0.1.0";

export const resourceTokens = {
  endpointSettings: "genaiops:index:EndpointSettings",
  webAppSettings: "genaiops:index:WebAppSettings",
  assetVersion: "genaiops:index:AssetVersion",
  blobFolder: "genaiops:index:BlobFolder",
  importedImage: "genaiops:index:ImportedImage",
} as const;

export const approvedVersionsToken = "genaiops:index:approvedVersions";
export const promotedVersionsToken = "genaiops:index:promotedVersions";

export type AuthMode = "AADToken" | "AMLToken" | "Key";
export type AssetKind = "model" | "data" | "environment";

export interface ApprovedVersionsArgs {
  /** ARM id of the workspace. */
  workspace: string;
  /** Name of the environment, `dev`: the approval is the tag `approved_dev`. */
  environment: string;
  /** Names of the models. */
  models: string[];
}

export interface ApprovedVersions {
  /** Newest approved version by model; a model without one is absent. */
  versions: Record<string, number>;
}

export interface PromotedVersionsArgs {
  /** ARM id of the shared registry. */
  registry: string;
  /** ARM id of the container registry that `from` builds its images in. */
  containerRegistry: string;
  /** Environment whose gate a version must have passed: it carries the tag `approved_<from>`. */
  from: string;
  /** Environment that deploys; its approval counts where an arm takes the newest `approved` version. */
  environment: string;
  arms: {
    flow: string;
    arm: string;
    /** Name of the model in the registry. */
    model: string;
    version: number | "approved";
    /** Name of the image: that of its environment in the registry. */
    image: string;
    /** The image must hold the files of the very version: nothing else brings them. */
    holdsFlow: boolean;
  }[];
}

/** An image by digest. */
export interface PromotedImage {
  /** `<server>/<repository>@sha256:<digest>`, where the evaluating environment has it. */
  reference: string;
  repository: string;
  /** `sha256:<64 hexadecimal digits>`. */
  digest: string;
  /** It stands in the container registry of that environment, and is copied from there. */
  imported: boolean;
}

/** What one arm deploys. */
export interface PromotedArm {
  version: number;
  /** SHA-256 of the model's content. */
  hash: string;
  /** What its approval says: the evaluation and the values that passed. */
  passed: string;
  image: PromotedImage;
}

export interface PromotedVersions {
  /** By `<flow>.<arm>`; an arm is absent while no version carries both approvals. */
  arms: Record<string, PromotedArm>;
}
