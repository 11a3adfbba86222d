import type { Facts } from "../facts";
import type { Role } from "../rules/roles";
import type { Action, Refusal, Rule } from "../rules/rule";
import type { Deleted } from "../state";

/** A limit on a resource's name. `unique` is where no second resource of the type may carry it. */
export interface NameRule {
  readonly min: number;
  readonly max: number;
  readonly pattern: RegExp;
  /** What the pattern means, for the message. */
  readonly says: string;
  /** `parent` (default): the path alone; `region`: every endpoint of the location; `global`: all of Azure. */
  readonly unique?: "parent" | "region" | "global";
  /** Azure's code for a name that is too long or has other characters. @default InvalidResourceName */
  readonly invalidCode?: string;
  /** Azure's code for a name that somebody else has. */
  readonly takenCode?: string;
  readonly source: string;
}

/** A body path that cannot change after the create. */
export interface Immutable {
  readonly path: string;
  /**
   * What azure-native does with a change: it replaces on what the API declares create-only, and
   * otherwise sends the update, which Azure then refuses. @default true
   */
  readonly replaces?: boolean;
  /** Azure's error code. @default PropertyChangeNotAllowed */
  readonly code?: string;
  readonly source: string;
}

/** What Azure computes at one body path. `undefined` leaves the path out. */
export type Computed = (facts: Facts) => unknown;

/** What happens to the name of a deleted resource. */
export interface SoftDelete {
  /** Days until the name is free. */
  readonly days: (facts: Facts) => number;
  /** `global`: nobody may take it; `parent`: nobody may take it at the same place. */
  readonly unique: "global" | "parent";
  /** The answer to a create under such a name; undefined where the create recovers what was deleted. */
  readonly onCreate: (facts: Facts, deleted: Deleted) => Refusal | undefined;
  /** Path of the deleted resource and the verb that purges it, with `{location}`, `{name}` and path inputs. */
  readonly purge?: { readonly method: "POST" | "DELETE"; readonly path: string };
  /** Refuses a purge. */
  readonly onPurge?: (deleted: Deleted) => Refusal | undefined;
  readonly source: string;
}

/** One resource type of Azure, as data. See README.md for how to add one. */
export interface ResourceType {
  /** ARM path with azure-native's input names in braces; the last brace is the resource's own name. */
  readonly path: string;
  /** Inputs that stand under `properties` although most types have them at the body's top level. */
  readonly nested?: readonly string[];
  /** Inputs that the ARM API knows by another name, as body paths without `properties.`. */
  readonly renamed?: Readonly<Record<string, string>>;
  /** Inputs that are no part of the body: query parameters and the like. */
  readonly notInBody?: readonly string[];
  /** Name that Azure fixes, where the input is optional. */
  readonly fixedName?: string;
  readonly name?: NameRule;
  /** The type may be created without a location. */
  readonly locationOptional?: boolean;
  readonly immutable?: readonly Immutable[];
  /** What Azure fills in where the caller leaves it out, by body path. */
  readonly defaults?: Readonly<Record<string, unknown>>;
  /** Paths whose value stays when a later PUT leaves them out. */
  readonly sticky?: readonly string[];
  /** What Azure computes, by body path; a caller cannot set it. */
  readonly computed?: Readonly<Record<string, Computed>>;
  /** Paths that are stored but never returned by a read. */
  readonly writeOnly?: readonly string[];
  /** Paths of secrets: of text there (everywhere below the path) only a digest is stored, and no read returns it. */
  readonly secrets?: readonly string[];
  /** Paths in the body that hold ARM ids of resources that must exist. */
  readonly references?: readonly string[];
  /** Writes answer 201 and finish when the operation was polled; writes on one group exclude each other. */
  readonly longRunning?: { readonly group: (id: string) => string };
  /** What PATCH may change. Absent: any property, as a merge. */
  readonly patch?: readonly string[];
  readonly softDelete?: SoftDelete;
  /** Checks of a create or update, all with their source. */
  readonly writeRules?: readonly Rule[];
  /** Checks of a delete. */
  readonly deleteRules?: readonly Rule[];
  /** POST on the resource's path and a verb: `listKeys` and the like. */
  readonly actions?: Readonly<Record<string, Action>>;
  /** The same for what may be asked of a resource that is yet to come, too. */
  readonly actionsBefore?: Readonly<Record<string, Action>>;
  /** Roles that may write it beside Owner and Contributor. */
  readonly writers?: readonly Role[];
  /** Comes with its parent and cannot be absent: create writes it, DELETE resets it to its defaults. */
  readonly always?: boolean;
  /** The parent comes into being with the first child: asset containers. */
  readonly impliedParent?: boolean;
  /** Resources that Azure makes with this one: their ARM id, and body. */
  readonly brings?: readonly {
    readonly token: string;
    readonly id: (facts: Facts) => string;
    readonly body: (facts: Facts) => Record<string, unknown>;
  }[];
}
