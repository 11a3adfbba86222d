import { XMLParser } from "fast-xml-parser";
import { valueAt } from "../paths";
import type { Blob } from "./blobStore";
import { BlobError } from "./blobXml";
import type { Reply, Request } from "./http";

/** What requests on one blob say, and what is answered: no state, no effects. */

/** learn.microsoft.com/rest/api/storageservices/specifying-conditional-headers-for-blob-service-operations */
export function checkConditions(request: Request, blob: Blob | undefined): void {
  const { "if-none-match": none, "if-match": match } = request.headers;
  if (none === "*" && blob && request.method === "PUT") {
    throw new BlobError(409, "BlobAlreadyExists", "The specified blob already exists.");
  }
  const fails =
    (match !== undefined && match !== "*" && match !== blob?.etag) || (match === "*" && !blob);
  if (!fails) return;
  const message = "The condition specified using HTTP conditional header(s) is not met.";
  throw new BlobError(412, "ConditionNotMet", message);
}

/** The bytes of a blob, or the range of them that was asked for. */
export function download(request: Request, blob: Blob, bytes: Buffer): Reply {
  const headers = {
    etag: blob.etag,
    "last-modified": blob.lastModified,
    "content-type": blob.contentType,
    "accept-ranges": "bytes",
    "x-ms-blob-type": "BlockBlob",
    "x-ms-server-encrypted": "true",
    ...Object.fromEntries(
      Object.entries(blob.metadata).map(([name, value]) => [`x-ms-meta-${name}`, value]),
    ),
  };
  const range = /^bytes=(\d+)-(\d*)$/.exec(
    String(request.headers["x-ms-range"] ?? request.headers.range ?? ""),
  );
  if (!range) return { status: 200, headers: { ...headers, "content-md5": blob.md5 }, bytes };
  const [from, to] = [
    Number(range[1]),
    range[2] ? Math.min(Number(range[2]), bytes.length - 1) : bytes.length - 1,
  ];
  if (from >= bytes.length) {
    throw new BlobError(
      416,
      "InvalidRange",
      "The range specified is invalid for the current size of the resource.",
    );
  }
  const part = { "content-range": `bytes ${from}-${to}/${bytes.length}` };
  return { status: 206, headers: { ...headers, ...part }, bytes: bytes.subarray(from, to + 1) };
}

export function created(blob: Blob): Reply {
  return {
    status: 201,
    headers: {
      etag: blob.etag,
      "last-modified": blob.lastModified,
      "content-md5": blob.md5,
      "x-ms-request-server-encrypted": "true",
    },
  };
}

export function headersOf(request: Request): Pick<Blob, "contentType" | "metadata"> {
  const { headers } = request;
  const metadata = Object.entries(headers)
    .filter(([name]) => name.startsWith("x-ms-meta-"))
    .map(([name, value]) => [name.slice("x-ms-meta-".length), String(value)]);
  return {
    contentType: String(
      headers["x-ms-blob-content-type"] ?? headers["content-type"] ?? "application/octet-stream",
    ),
    metadata: Object.fromEntries(metadata) as Record<string, string>,
  };
}

/** Blocks of a `<BlockList>` in document order, which is the order of the bytes. */
export function blockList(xml: string): { readonly from: string; readonly id: string }[] {
  const parsed = new XMLParser({ preserveOrder: true, parseTagValue: false }).parse(xml) as Record<
    string,
    unknown
  >[];
  const list = parsed.map((node) => node.BlockList).find(Array.isArray) as
    Record<string, unknown>[] | undefined;
  if (!list)
    throw new BlobError(400, "InvalidXmlDocument", "XML specified is not syntactically valid.");
  return list.flatMap((node) =>
    Object.entries(node).map(([from, content]) => {
      const text = Array.isArray(content) ? valueAt(content[0], "#text") : undefined;
      return { from, id: typeof text === "string" ? text : "" };
    }),
  );
}
