import type { AzureState, Deleted, Quotas, StoredResource } from "./state";
import type { Json } from "./paths";

/** What a rule or a computed property knows about the request and about the rest of Azure. */
export interface Facts {
  /** ARM id of the resource that the request is about. */
  readonly id: string;
  readonly name: string;
  readonly token: string;
  /** The body as it would be stored, defaults filled in. For DELETE and POST the stored body. */
  readonly body: Json;
  /** The stored body before the request; undefined on create. */
  readonly before: Json | undefined;
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Body of a POST. */
  readonly sent?: unknown;
  /** Object id of the caller. */
  readonly principal?: string | undefined;
  /** For what is no resource: images. */
  readonly state: AzureState;
  /** Address of a storage account's blobs. */
  blobEndpoint(account: string): string;
  readonly now: number;
  readonly tenantId: string;
  readonly quotas: Quotas;
  /** Region: the body's, the parent's, or the resource group's. */
  readonly location: string;
  /** The stored resource with that id, in any case. */
  find(id: unknown): StoredResource | undefined;
  /** Every stored resource of a token, in the order of creation. */
  all(token: string): readonly StoredResource[];
  deleted(token: string): readonly Deleted[];
  /** True when the object id is an identity of a stored resource or declared in the settings. */
  principalExists(principalId: string): boolean;
  /** True when the object id is an identity of a stored resource. */
  identityExists(principalId: string): boolean;
}
