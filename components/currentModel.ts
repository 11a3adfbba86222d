import * as pulumi from "@pulumi/pulumi";
import { datastoreUri, modelParts, modelPrefix } from "../config/assets";
import type { FolderContent } from "../config/hash";
import { AssetVersion, BlobFolder } from "../packages/provider/resources";
import type { Place } from "./place";
import type { ResolvedFlow } from "./versions";
import type { Workspace } from "./workspace";

export interface CurrentModelArgs {
  readonly place: Place;
  readonly flow: ResolvedFlow;
  /** Required. What the checkout of the flow's model holds. */
  readonly content: FolderContent;
  readonly workspace: Workspace;
  /** Required. Name of the workspace's storage account. */
  readonly storageAccount: pulumi.Input<string>;
  /** Required. Roles by which the files are sent. */
  readonly uploadGrants: readonly pulumi.Resource[];
}

/**
 * Register this checkout of a flow: its files in the workspace's default datastore, and a model version
 * that points at them. Answers the version; unchanged files find the version they already have.
 */
export function currentModel(
  name: string,
  { place, flow, content, workspace, storageAccount, uploadGrants }: CurrentModelArgs,
  opts: pulumi.CustomResourceOptions,
): AssetVersion {
  const { files, hash } = content;
  const folder = new BlobFolder(
    `${name}.files`,
    {
      account: storageAccount,
      container: workspace.blobContainer,
      prefix: modelPrefix(flow.name),
      source: flow.experiment.flow,
      files: { ...files },
      hash,
    },
    pulumi.mergeOptions(opts, { dependsOn: [...uploadGrants] }),
  );
  const modelUri = pulumi
    .all([workspace.resourceGroupName, workspace.workspaceName, folder.path])
    .apply(([resourceGroup, workspaceName, path]) =>
      datastoreUri({
        subscriptionId: place.subscriptionId,
        resourceGroup,
        workspace: workspaceName,
        path,
      }),
    );
  const { properties, tags } = modelParts(flow.name);
  return new AssetVersion(
    `${name}.model`,
    {
      workspace: workspace.id,
      kind: "model",
      name: flow.modelName,
      hash,
      properties: { ...properties, modelUri },
      tags,
    },
    opts,
  );
}
