import data from "./schema.json";

/** One property as azure-native declares it. `refs` are the names of the object types it may have. */
export interface PropertySchema {
  readonly type: "string" | "number" | "boolean" | "array" | "map" | "object" | "any";
  readonly required?: boolean;
  readonly enum?: readonly string[];
  readonly items?: PropertySchema;
  readonly refs?: readonly string[];
}

/** Inputs and outputs of one resource type. */
export interface TypeSchema {
  readonly apiVersion: string;
  readonly inputs: Readonly<Record<string, PropertySchema>>;
  readonly outputs: readonly string[];
}

/** What `schema.json` holds; written by `schemaGenerate.ts`. */
export interface Schema {
  readonly resources: Record<string, TypeSchema>;
  readonly types: Record<string, Record<string, PropertySchema>>;
}

export const schema = data as unknown as Schema;
