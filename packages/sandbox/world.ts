import type { Facts } from "./facts";
import type { Json } from "./paths";
import type { AzureState, SandboxSettings } from "./state";

/** What requests are answered from. */
export interface World {
  readonly state: AzureState;
  readonly settings: SandboxSettings;
  facts(id: string, body: Json, request: Request): Facts;
}

/** What a request brings besides its path. */
export interface Request {
  readonly query: URLSearchParams;
  readonly sent?: unknown;
  /** Object id of the caller. */
  readonly principal?: string | undefined;
}
