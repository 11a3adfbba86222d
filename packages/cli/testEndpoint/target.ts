import type { Slots } from "./slots";

/** What is tested: an endpoint of an environment, or an address. */
export interface Target {
  /** For the reader: `web-classification in dev`. */
  readonly title: string;
  /** One look at whether it can be tested. */
  look(): Promise<Look>;
}

export type Look =
  | { readonly state: "waiting"; readonly what: string }
  | { readonly state: "failed"; readonly why: readonly string[] }
  | { readonly state: "ready"; readonly endpoint: OpenEndpoint };

/** An endpoint that takes requests. */
export interface OpenEndpoint {
  readonly scoreUrl: string;
  /** How the caller says who it is: `AADToken`, `Key`, `AMLToken` or `none`. */
  readonly authentication: string;
  headers(): Promise<Record<string, string>>;
  /** The declared arms that exist. Undefined: there is one, and no name for it. */
  readonly weights?: Readonly<Record<string, number>>;
  /** A Web App's way to its arms. Absent: a header names them. */
  readonly slots?: Slots;
  /** What is wrong already, before a request is sent. */
  readonly problems: readonly string[];
  /** What a reader should know. */
  readonly notes: readonly string[];
}
