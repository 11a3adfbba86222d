/** One resource as Azure holds it: the ARM body with `id`, `name` and `type`, write-only values included. */
export interface StoredResource {
  readonly token: string;
  readonly id: string;
  body: Record<string, unknown>;
}

/** A long-running write. */
export interface Operation {
  readonly id: string;
  readonly kind: "write" | "delete";
  /** Key of the resource in `resources`. */
  readonly resource: string;
  /** Writes on resources of one group exclude each other. */
  readonly group: string;
  pollsLeft: number;
  /** Set by a fault: the operation ends in Failed. */
  readonly fails: boolean;
  status: "InProgress" | "Succeeded" | "Failed";
}

/** A soft-deleted resource. */
export interface Deleted extends StoredResource {
  /** Milliseconds since 1970 from which the name is free. */
  readonly until: number;
}

/** The whole simulated Azure as JSON. Resources are keyed by their ARM id in lower case. */
export interface AzureState {
  resources: Record<string, StoredResource>;
  deleted: Record<string, Deleted>;
  operations: Record<string, Operation>;
  /** Number of writes (PUT, PATCH, DELETE) so far; faults count by it. */
  writes: number;
  /** Digest by container registry (its key in `resources`), repository and tag. @default nothing was pushed */
  images?: Record<string, Record<string, Record<string, string>>>;
  /** Each image that was built and pushed, in order. @default nothing was built */
  builds?: string[];
}

export function emptyState(): AzureState {
  return { resources: {}, deleted: {}, operations: {}, writes: 0 };
}

/**
 * What goes wrong at the n-th write (1 is the first of this state).
 * `fail`: a long-running write ends in Failed, another answers 500 and writes nothing.
 * `delay`: a long-running write needs `delayPolls` polls more, another answers 429 once.
 * `kill`: the write is done, then `KillFault` is thrown in place of the answer.
 */
export interface Fault {
  readonly operation: number;
  readonly kind: "fail" | "delay" | "kill";
}

export class KillFault extends Error {
  constructor(readonly operation: number) {
    super(`killed after write ${operation}, by a fault of the sandbox settings`);
  }
}

/** Azure's default limits: DOC/how-to-manage-quotas.md; role assignments: Azure RBAC limits. */
export interface Quotas {
  readonly endpoints: number;
  readonly deployments: number;
  readonly deploymentsPerEndpoint: number;
  readonly instances: number;
  readonly roleAssignments: number;
}

export const defaultTenant = "00000000-0000-0000-0000-00000000000a";

export interface SandboxSettings {
  /** Polls until a long-running operation ends; 0 ends it at once. @default 1 */
  readonly polls?: number;
  /** Further polls that a `delay` fault costs. @default 3 */
  readonly delayPolls?: number;
  readonly faults?: readonly Fault[];
  readonly quotas?: Partial<Quotas>;
  /** Object ids that exist in the tenant without being resources: users, groups, service principals. @default none */
  readonly principals?: readonly string[];
  /** Milliseconds since 1970. @default 2026-01-01, and it never moves by itself */
  readonly now?: number;
  /** @default 00000000-0000-0000-0000-00000000000a */
  readonly tenantId?: string;
  /** Base of the `Azure-AsyncOperation` address. @default https://management.azure.com */
  readonly resourceManager?: string;
}

export const defaultQuotas: Quotas = {
  endpoints: 100,
  deployments: 500,
  deploymentsPerEndpoint: 20,
  instances: 50,
  roleAssignments: 4000,
};
