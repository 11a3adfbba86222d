import { XMLBuilder } from "fast-xml-parser";
import type { BlobState } from "./blobStore";
import type { Reply } from "./http";

/** A refusal of the blob service; its code also stands in the header `x-ms-error-code`. */
export class BlobError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

const declaration = '<?xml version="1.0" encoding="utf-8"?>';
const builder = new XMLBuilder({ ignoreAttributes: false, attributeNamePrefix: "@" });

function document(content: object): string {
  return declaration + String(builder.build(content));
}

export function blobError(error: BlobError): Reply {
  return {
    status: error.status,
    headers: { "x-ms-error-code": error.code },
    xml: document({ Error: { Code: error.code, Message: error.message } }),
  };
}

/** The answer to List Blobs: sorted by name, by prefix and delimiter, in pages of at most 5000. */
export function listing(
  state: BlobState,
  under: string,
  address: string,
  container: string,
  query: URLSearchParams,
): string {
  const prefix = query.get("prefix") ?? "";
  const delimiter = query.get("delimiter") ?? "";
  const limit = Math.min(Number(query.get("maxresults") ?? 5000), 5000);
  const withMetadata = (query.get("include") ?? "").split(",").includes("metadata");
  const folderOf = (name: string): string | undefined => {
    const end = delimiter === "" ? -1 : name.indexOf(delimiter, prefix.length);
    return end < 0 ? undefined : name.slice(0, end + delimiter.length);
  };
  const names = Object.keys(state.blobs)
    .filter((key) => key.startsWith(under + prefix))
    .map((key) => key.slice(under.length));
  const entries = [...new Set(names.map((name) => folderOf(name) ?? name))].sort();
  const rest = entries.filter((entry) => entry >= (query.get("marker") ?? ""));
  const page = rest.slice(0, limit);
  const isFolder = (entry: string): boolean =>
    !(under + entry in state.blobs) || folderOf(entry) === entry;
  return document({
    EnumerationResults: {
      "@ServiceEndpoint": address,
      "@ContainerName": container,
      Prefix: prefix,
      MaxResults: limit,
      Delimiter: delimiter,
      Blobs: {
        Blob: page
          .filter((entry) => !isFolder(entry))
          .map((name) => {
            const blob = state.blobs[under + name];
            return {
              Name: name,
              Properties: {
                "Last-Modified": blob?.lastModified,
                Etag: blob?.etag.replaceAll('"', ""),
                "Content-Length": blob?.length,
                "Content-Type": blob?.contentType,
                "Content-MD5": blob?.md5,
                BlobType: "BlockBlob",
                AccessTier: "Hot",
                LeaseStatus: "unlocked",
                LeaseState: "available",
                ServerEncrypted: true,
              },
              ...(withMetadata && blob ? { Metadata: blob.metadata } : {}),
            };
          }),
        BlobPrefix: page.filter(isFolder).map((Name) => ({ Name })),
      },
      NextMarker: rest[limit] ?? "",
    },
  });
}
