import { createHash } from "node:crypto";
import { open, realpath, type FileHandle } from "node:fs/promises";
import path from "node:path";
import type { BlockBlobClient, ContainerClient } from "@azure/storage-blob";
import { addressOf, containerOf, explained, isCode, whenAllowed } from "./blobStorage";
import {
  folderPath,
  isInside,
  manifestOf,
  manifestPath,
  toSend,
  type Contents,
  type Folder,
  type FoundBlob,
} from "./blobRules";
import type { Cloud } from "./cloud";
import type { Call } from "./pipeline";
import { inParallel } from "./together";
import { UserError } from "./userError";

/** Files on their way at once; with `blockBytes` this bounds the memory. */
const filesAtOnce = 8;
const blockBytes = 8 * 1024 * 1024;

/**
 * Brings the files of a folder to `<prefix>/<hash>` and answers with that path when the last one is there. A file
 * that is there is not sent again, nothing is deleted or overwritten, and what an interrupted run has sent is
 * kept: the folder counts as whole only with its manifest, which is written last.
 *
 * @param root the repository
 * @throws UserError for a file that changed since it was hashed, leads out of the repository, or is there with
 *   other content
 */
export async function ensureFolder(
  cloud: Cloud,
  root: string,
  folder: Folder,
  call: Call = {},
): Promise<{ path: string }> {
  return sendFolder(containerOf(cloud, folder), cloud, root, folder, call);
}

/** The same into a container that is open already, by a signature for example. */
export async function sendFolder(
  container: ContainerClient,
  cloud: Cloud,
  root: string,
  folder: Contents,
  call: Call = {},
): Promise<{ path: string }> {
  return explained(container, async () => {
    const whole = await whenAllowed(() => isWhole(container, folder, call), cloud, call.signal);
    if (whole) return { path: folderPath(folder) };
    const { missing, strangers } = toSend(folder, await findBlobs(container, folder, call));
    if (strangers.length > 0) throw new UserError(unequal(container, folder, strangers));
    const base = await folderOnDisk(root, folder.source);
    await inParallel(missing, filesAtOnce, async (file) => {
      const blob = container.getBlockBlobClient(`${folderPath(folder)}/${file}`);
      await send(blob, base, file, folder.files[file]!, call);
    });
    await putOnce(
      container.getBlockBlobClient(manifestPath(folder)),
      Buffer.from(manifestOf(folder)),
      {},
      call,
    );
    if (!(await isWhole(container, folder, call))) {
      throw new UserError(
        `${manifestPath(folder)} in ${addressOf(container)} vanished while it was written\nRun this again.`,
      );
    }
    return { path: folderPath(folder) };
  });
}

/**
 * Whether every file is there, by the manifest.
 *
 * @throws UserError when the manifest lists other files under the same hash
 */
export async function hasFolder(cloud: Cloud, folder: Folder, call: Call = {}): Promise<boolean> {
  const container = containerOf(cloud, folder);
  return explained(container, async () => {
    try {
      return await isWhole(container, folder, call);
    } catch (error) {
      if (isCode(error, "ContainerNotFound")) return false;
      throw error;
    }
  });
}

async function isWhole(
  container: ContainerClient,
  folder: Contents,
  { signal }: Call,
): Promise<boolean> {
  const manifest = container.getBlockBlobClient(manifestPath(folder));
  try {
    const found = await manifest.downloadToBuffer(0, undefined, { abortSignal: signal });
    if (found.toString() === manifestOf(folder)) return true;
  } catch (error) {
    if (isCode(error, "BlobNotFound")) return false;
    throw error;
  }
  throw new UserError(unequal(container, folder, [`${manifestPath(folder)} lists other files`]));
}

async function findBlobs(
  container: ContainerClient,
  folder: Contents,
  { signal }: Call,
): Promise<FoundBlob[]> {
  const prefix = `${folderPath(folder)}/`;
  const found: FoundBlob[] = [];
  for await (const blob of container.listBlobsFlat({
    prefix,
    includeMetadata: true,
    abortSignal: signal,
  })) {
    found.push({ path: blob.name.slice(prefix.length), sha256: blob.metadata?.["sha256"] });
  }
  return found;
}

