import { randomUUID } from "node:crypto";
import { XMLParser } from "fast-xml-parser";
import type { AzureState } from "../state";
import { valueAt } from "../paths";
import { type Blob, type BlobState, type ByteFolder, commitBlob } from "./blob-store";
import { blobError, BlobError, listing } from "./blob-xml";
import type { Reply, Request } from "./http";
import { type Grant, mayUseBlobs } from "./principals";
import type { Claims } from "./tokens";

/** What one request is about. */
interface Target {
  readonly account: string;
  readonly container: string;
  /** Path inside the container; empty for the container itself. */
  readonly path: string;
  /** `<account>/<container>/<path>`. */
  readonly key: string;
}

/** The blob service of every storage account in the model, under `/blob/<account>/<container>/<path>`. */
export class BlobService {
  constructor(
    private readonly stored: {
      readonly state: AzureState;
      readonly blobs: BlobState;
      readonly bytes: ByteFolder;
    },
    private readonly settings: {
      readonly url: string;
      readonly tenantId: string;
      readonly dataRoles: boolean;
      readonly grants: readonly Grant[];
    },
    private readonly login: (token: string) => Claims | undefined,
    private readonly createContainer: (accountId: string, name: string) => void,
  ) {}

  handle(request: Request): Reply {
    const common = {
      "x-ms-request-id": randomUUID(),
      "x-ms-version": String(request.headers["x-ms-version"] ?? "2025-11-05"),
      "x-ms-client-request-id": String(request.headers["x-ms-client-request-id"] ?? ""),
    };
    try {
      const reply = this.answer(request);
      return { ...reply, headers: { ...common, ...reply.headers } };
    } catch (error) {
      if (!(error instanceof BlobError)) throw error;
      const reply = blobError(error);
      return { ...reply, headers: { ...common, ...this.challenge(error), ...reply.headers } };
    }
  }

  private challenge(error: BlobError): Record<string, string> {
    if (error.status !== 401) return {};
    const authorize = `${this.settings.url}/${this.settings.tenantId}/oauth2/authorize`;
    const resource = "https://storage.azure.com";
    return { "www-authenticate": `Bearer authorization_uri=${authorize} resource_id=${resource}` };
  }

  private answer(request: Request): Reply {
    const [, , account = "", container = "", ...rest] = request.url.pathname.split("/");
    const path = rest.map(decodeURIComponent).join("/");
    const target: Target = { account, container, path, key: `${account}/${container}/${path}` };
    const accountId = this.accountId(account);
    this.authorize(request, `${accountId}/blobServices/default/containers/${container}`);
    const { searchParams } = request.url;
    if (path === "") {
      if (searchParams.get("restype") !== "container") throw unsupported(request);
      return this.onContainer(request, target, accountId);
    }
    this.requireContainer(accountId, container);
    return this.onBlob(request, target);
  }

  private accountId(name: string): string {
    const found = Object.values(this.stored.state.resources).find(
      ({ token, body }) => token === "azure-native:storage:StorageAccount" && body.name === name,
    );
    // A real account that does not exist has no address at all.
    if (!found)
      throw new BlobError(404, "ResourceNotFound", `There is no storage account ${name}.`);
    return found.id;
  }

  private containerExists(accountId: string, name: string): boolean {
    const id = `${accountId}/blobServices/default/containers/${name}`.toLowerCase();
    return this.stored.state.resources[id] !== undefined;
  }

  private requireContainer(accountId: string, name: string): void {
    if (this.containerExists(accountId, name)) return;
    throw new BlobError(404, "ContainerNotFound", "The specified container does not exist.");
  }

  /** Shared keys and signatures are refused whatever the account allows: the sandbox hands none out. */
  private authorize(request: Request, containerId: string): void {
    const [scheme = "", token = ""] = (request.headers.authorization ?? "").split(" ");
    if (/^SharedKey/i.test(scheme) || request.url.searchParams.has("sig")) {
      const message = "Key based authentication is not permitted on this storage account.";
      throw new BlobError(403, "KeyBasedAuthenticationNotPermitted", message);
    }
    const message =
      "Server failed to authenticate the request. Please refer to the information in the www-authenticate header.";
    if (scheme === "") throw new BlobError(401, "NoAuthenticationInformation", message);
    const claims = /^Bearer$/i.test(scheme) ? this.login(token) : undefined;
    if (!claims || !isStorageAudience(claims.aud, this.settings.url)) {
      throw new BlobError(401, "InvalidAuthenticationInfo", message);
    }
    const access = request.method === "GET" || request.method === "HEAD" ? "read" : "write";
    if (
      !this.settings.dataRoles ||
      mayUseBlobs(this.stored.state, this.settings.grants, claims.oid ?? "", containerId, access)
    )
      return;
    const refusal =
      "This request is not authorized to perform this operation using this permission.";
    throw new BlobError(403, "AuthorizationPermissionMismatch", refusal);
  }

