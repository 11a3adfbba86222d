import { randomUUID } from "node:crypto";
import { registryWithAccount, uploadSignature } from "../rules/registryAssets";
import type { AzureState, StoredResource } from "../state";
import { type BlobAccess, challenge, checkSignature, checkToken } from "./blobAccess";
import { blockList, checkConditions, created, download, headersOf } from "./blobContent";
import { type BlobState, type ByteFolder, commitBlob, forgetRemoved } from "./blobStore";
import { blobError, BlobError, listing } from "./blobXml";
import type { Reply, Request } from "./http";

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
    private readonly access: BlobAccess,
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
      return {
        ...reply,
        headers: { ...common, ...challenge(error, this.access), ...reply.headers },
      };
    }
  }

  private answer(request: Request): Reply {
    const [, , account = "", container = "", ...rest] = request.url.pathname.split("/");
    const path = rest.map(decodeURIComponent).join("/");
    const target: Target = { account, container, path, key: `${account}/${container}/${path}` };
    const registry = this.sharedRegistry(account);
    if (registry) {
      checkSignature(request, uploadSignature(registry.id, container));
      if (path !== "") return this.onBlob(request, target);
      if (request.method === "GET") return this.listed(request, target);
      throw unsupported(request);
    }
    const accountId = this.accountId(account);
    const containerId = `${accountId}/blobServices/default/containers/${container}`;
    checkToken(request, containerId, this.stored.state, this.access);
    const { searchParams } = request.url;
    if (path === "") {
      if (searchParams.get("restype") !== "container") throw unsupported(request);
      return this.onContainer(request, target, accountId);
    }
    this.requireContainer(accountId, container);
    return this.onBlob(request, target);
  }

  /** After a change of the model: a container that went took its blobs along. */
  forgetRemoved(): void {
    forgetRemoved(this.stored.blobs, (account, container) => {
      if (this.sharedRegistry(account)) return true;
      const accountId = this.findAccount(account);
      return accountId !== undefined && this.containerExists(accountId, container);
    });
  }

  private findAccount(name: string): string | undefined {
    return Object.values(this.stored.state.resources).find(
      ({ token, body }) => token === "azure-native:storage:StorageAccount" && body.name === name,
    )?.id;
  }

  private accountId(name: string): string {
    const found = this.findAccount(name);
    // A real account that does not exist has no address at all.
    if (!found)
      throw new BlobError(404, "ResourceNotFound", `There is no storage account ${name}.`);
    return found;
  }

  private containerExists(accountId: string, name: string): boolean {
    const id = `${accountId}/blobServices/default/containers/${name}`.toLowerCase();
    return this.stored.state.resources[id] !== undefined;
  }

  private requireContainer(accountId: string, name: string): void {
    if (this.containerExists(accountId, name)) return;
    throw new BlobError(404, "ContainerNotFound", "The specified container does not exist.");
  }

  /** The shared registry that the account belongs to, if it is one's: what is uploaded to it goes there. */
  private sharedRegistry(account: string): StoredResource | undefined {
    return registryWithAccount(Object.values(this.stored.state.resources), account);
  }

  private onContainer(request: Request, target: Target, accountId: string): Reply {
    const { container } = target;
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
      return this.listed(request, target);
    }
    if (request.method === "GET" || request.method === "HEAD") return { status: 200 };
    throw unsupported(request);
  }

  private listed({ url }: Request, { account, container }: Target): Reply {
    const address = `${this.access.url}/blob/${account}/`;
    const place = `${account}/${container}/`;
    return {
      status: 200,
      xml: listing(this.stored.blobs, place, address, container, url.searchParams),
    };
  }

  private onBlob(request: Request, target: Target): Reply {
    const comp = request.url.searchParams.get("comp");
    if (request.method === "PUT") {
      if (comp === "block") return this.putBlock(request, target);
      if (comp !== null && comp !== "blocklist") throw unsupported(request);
      checkConditions(request, this.stored.blobs.blobs[target.key]);
      return comp === "blocklist"
        ? this.putBlockList(request, target)
        : this.putBlob(request, target);
    }
    const blob = this.stored.blobs.blobs[target.key];
    if (!blob) throw new BlobError(404, "BlobNotFound", "The specified blob does not exist.");
    if (comp !== null) throw unsupported(request);
    if (request.method === "DELETE") {
      checkConditions(request, blob);
      delete this.stored.blobs.blobs[target.key];
      return { status: 202 };
    }
    if (request.method !== "GET" && request.method !== "HEAD") throw unsupported(request);
    if (request.headers["if-none-match"] === blob.etag)
      return { status: 304, headers: { etag: blob.etag } };
    checkConditions(request, blob);
    return download(request, blob, this.stored.bytes.get(blob.hash));
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
}

function unsupported(request: Request): BlobError {
  const what = `${request.method} ${request.url.search}`.trim();
  return new BlobError(501, "NotImplemented", `The sandbox does not simulate ${what} on blobs.`);
}
