import type { FoundVersion } from "./assetVersion";
import { ensureVersion } from "./assetVersion";
import { sendFolder } from "./blobFolder";
import { folderPath, type Contents } from "./blobRules";
import { signedContainer } from "./blobStorage";
import type { Call } from "./pipeline";
import type { Json, ResourceManager } from "./resourceManager";
import { UserError } from "./userError";

export interface RegistryModel {
  /** ARM id of the registry. */
  readonly registry: string;
  readonly name: string;
  readonly folder: Contents;
  /** ARM `properties` of the version without `modelUri`, which the upload decides. */
  readonly properties: Json;
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * The version of a shared registry's model that holds these files: found by their hash, or made of an upload.
 * A registry takes no path in a workspace's datastore
 * (DOC/how-to-share-models-pipelines-across-workspaces-with-registries.md), so the files are sent to it.
 *
 * @param root the repository
 * @throws as `ensureVersion` and `sendFolder`
 */
export async function publishModel(
  azure: ResourceManager,
  root: string,
  { registry, name, folder, properties, tags }: RegistryModel,
  call: Call = {},
): Promise<FoundVersion> {
  const upload = (id: string) => send(azure, root, id, folder, call);
  const asset = { workspace: registry, kind: "model", name, hash: folder.hash } as const;
  return ensureVersion(azure, { ...asset, properties, tags, upload }, call);
}

/** Sends the files to where the registry wants those of this version, and answers with their address. */
async function send(
  azure: ResourceManager,
  root: string,
  id: string,
  folder: Contents,
  call: Call,
): Promise<Json> {
  const answer = await azure.act(id, "startPendingUpload", {
    ...call,
    body: { pendingUploadType: "TemporaryBlobReference" },
  });
  const place = (answer["blobReferenceForConsumption"] ?? {}) as Place;
  const { blobUri, credential } = place;
  if (blobUri === undefined || credential?.sasUri === undefined) {
    throw new UserError(`${id}: the registry named no place to send the files to; run this again`);
  }
  const container = signedContainer(azure.cloud, credential.sasUri);
  await sendFolder(container, azure.cloud, root, folder, call);
  return { modelUri: `${blobUri}/${folderPath(folder)}` };
}

/** PendingUploadResponseDto of the API version that the resource manager speaks. */
interface Place {
  readonly blobUri?: string;
  readonly credential?: { readonly sasUri?: string };
}
