import type { Json } from "../paths";

/** One thing in the organisation: its inputs with defaults filled in, and what the service computed. */
export interface Stored {
  /** Class of the SDK, `Project`. */
  readonly kind: string;
  readonly id: string;
  properties: Json;
}

/** The head of a branch. */
export interface Head {
  commit: string;
  /** Content by path from the root, without a leading slash. */
  readonly files: Record<string, string>;
}

/** Somebody in the organisation's directory. */
export interface Person {
  /** Sign-in name and e-mail. */
  readonly mail: string;
  readonly name: string;
}

/** The whole simulated organisation as JSON. */
export interface DevOpsState {
  /** By `<kind>/<id>`. */
  things: Record<string, Stored>;
  /** Heads by repository id and short branch name. */
  branches: Record<string, Record<string, Head>>;
  /** Deleted projects by name in lower case: milliseconds since 1970 at which the name is free. */
  reserved: Record<string, number>;
  /** The last number given as an id. */
  lastNumber: number;
}

export interface DevOpsSettings {
  /** @default https://dev.azure.com/sandbox */
  readonly organisation?: string;
  /** @default one person, `approver@contoso.com` */
  readonly people?: readonly Person[];
  /** Branches and files that an import from the address brings. @default empty branches `main` and `development` */
  readonly imports?: Readonly<Record<string, Readonly<Record<string, Record<string, string>>>>>;
  /** Milliseconds since 1970. @default 2026-01-01, and it never moves by itself */
  readonly now?: number;
}

export const defaultSettings = {
  organisation: "https://dev.azure.com/sandbox",
  people: [{ mail: "approver@contoso.com", name: "Approver" }] as readonly Person[],
  now: Date.UTC(2026, 0, 1),
};

export function emptyDevOps(): DevOpsState {
  return { things: {}, branches: {}, reserved: {}, lastNumber: 0 };
}
