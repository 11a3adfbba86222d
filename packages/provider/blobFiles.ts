import type { Cloud } from "./cloud";
import { containerOf, explained, isCode, whenAllowed } from "./blobStorage";
import type { Call } from "./pipeline";

/** Where a file lies in blob storage. */
export interface BlobPlace {
  readonly account: string;
  readonly container: string;
  /** Path in the container. */
  readonly path: string;
}

/** The bytes of one blob, or undefined where there is none. */
export async function readBlob(
  cloud: Cloud,
  place: BlobPlace,
  { signal }: Call = {},
): Promise<Buffer | undefined> {
  return found(cloud, place, signal, (blob) =>
    blob.downloadToBuffer(0, undefined, { abortSignal: signal }),
  );
}

/** Write a blob to a file, piece by piece. False where there is none. */
export async function downloadBlob(
  cloud: Cloud,
  place: BlobPlace,
  file: string,
  { signal }: Call = {},
): Promise<boolean> {
  const answer = await found(cloud, place, signal, (blob) =>
    blob.downloadToFile(file, 0, undefined, { abortSignal: signal }),
  );
  return answer !== undefined;
}

type BlobClient = ReturnType<ReturnType<typeof containerOf>["getBlockBlobClient"]>;

async function found<Result>(
  cloud: Cloud,
  place: BlobPlace,
  signal: AbortSignal | undefined,
  read: (blob: BlobClient) => Promise<Result>,
): Promise<Result | undefined> {
  const container = containerOf(cloud, place);
  return explained(container, async () => {
    try {
      const blob = container.getBlockBlobClient(place.path);
      return await whenAllowed(() => read(blob), cloud, signal);
    } catch (error) {
      if (isCode(error, "BlobNotFound")) return undefined;
      throw error;
    }
  });
}
