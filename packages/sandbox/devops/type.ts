import type { z } from "zod";
import type { Json } from "../paths";
import type { Refusal } from "../rules/rule";
import type { AzureView } from "./azureView";
import type { DevOpsSettings, DevOpsState, Stored } from "./state";

/** The organisation and the Azure it signs in to. */
export interface World {
  readonly state: DevOpsState;
  readonly azure: AzureView;
  readonly settings: Required<Pick<DevOpsSettings, "organisation" | "people" | "now">> &
    DevOpsSettings;
}

/** What a rule or a computed property knows about the request and the rest of the organisation. */
export interface Facts {
  readonly world: World;
  readonly kind: string;
  readonly id: string;
  /** Inputs with defaults filled in; for a delete what is stored. */
  readonly inputs: Json;
  /** What stood there before; undefined on create. */
  readonly before: Stored | undefined;
  find(kind: string, id: unknown): Stored | undefined;
  all(kind: string): readonly Stored[];
}

/** A check of one write. It reads and never writes; undefined lets the request pass. */
export type Rule = (facts: Facts) => Refusal | undefined;

/** Something wrong with the inputs alone, found in a preview too. */
export interface Problem {
  /** Property path, `settings.scopes[0].matchType`. */
  readonly path: string;
  readonly reason: string;
}

/** A check across inputs; unknown values count as given. */
export type Check = (inputs: Json) => readonly Problem[];

/** One resource type of the azuredevops provider, as data. */
export interface DevOpsType {
  readonly inputs: z.ZodObject;
  readonly checks?: readonly Check[];
  /** Inputs whose change replaces. */
  readonly replaces: readonly string[];
  /** @default uuid */
  readonly id?: "uuid" | "number" | ((facts: Facts) => string);
  /** Where no second one may carry the name: inputs that bound the space. Absent: names may repeat. */
  readonly unique?: readonly string[];
  /** Inputs that name other things: path and kind. `*` is every element of a list. */
  readonly references?: Readonly<Record<string, string>>;
  readonly writeRules?: readonly Rule[];
  readonly deleteRules?: readonly Rule[];
  /** Paths of secrets among the inputs, `variables.*.secretValue`: only their digests are stored. */
  readonly secrets?: readonly string[];
  /** What the service computes, by output. */
  readonly computed?: Readonly<Record<string, (facts: Facts) => unknown>>;
  /** What else a create, update or delete does to the organisation. */
  readonly effect?: (facts: Facts, what: "create" | "update" | "delete") => void;
}

/** A list of types by class name. */
export type Types = Readonly<Record<string, DevOpsType>>;
