import { z } from "zod";
import { experimentSchema, overlaySchema } from "./experimentSettings";
import { settingsSchema } from "./settings";
import { PROJECT } from "./stackFile";

/** The JSON Schemas that editors complete and check YAML files by, as text by file name. */
export function jsonSchemas(): Record<string, string> {
  return {
    "stack.schema.json": text("Pulumi.<env>.yaml", stackFile()),
    "experiment.schema.json": text("flows/<name>/experiment.yaml", forEditors(experimentSchema)),
    "overlay.schema.json": text("flows/<name>/experiment.<env>.yaml", forEditors(overlaySchema)),
  };
}

type Json = Record<string, unknown>;

function text(title: string, schema: Json): string {
  const { $schema, ...rest } = schema;
  return `${JSON.stringify({ $schema, title, ...rest }, undefined, 2)}\n`;
}

/** What a user writes, so fields with a default are optional. */
function forEditors(schema: z.ZodType): Json {
  return z.toJSONSchema(schema, { io: "input", target: "draft-7" });
}

/** The settings stand under `config`, with or without the project's namespace, beside other providers' keys. */
function stackFile(): Json {
  const { $schema, properties } = forEditors(settingsSchema) as {
    $schema: string;
    properties: Json;
  };
  const own: Json = {
    ...Object.fromEntries(Object.entries(properties).map(([key, each]) => [key, orText(each)])),
    secrets: SECRETS,
  };
  const namespaced = Object.fromEntries(
    Object.keys(own).map((key) => [
      `${PROJECT}:${key}`,
      { $ref: `#/properties/config/properties/${key}` },
    ]),
  );
  const uuid = { type: "string", format: "uuid" };
  return {
    $schema,
    type: "object",
    required: ["config"],
    additionalProperties: false,
    properties: {
      config: {
        type: "object",
        required: AZURE,
        anyOf: [{ required: ["network"] }, { required: [`${PROJECT}:network`] }],
        properties: {
          "azure-native:location": {
            type: "string",
            description: "Azure region by its short name, for example swedencentral.",
            pattern: "^[a-z][a-z0-9]{2,40}$",
          },
          "azure-native:subscriptionId": uuid,
          "azure-native:tenantId": uuid,
          ...own,
          ...namespaced,
        },
        patternProperties: { [`^(?!${PROJECT}:)[^:]+:.+$`]: {} },
        additionalProperties: false,
      },
      encryptionsalt: { type: "string" },
      encryptedkey: { type: "string" },
      secretsprovider: { type: "string" },
      environment: {},
    },
  };
}

/** The engine writes a boolean back as text. */
function orText(schema: unknown): unknown {
  const { type, ...rest } = schema as Json;
  return type === "boolean" ? { ...rest, enum: [true, false, "true", "false"] } : schema;
}

const AZURE = ["azure-native:location", "azure-native:subscriptionId", "azure-native:tenantId"];

const SECRETS = {
  type: "object",
  description:
    "Named secrets, each written by `pulumi config set --secret --path secrets.<name>`, never by hand.",
  additionalProperties: {
    type: "object",
    required: ["secure"],
    additionalProperties: false,
    properties: { secure: { type: "string", description: "What Pulumi encrypted." } },
  },
};
