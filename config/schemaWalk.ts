import { z } from "zod";
import type { DataPath } from "./source";

/** The keys that the schema knows at a place; of a choice, those of the form that the data chose. */
export function knownKeys(schema: z.ZodType, path: DataPath, data: unknown): string[] {
  const keys = chosen(formsAt(schema, path, data), valueAt(data, path)).flatMap((form) =>
    Object.keys(form.properties ?? {}),
  );
  return [...new Set(keys)];
}

/** The schema's own example of a value at a place. */
export function exampleAt(schema: z.ZodType, path: DataPath, data: unknown): unknown {
  return formsAt(schema, path, data).flatMap((form) => form.examples ?? [])[0];
}

function formsAt(schema: z.ZodType, path: DataPath, data: unknown): JsonSchema[] {
  let forms: JsonSchema[] = [jsonSchemaOf(schema)];
  let value = data;
  for (const step of path) {
    forms = chosen(forms, value).flatMap((form) => below(form, step));
    value = valueAt(value, [step]);
  }
  return forms;
}

interface JsonSchema {
  readonly properties?: Record<string, JsonSchema>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema;
  readonly oneOf?: JsonSchema[];
  readonly anyOf?: JsonSchema[];
  readonly const?: unknown;
  readonly examples?: unknown[];
}

const jsonSchemas = new WeakMap<z.ZodType, JsonSchema>();

function jsonSchemaOf(schema: z.ZodType): JsonSchema {
  const known = jsonSchemas.get(schema);
  if (known !== undefined) {
    return known;
  }
  const made = z.toJSONSchema(schema, { io: "input" }) as JsonSchema;
  jsonSchemas.set(schema, made);
  return made;
}

function chosen(forms: readonly JsonSchema[], value: unknown): JsonSchema[] {
  const flat = forms.flatMap((form) => form.oneOf ?? form.anyOf ?? [form]);
  const fitting = flat.filter((form) =>
    Object.entries(form.properties ?? {}).every(
      ([key, { const: wanted }]) => wanted === undefined || valueAt(value, [key]) === wanted,
    ),
  );
  return fitting.length > 0 ? fitting : flat;
}

function below(form: JsonSchema, step: string | number): JsonSchema[] {
  if (typeof step === "number") {
    return form.items === undefined ? [] : [form.items];
  }
  const named = form.properties?.[step];
  if (named !== undefined) {
    return [named];
  }
  return typeof form.additionalProperties === "object" ? [form.additionalProperties] : [];
}

export function valueAt(data: unknown, path: DataPath): unknown {
  let value = data;
  for (const step of path) {
    if (typeof value !== "object" || value === null) {
      return undefined;
    }
    value = (value as Record<string | number, unknown>)[step];
  }
  return value;
}
