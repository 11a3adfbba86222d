/** Names and plain types of the provider `genaiops`. Imports nothing, so that every command may import it. */

export const pluginName = "genaiops";
export const pluginVersion = "0.1.0";

export const resourceTokens = {
  endpointSettings: "genaiops:index:EndpointSettings",
  webAppSettings: "genaiops:index:WebAppSettings",
  assetVersion: "genaiops:index:AssetVersion",
  blobFolder: "genaiops:index:BlobFolder",
} as const;

export const approvedVersionsToken = "genaiops:index:approvedVersions";

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
