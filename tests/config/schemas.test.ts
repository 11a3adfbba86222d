import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { jsonSchemas } from "../../config/jsonSchemas";
import { settingsSchema } from "../../config/settings";
import { PROJECT, stackNames } from "../../config/stackFile";

const ROOT = path.join(__dirname, "..", "..");
const read = (file: string) => readFileSync(path.join(ROOT, file), "utf8");

/** How Pulumi.yaml types a setting, and the default that makes it optional and says nothing. */
const DECLARED: Record<string, unknown> = {
  enum: { type: "string", default: "" },
  string: { type: "string", default: "" },
  boolean: { type: "boolean", default: false },
  array: { type: "array", default: [] },
  record: { type: "object", default: {} },
  object: { type: "object", default: {} },
  union: { type: "object", default: {} },
};

test("the files in schemas/ are those that the settings make; else run npm run schemas", () => {
  const made = jsonSchemas();
  expect(readdirSync(path.join(ROOT, "schemas")).sort()).toEqual(Object.keys(made).sort());
  for (const [file, text] of Object.entries(made)) {
    expect(read(`schemas/${file}`)).toBe(text);
  }
});

test("every field in the schemas says what it is for", () => {
  const bare: string[] = [];
  const walk = (schema: unknown, at: string): void => {
    if (typeof schema !== "object" || schema === null) {
      return;
    }
    const { properties, items, oneOf, anyOf, additionalProperties } = schema as Record<
      string,
      unknown
    >;
    for (const [key, field] of Object.entries((properties ?? {}) as Record<string, object>)) {
      if (!("description" in field) && !("const" in field)) {
        bare.push(`${at}.${key}`);
      }
      walk(field, `${at}.${key}`);
    }
    [items, additionalProperties, oneOf, anyOf].flat().forEach((each) => walk(each, at));
  };
  const stack = JSON.parse(jsonSchemas()["stack.schema.json"] as string) as {
    properties: { config: { properties: Record<string, unknown> } };
  };
  for (const key of Object.keys(settingsSchema.shape)) {
    walk({ properties: { [key]: stack.properties.config.properties[key] } }, "config");
  }
  expect(bare).toEqual([]);
});

describe("Pulumi.yaml", () => {
  const project = parse(read("Pulumi.yaml")) as {
    name: string;
    runtime: unknown;
    plugins: unknown;
    config: Record<string, { type: string; description?: string; default?: unknown }>;
  };

  test("is the project whose name the settings have as namespace", () => {
    expect(project.name).toBe(PROJECT);
    expect(project.runtime).toEqual({
      name: "nodejs",
      options: { typescript: false, nodeargs: "--require @genaiops/typescript" },
    });
    expect(project.plugins).toEqual({
      providers: [{ name: "genaiops", path: "./packages/provider" }],
    });
  });

  test("declares every setting, typed and described, and no other", () => {
    expect(Object.keys(project.config)).toEqual(Object.keys(settingsSchema.shape));
    for (const [key, { description }] of Object.entries(project.config)) {
      expect([key, (description ?? "").length > 20]).toEqual([key, true]);
    }
  });

  test.each(Object.entries(settingsSchema.shape))("types %s as its schema does", (key, schema) => {
    const { type, default: given } = project.config[key] ?? { type: "absent" };
    const required = !schema.safeParse(undefined).success;
    let inner: { type: string; def: object } = schema;
    while ("innerType" in inner.def) {
      inner = inner.def.innerType as { type: string; def: object };
    }
    const declared = DECLARED[inner.type] as { type: string; default: unknown };
    expect({ type, default: given }).toEqual(
      required ? { type: declared.type, default: undefined } : declared,
    );
    if (inner.type === "boolean") {
      expect(schema.parse(undefined)).toBe(given);
    }
  });
});

test.each(stackNames(ROOT))("Pulumi.%s.yaml names its schema to editors", (stack) => {
  expect(read(`Pulumi.${stack}.yaml`).split("\n")[0]).toBe(
    "# yaml-language-server: $schema=schemas/stack.schema.json",
  );
});
