import { readFileSync } from "node:fs";

interface SchemaType {
  readonly type?: string;
  readonly $ref?: string;
  readonly items?: SchemaType;
  readonly additionalProperties?: SchemaType;
}

interface Block {
  readonly properties?: Readonly<Record<string, SchemaType>>;
  readonly required?: readonly string[];
}

interface Schema {
  readonly resources: Readonly<
    Record<
      string,
      {
        readonly inputProperties: Readonly<Record<string, SchemaType>>;
        readonly requiredInputs?: readonly string[];
      }
    >
  >;
  readonly types: Readonly<Record<string, Block>>;
}

/** What the provider's schema says against the inputs of a resource; nothing where they agree. */
export function faultsOf(file: string) {
  const schema = JSON.parse(readFileSync(file, "utf8")) as Schema;

  function block(value: unknown, { properties = {}, required = [] }: Block, at: string): string[] {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      return [`${at} is no block`];
    }
    const given = value as Record<string, unknown>;
    return [
      ...required.filter((name) => !(name in given)).map((name) => `${at}.${name} is missing`),
      ...Object.entries(given).flatMap(([name, each]) => {
        const type = properties[name];
        return type ? faults(each, type, `${at}.${name}`) : [`${at}.${name} is unknown`];
      }),
    ];
  }

  function faults(value: unknown, type: SchemaType, at: string): string[] {
    if (type.$ref) {
      return block(value, schema.types[type.$ref.replace("#/types/", "")] ?? {}, at);
    }
    if (type.items) {
      const { items } = type;
      return Array.isArray(value)
        ? value.flatMap((each, index) => faults(each, items, `${at}[${index}]`))
        : [`${at} is no list`];
    }
    if (type.additionalProperties) {
      const { additionalProperties } = type;
      return Object.entries(value as object).flatMap(([key, each]) =>
        faults(each, additionalProperties, `${at}.${key}`),
      );
    }
    return fits(value, type.type ?? "") ? [] : [`${at} is ${JSON.stringify(value)}: ${type.type}`];
  }

  return (token: string, inputs: Readonly<Record<string, unknown>>): string[] => {
    const resource = schema.resources[token];
    if (!resource) return [`${token} is no resource of the provider`];
    const { inputProperties: properties, requiredInputs: required } = resource;
    return block(inputs, { properties, required }, token.split(":").at(-1) ?? token);
  };
}

/** In a plan the output of another resource or look-up is a text, whatever its type. */
function fits(value: unknown, type: string): boolean {
  if (typeof value === "string" && /^\$\{.+\}$/.test(value)) return true;
  switch (type) {
    case "integer":
      return Number.isInteger(value);
    case "number":
      return typeof value === "number" && Number.isFinite(value);
    default:
      return typeof value === type;
  }
}
