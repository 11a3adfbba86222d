import { z } from "zod";
import { holdsPassword } from "./display";
import { NAME_RULES } from "./nameRules";
import type { NamedKind } from "./nameRules";

/** Fields that several schemas share. Their `error` says what is allowed, in the words of a message. */

/** A whole number with bounds on both sides, which one message names together. */
export function whole(min: number, max: number) {
  const error = `a whole number from ${min} to ${max}`;
  return z.int({ error }).min(min, { error }).max(max, { error });
}

/** A whole number of at least 1 without another bound. */
export function count() {
  const error = "a whole number of at least 1";
  return z.int({ error }).min(1, { error });
}

/** Instances of one deployment: DOC/how-to-manage-quotas.md. */
export const instanceCount = whole(1, 50);

export const word = z.string({ error: "a name" }).min(1, { error: "a name" });

/** The name of a resource that this stack does not make. */
export function named(kind: NamedKind) {
  return z.string({ error: "a name" }).regex(NAME_RULES[kind].pattern, {
    error: NAME_RULES[kind].says,
  });
}

export const uuid = z.uuid({ error: "a UUID: 8-4-4-4-12 hexadecimal digits" });

export const address = z
  .url({ error: "an address with its scheme, https://…" })
  .refine((text) => !holdsPassword(text), { error: "an address without user and password" })
  .meta({ examples: ["https://example.openai.azure.com/"] });

/** Endpoint and deployment names: DOC/how-to-manage-quotas.md, DOC/reference-yaml-endpoint-online.md. */
export const armName = z.string().regex(/^(?=.{3,32}$)[a-z](-?[a-z0-9])*$/, {
  error:
    "3 to 32 lower-case letters, digits and single hyphens, starting with a letter and ending with a letter or digit",
});

/** Which sizes exist is Azure's to say; this catches a family name or a core count in their place. */
export const vmSize = z
  .string()
  .regex(/^(Standard|Basic)_[A-Za-z0-9_-]+$/, { error: "a VM size" })
  .meta({ examples: ["Standard_DS3_v2"] });

/** The name of a variable in a process's environment. */
export const variableName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, {
  error: "letters, digits and underscores, not starting with a digit",
});

/** Limits: learn.microsoft.com/azure/azure-resource-manager/management/tag-resources. */
export const tags = z
  .record(
    z.string().regex(/^[^<>%&\\?/]{1,512}$/, {
      error: "1 to 512 characters without < > % & \\ ? /",
    }),
    z.string().max(256, { error: "a text of at most 256 characters" }),
  )
  .refine((all) => Object.keys(all).length <= 40, {
    error: "at most 40 tags; Azure allows 50 and the platform adds its own",
  });

/** What is adopted by its name alone. */
export const byName = {
  mode: z.literal("existing").describe("Use a resource that exists and change nothing on it."),
  name: word.describe("Name of the resource to adopt."),
};

const elsewhere = {
  resourceGroup: word
    .optional()
    .describe("Resource group it stands in. By default the resource group of this stack."),
};

/** A `create | existing` choice; `shape` holds the fields that only a created resource has. */
export function created<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.discriminatedUnion("mode", [
    creating(shape),
    z.strictObject({ ...byName, ...elsewhere }),
  ]);
}

/** The same for what has no resource group to choose: a group itself, and what hangs on the workspace. */
export function createdInPlace<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.discriminatedUnion("mode", [creating(shape), z.strictObject(byName)]);
}

function creating<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject({
    mode: z.literal("create").describe("Make the resource with this stack."),
    name: word
      .optional()
      .describe("Name in Azure. By default composed from project, stack and suffix."),
    ...shape,
  });
}