/** Sends one file and hashes what it sends; the blob comes into being only after the hash was right. */
async function send(
  blob: BlockBlobClient,
  base: string,
  file: string,
  digest: string,
  call: Call,
): Promise<void> {
  const handle = await openInside(base, file);
  try {
    const hash = createHash("sha256");
    const blocks: string[] = [];
    let block = await nextBlock(handle);
    for (
      let next = await nextBlock(handle);
      next.length > 0;
      block = next, next = await nextBlock(handle)
    ) {
      hash.update(block);
      blocks.push(await stage(blob, blocks.length, block, call));
    }
    const found = hash.update(block).digest("hex");
    if (found !== digest) throw new UserError(changed(base, file, digest, found));
    if (blocks.length === 0) return await putOnce(blob, block, { sha256: digest }, call);
    blocks.push(await stage(blob, blocks.length, block, call));
    await once(blob, { sha256: digest }, call, (options) => blob.commitBlockList(blocks, options));
  } finally {
    await handle.close();
  }
}

/** Ids of one blob's blocks have one length. */
async function stage(
  blob: BlockBlobClient,
  index: number,
  block: Buffer,
  { signal }: Call,
): Promise<string> {
  const id = Buffer.from(String(index).padStart(8, "0")).toString("base64");
  await blob.stageBlock(id, block, block.length, { abortSignal: signal });
  return id;
}

async function putOnce(
  blob: BlockBlobClient,
  bytes: Buffer,
  metadata: { sha256?: string },
  call: Call,
): Promise<void> {
  await once(blob, metadata, call, (options) => blob.upload(bytes, bytes.length, options));
}

/** Two that send the same file at once both succeed, since the content is named by its hash. */
async function once(
  blob: BlockBlobClient,
  metadata: { sha256?: string },
  { signal }: Call,
  write: (options: {
    metadata: Record<string, string>;
    conditions: { ifNoneMatch: "*" };
    abortSignal?: AbortSignal;
  }) => Promise<unknown>,
): Promise<void> {
  try {
    await write({ metadata, conditions: { ifNoneMatch: "*" }, abortSignal: signal });
  } catch (error) {
    if (!isCode(error, "BlobAlreadyExists")) throw error;
    const found = (await blob.getProperties({ abortSignal: signal })).metadata?.["sha256"];
    if (found !== metadata.sha256) {
      throw new UserError(
        `${addressOf(blob)} exists with other content (${found ?? "without hash"})\nNothing is overwritten; remove that blob, then run this again.`,
      );
    }
  }
}

async function nextBlock(handle: FileHandle): Promise<Buffer> {
  const block = Buffer.allocUnsafe(blockBytes);
  let length = 0;
  while (length < blockBytes) {
    const { bytesRead } = await handle.read(block, length, blockBytes - length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return block.subarray(0, length);
}

async function folderOnDisk(root: string, source: string): Promise<string> {
  if (!isInside(source)) throw new UserError(outside(source, root));
  return insideOf(await realpath(root), path.join(root, source));
}

async function openInside(base: string, file: string): Promise<FileHandle> {
  if (!isInside(file)) throw new UserError(outside(file, base));
  return open(await insideOf(base, path.join(base, file)), "r");
}

/** The real path, after every symbolic link. */
async function insideOf(base: string, file: string): Promise<string> {
  const real = await realpath(file).catch((error: NodeJS.ErrnoException) => {
    throw new UserError(
      `cannot read ${file}: ${error.code}\nThe plan lists it; put it back or plan again.`,
    );
  });
  const below = path.relative(base, real);
  if (below.startsWith("..") || path.isAbsolute(below)) throw new UserError(outside(file, base));
  return real;
}

const outside = (file: string, base: string) =>
  `${file} leads out of ${base}; nothing outside is sent\nReplace the symbolic link or the path by the file itself.`;

const changed = (base: string, file: string, planned: string, found: string) =>
  `${path.join(base, file)} changed after it was planned: its SHA-256 was ${planned} and is ${found}\nNothing of it was stored. Run this again.`;

const unequal = (container: ContainerClient, folder: Contents, strangers: readonly string[]) =>
  `refused to use ${addressOf(container)}/${folderPath(folder)}: it has other content than its hash says\n${strangers.map((line) => `- ${line}`).join("\n")}\n` +
  "Nothing is deleted or overwritten; remove those blobs, then run this again.";
