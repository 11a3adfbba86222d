/** A value of a plan: JSON, with references (`${<urn>.<path>}`) and `[secret]` as texts. */
export type Value = string | number | boolean | null | Value[] | { [key: string]: Value };
export type Values = { [key: string]: Value };

export interface PlannedResource {
  urn: string;
  /** Token, for example `azure-native:keyvault:Vault`. */
  type: string;
  name: string;
  /** URN; null for the stack itself. */
  parent: string | null;
  /** Sorted by key at every depth. */
  inputs: Values;
  protect: boolean;
  /** URNs, sorted. */
  dependsOn: string[];
  /** Set where the resource exists and is only read. */
  read?: true;
  /** Azure id of a resource that is read. */
  id?: Value;
}

/** What a program would make of an empty subscription; the same bytes on every run. */
export interface Plan {
  version: 1;
  project: string;
  stack: string;
  /** Sorted by URN. */
  resources: PlannedResource[];
  outputs: Values;
}

/** What the engine knows of a resource beside its plan, needed to compare and not part of the file. */
export interface ResourceOptions {
  /** Property paths. */
  readonly ignoreChanges: readonly string[];
  /** Property paths whose change replaces the resource, beside those that the provider knows. */
  readonly replaceOnChanges: readonly string[];
  /** URNs it had before. */
  readonly aliases: readonly string[];
  readonly deletedWith?: string;
  /** False for a component. */
  readonly custom: boolean;
}

export interface RecordedPlan {
  readonly plan: Plan;
  /** By URN. */
  readonly options: ReadonlyMap<string, ResourceOptions>;
}

export { STACK_TYPE } from "../../sandbox/urn";

export const SECRET = "[secret]";

/** The plan as a file: two spaces, a line feed at the end. */
export function formatJson(plan: Plan): string {
  return `${JSON.stringify(plan, undefined, 2)}\n`;
}

export function isObject(value: unknown): value is { [key: string]: Value } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
