import * as fs from "node:fs";
import { z } from "zod";
import { devOpsTypes } from "../../../packages/sandbox/devops/types/table";
import { objectText, type Properties } from "../../azuredevops/faces/face";
import { readReferenceFace, referencePath } from "../../azuredevops/faces/referenceFace";

const present = fs.existsSync(referencePath);
if (!present)
  console.warn(
    `SKIPPED: the sandbox's types against the provider's schema, ${referencePath} is absent`,
  );

interface JsonSchema {
  readonly type?: string;
  readonly properties?: Record<string, JsonSchema>;
  readonly required?: string[];
  readonly items?: JsonSchema;
  readonly additionalProperties?: JsonSchema | boolean;
}

function text(schema: JsonSchema): string {
  if (schema.properties) return objectText(read(schema));
  if (schema.items) return `${text(schema.items)}[]`;
  if (typeof schema.additionalProperties === "object")
    return `{[key]: ${text(schema.additionalProperties)}}`;
  return schema.type === "integer" ? "number" : (schema.type ?? "unknown");
}

function read({ properties = {}, required = [] }: JsonSchema): Properties {
  return Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [
      name,
      { type: text(schema), required: required.includes(name) },
    ]),
  );
}

/** Where the sandbox is stricter than the schema: names, which the provider makes up, and one from devops-facts. */
const stricter: Record<string, string[]> = {
  BuildDefinition: ["name"],
  Environment: ["name"],
  Git: ["name"],
  GitRepositoryBranch: ["name"],
  Pool: ["name"],
  Project: ["name"],
  ServiceEndpointAzureRM: ["azurermSpnTenantid"],
  Team: ["name"],
  VariableGroup: ["name"],
};

(present ? describe : describe.skip)("the sandbox's types against the provider's schema", () => {
  const reference = present ? readReferenceFace() : undefined;

  it.each(Object.entries(devOpsTypes))("%s", (kind, type) => {
    const { inputs, outputs } = reference!.resources[kind]!;
    const own = read(z.toJSONSchema(type.inputs, { io: "input" }) as JsonSchema);
    // The jobs of classic pipelines are taken as they come.
    if (kind === "BuildDefinition") own.jobs = inputs.jobs!;
    for (const name of stricter[kind] ?? []) {
      expect(own[name]?.required).toBe(true);
      own[name] = { ...own[name]!, required: false };
    }
    expect(own).toEqual(inputs);
    const secrets = (type.secrets ?? []).map((path) => path.replaceAll(".*", "[]"));
    expect(secrets.sort()).toEqual(reference!.secrets[kind]);
    const known = [...Object.keys(own), ...Object.keys(type.computed ?? {})];
    expect([...new Set(known)].sort()).toEqual(Object.keys(outputs).sort());
    expect([...type.replaces].sort()).toEqual(reference!.replaces[kind]!.sort());
  });
});
