import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";

/** One committed blob; its bytes lie under their hash. */
export interface Blob {
  /** SHA-256 of the bytes, hex. */
  readonly hash: string;
  readonly length: number;
  /** MD5 of the bytes, base64, as the service computes it for a whole upload. */
  readonly md5: string;
  readonly contentType: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly etag: string;
  /** HTTP date. */
  readonly lastModified: string;
}

/** Blobs and blocks by `<account>/<container>/<path>`. */
export interface BlobState {
  readonly blobs: Record<string, Blob>;
  /** Uploaded blocks that no list has committed: id to hash. */
  readonly blocks: Record<string, Record<string, string>>;
  /** Blocks that a blob is made of, in order. */
  readonly committed: Record<string, Record<string, string>>;
  writes: number;
}

export function emptyBlobs(): BlobState {
  return { blobs: {}, blocks: {}, committed: {}, writes: 0 };
}

/** Bytes under their hash, in one folder: written once, whole, before anything refers to them. */
export class ByteFolder {
  constructor(private readonly folder: string) {}

  put(bytes: Buffer): string {
    const hash = createHash("sha256").update(bytes).digest("hex");
    const file = path.join(this.folder, hash);
    if (fs.existsSync(file)) return hash;
    fs.mkdirSync(this.folder, { recursive: true });
    const unfinished = `${file}.${process.pid}.part`;
    fs.writeFileSync(unfinished, bytes, { mode: 0o600, flush: true });
    fs.renameSync(unfinished, file);
    return hash;
  }

  get(hash: string): Buffer {
    return fs.readFileSync(path.join(this.folder, hash));
  }
}

export interface BlobHeaders {
  readonly contentType: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Store bytes as a blob, over whatever stood there. */
export function commitBlob(
  state: BlobState,
  folder: ByteFolder,
  key: string,
  bytes: Buffer,
  headers: BlobHeaders,
): Blob {
  state.writes += 1;
  const blob: Blob = {
    hash: folder.put(bytes),
    length: bytes.length,
    md5: createHash("md5").update(bytes).digest("base64"),
    contentType: headers.contentType,
    metadata: headers.metadata,
    etag: `"0x8D${state.writes.toString(16).toUpperCase().padStart(13, "0")}"`,
    lastModified: new Date().toUTCString(),
  };
  state.blobs[key] = blob;
  delete state.blocks[key];
  delete state.committed[key];
  return blob;
}

/** Blobs go with their container, and it with its account: drop those whose `<account>/<container>` is no more. */
export function forgetRemoved(
  state: BlobState,
  exists: (account: string, container: string) => boolean,
): void {
  const containerOf = (key: string): string => key.split("/").slice(0, 2).join("/");
  const keys = [state.blobs, state.blocks, state.committed].flatMap((entries) =>
    Object.keys(entries),
  );
  for (const place of new Set(keys.map(containerOf))) {
    const [account = "", container = ""] = place.split("/");
    if (exists(account, container)) continue;
    for (const entries of [state.blobs, state.blocks, state.committed]) {
      for (const key of Object.keys(entries)) if (containerOf(key) === place) delete entries[key];
    }
  }
}
