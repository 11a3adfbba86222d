import * as fs from "node:fs";
import * as path from "node:path";
import { objectText } from "./face";
import type { Face, Properties } from "./face";

interface SchemaType {
  readonly type?: string;
  readonly $ref?: string;
  readonly items?: SchemaType;
  readonly additionalProperties?: SchemaType;
  readonly secret?: boolean;
  readonly willReplaceOnChanges?: boolean;
}

type SchemaProperties = Record<string, SchemaType>;

interface SchemaResource {
  readonly inputProperties?: SchemaProperties;
  readonly requiredInputs?: string[];
  readonly properties: SchemaProperties;
  readonly required?: string[];
  readonly aliases?: { type: string }[];
}

interface Schema {
  readonly resources: Record<string, SchemaResource>;
  readonly functions: Record<
    string,
    { inputs?: SchemaProperties; requiredInputs?: string[]; outputs?: SchemaProperties }
  >;
  readonly types: Record<string, { properties: SchemaProperties; required?: string[] }>;
  readonly config: SchemaProperties;
}

/** The provider's schema, and what of it is no type: tokens, secrets, former names. */
export interface ReferenceFace extends Face {
  readonly tokens: Record<string, string>;
  /** Paths of secret inputs by class, `variables[].secretValue`. */
  readonly secrets: Record<string, string[]>;
  readonly formerTypes: Record<string, string[]>;
  readonly secretSettings: string[];
  /** Inputs whose change replaces, by class. */
  readonly replaces: Record<string, string[]>;
}

/** Where the reference lies: the file that the variable names, else beside the repository. */
export const referencePath =
  process.env.AZUREDEVOPS_SCHEMA ??
  path.resolve(__dirname, "../../../../shared/reference/azuredevops-schema.json");

export function readReferenceFace(): ReferenceFace {
  const schema = JSON.parse(fs.readFileSync(referencePath, "utf8")) as Schema;
  const face: ReferenceFace = {
    resources: {},
    functions: {},
    provider: read(schema, schema.config, []),
    tokens: {},
    secrets: {},
    formerTypes: {},
    replaces: {},
    secretSettings: Object.keys(schema.config).filter((name) => schema.config[name]?.secret),
  };
  for (const [token, resource] of Object.entries(schema.resources)) {
    const name = className(token);
    const inputs = resource.inputProperties ?? {};
    face.tokens[name] = token;
    face.resources[name] = {
      inputs: read(schema, inputs, resource.requiredInputs),
      outputs: read(schema, resource.properties, resource.required),
    };
    face.secrets[name] = secretPaths(schema, inputs).sort();
    face.replaces[name] = Object.keys(inputs).filter(
      (input) => inputs[input]?.willReplaceOnChanges,
    );
    face.formerTypes[name] = (resource.aliases ?? []).map(({ type }) => type);
  }
  for (const [token, { inputs, requiredInputs, outputs }] of Object.entries(schema.functions)) {
    if (token.startsWith("pulumi:")) continue;
    face.tokens[className(token)] = token;
    face.functions[className(token)] = {
      inputs: read(schema, inputs ?? {}, requiredInputs),
      results: read(schema, outputs ?? {}, []),
    };
  }
  return face;
}

function className(token: string): string {
  return token.split(":").at(-1) ?? token;
}

function read(schema: Schema, properties: SchemaProperties, required: string[] = []): Properties {
  return Object.fromEntries(
    Object.entries(properties).map(([name, type]) => [
      name,
      { type: text(schema, type), required: required.includes(name) },
    ]),
  );
}

function block(schema: Schema, ref: string): Schema["types"][string] {
  const found = schema.types[ref.replace("#/types/", "")];
  if (!found) throw new Error(`the reference has no type ${ref}`);
  return found;
}

function text(schema: Schema, type: SchemaType): string {
  if (type.$ref) {
    const { properties, required } = block(schema, type.$ref);
    return objectText(read(schema, properties, required));
  }
  if (type.items) return `${text(schema, type.items)}[]`;
  if (type.additionalProperties) return `{[key]: ${text(schema, type.additionalProperties)}}`;
  return type.type === "integer" ? "number" : (type.type ?? "unknown");
}

function secretPaths(schema: Schema, properties: SchemaProperties, owner = ""): string[] {
  return Object.entries(properties).flatMap(([name, type]) => {
    const at = `${owner}${name}${type.items ? "[]" : ""}`;
    const ref = type.$ref ?? type.items?.$ref;
    if (type.secret) return [at];
    return ref ? secretPaths(schema, block(schema, ref).properties, `${at}.`) : [];
  });
}