  private onContainer(request: Request, target: Target, accountId: string): Reply {
    const { account, container } = target;
    if (request.method === "PUT" && !request.url.searchParams.has("comp")) {
      if (this.containerExists(accountId, container)) {
        throw new BlobError(
          409,
          "ContainerAlreadyExists",
          "The specified container already exists.",
        );
      }
      this.createContainer(accountId, container);
      return { status: 201 };
    }
    this.requireContainer(accountId, container);
    if (request.method === "GET" && request.url.searchParams.get("comp") === "list") {
      const address = `${this.settings.url}/blob/${account}/`;
      return {
        status: 200,
        xml: listing(
          this.stored.blobs,
          `${account}/${container}/`,
          address,
          container,
          request.url.searchParams,
        ),
      };
    }
    if (request.method === "GET" || request.method === "HEAD") return { status: 200 };
    throw unsupported(request);
  }

  private onBlob(request: Request, target: Target): Reply {
    const comp = request.url.searchParams.get("comp");
    if (request.method === "PUT") {
      if (comp === "block") return this.putBlock(request, target);
      if (comp !== null && comp !== "blocklist") throw unsupported(request);
      this.checkConditions(request, this.stored.blobs.blobs[target.key]);
      return comp === "blocklist"
        ? this.putBlockList(request, target)
        : this.putBlob(request, target);
    }
    const blob = this.stored.blobs.blobs[target.key];
    if (!blob) throw new BlobError(404, "BlobNotFound", "The specified blob does not exist.");
    if (comp !== null) throw unsupported(request);
    if (request.method === "DELETE") {
      this.checkConditions(request, blob);
      delete this.stored.blobs.blobs[target.key];
      return { status: 202 };
    }
    if (request.method !== "GET" && request.method !== "HEAD") throw unsupported(request);
    if (request.headers["if-none-match"] === blob.etag)
      return { status: 304, headers: { etag: blob.etag } };
    this.checkConditions(request, blob);
    return this.download(request, blob);
  }

  /** learn.microsoft.com/rest/api/storageservices/specifying-conditional-headers-for-blob-service-operations */
  private checkConditions(request: Request, blob: Blob | undefined): void {
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

  private putBlob(request: Request, target: Target): Reply {
    if (request.headers["x-ms-blob-type"] !== "BlockBlob") {
      throw new BlobError(
        400,
        "InvalidHeaderValue",
        "x-ms-blob-type: the sandbox stores block blobs only.",
      );
    }
    return created(
      commitBlob(
        this.stored.blobs,
        this.stored.bytes,
        target.key,
        request.body,
        headersOf(request),
      ),
    );
  }

  private putBlock(request: Request, target: Target): Reply {
    const id = request.url.searchParams.get("blockid");
    if (!id) throw new BlobError(400, "InvalidQueryParameterValue", "blockid is missing.");
    const blocks = (this.stored.blobs.blocks[target.key] ??= {});
    blocks[id] = this.stored.bytes.put(request.body);
    return { status: 201, headers: { "x-ms-request-server-encrypted": "true" } };
  }

  private putBlockList(request: Request, target: Target): Reply {
    const wanted = blockList(request.body.toString("utf8"));
    const fresh = this.stored.blobs.blocks[target.key] ?? {};
    const old = this.stored.blobs.committed[target.key] ?? {};
    const hashes = wanted.map(({ from, id }) => {
      const hash =
        from === "Committed"
          ? old[id]
          : from === "Uncommitted"
            ? fresh[id]
            : (fresh[id] ?? old[id]);
      if (hash === undefined)
        throw new BlobError(400, "InvalidBlockList", "The specified block list is invalid.");
      return hash;
    });
    const bytes = Buffer.concat(hashes.map((hash) => this.stored.bytes.get(hash)));
    const blob = commitBlob(
      this.stored.blobs,
      this.stored.bytes,
      target.key,
      bytes,
      headersOf(request),
    );
    this.stored.blobs.committed[target.key] = Object.fromEntries(
      wanted.map(({ id }, at) => [id, hashes[at] ?? ""]),
    );
    return created(blob);
  }

  private download(request: Request, blob: Blob): Reply {
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
    const bytes = this.stored.bytes.get(blob.hash);
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
}

function isStorageAudience(audience: string, url: string): boolean {
  return (
    audience === "https://storage.azure.com" ||
    /^https:\/\/[a-z0-9]{3,24}\.blob\.core\.windows\.net$/.test(audience) ||
    audience.startsWith(`${url}/blob/`)
  );
}

function unsupported(request: Request): BlobError {
  const what = `${request.method} ${request.url.search}`.trim();
  return new BlobError(501, "NotImplemented", `The sandbox does not simulate ${what} on blobs.`);
}

function created(blob: Blob): Reply {
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

function headersOf(request: Request): Pick<Blob, "contentType" | "metadata"> {
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
function blockList(xml: string): { readonly from: string; readonly id: string }[] {
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
