import type { AzureState } from "../state";
import { BlobError } from "./blobXml";
import { bearerToken, type Request } from "./http";
import { type Grant, mayUseBlobs } from "./principals";
import type { Claims } from "./tokens";

/** Who may use blobs: refusals are thrown as `BlobError`. */

export interface BlobAccess {
  /** Address of the sandbox. */
  readonly url: string;
  readonly tenantId: string;
  /** Whether a token alone is not enough: a data role is needed too. */
  readonly dataRoles: boolean;
  readonly grants: readonly Grant[];
  readonly claimsOf: (token: string) => Claims | undefined;
}

/** Shared keys and signatures are refused whatever the account allows: the sandbox hands none out for it. */
export function checkToken(
  request: Request,
  containerId: string,
  state: AzureState,
  access: BlobAccess,
): void {
  const { authorization = "" } = request.headers;
  if (/^SharedKey/i.test(authorization) || request.url.searchParams.has("sig")) {
    const message = "Key based authentication is not permitted on this storage account.";
    throw new BlobError(403, "KeyBasedAuthenticationNotPermitted", message);
  }
  const message =
    "Server failed to authenticate the request. Please refer to the information in the www-authenticate header.";
  if (authorization === "") throw new BlobError(401, "NoAuthenticationInformation", message);
  const claims = access.claimsOf(bearerToken(request.headers) ?? "");
  if (!claims || !isStorageAudience(claims.aud, access.url)) {
    throw new BlobError(401, "InvalidAuthenticationInfo", message);
  }
  if (!access.dataRoles) return;
  const use = request.method === "GET" || request.method === "HEAD" ? "read" : "write";
  if (mayUseBlobs(state, access.grants, claims.oid ?? "", containerId, use)) return;
  throw new BlobError(
    403,
    "AuthorizationPermissionMismatch",
    "This request is not authorized to perform this operation using this permission.",
  );
}

/** An upload to a registry is allowed by the signature that `startPendingUpload` gave, and by nothing else. */
export function checkSignature(request: Request, signature: string): void {
  const given = request.url.searchParams.get("sig");
  if (given === signature) return;
  throw new BlobError(
    403,
    "AuthenticationFailed",
    given === null
      ? "Server failed to authenticate the request: a registry's storage takes the signature of an upload alone."
      : "Server failed to authenticate the request: the signature is not that of this upload.",
  );
}

/** Headers by which a client that is not logged in learns where to. */
export function challenge(
  { status }: BlobError,
  { url, tenantId }: BlobAccess,
): Record<string, string> {
  if (status !== 401) return {};
  const authorize = `${url}/${tenantId}/oauth2/authorize`;
  const resource = "https://storage.azure.com";
  return { "www-authenticate": `Bearer authorization_uri=${authorize} resource_id=${resource}` };
}

function isStorageAudience(audience: string, url: string): boolean {
  return (
    audience === "https://storage.azure.com" ||
    /^https:\/\/[a-z0-9]{3,24}\.blob\.core\.windows\.net$/.test(audience) ||
    audience.startsWith(`${url}/blob/`)
  );
}
