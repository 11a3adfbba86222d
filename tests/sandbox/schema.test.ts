import * as fs from "node:fs";
import * as path from "node:path";
import { schema } from "../../packages/sandbox/schema";
import { generate } from "../../packages/sandbox/schemaGenerate";
import { table } from "../../packages/sandbox/types/table";

const root = path.dirname(require.resolve("@pulumi/azure-native/package.json"));

test("the schema is that of the installed azure-native, for exactly the types in the table", () => {
  expect(schema).toEqual(generate(root, Object.keys(table)));
});

/** `name` or `name?` of each member, read without the generator. */
function members(file: string, declaration: string): string[] {
  const text = fs.readFileSync(path.join(root, file), "utf8");
  const start = text.indexOf(
    `interface ${declaration} {`,
    text.indexOf("namespace machinelearningservices {"),
  );
  const body = text.slice(start, text.indexOf("\n    }\n", start));
  return [...body.matchAll(/^ {8}(\w+\??):/gm)].map((match) => match[1] as string).sort();
}

test.each([
  "OnlineEndpointPropertiesArgs",
  "ManagedOnlineDeploymentArgs",
  "ModelVersionPropertiesArgs",
  "ManagedNetworkSettingsArgs",
])("%s has the members that its declaration has", (name) => {
  const known = schema.types[`machinelearningservices.${name}`] ?? {};
  const found = Object.entries(known).map(([member, { required }]) =>
    required ? member : `${member}?`,
  );
  expect(found.sort()).toEqual(members("types/input.d.ts", name));
  expect(found.length).toBeGreaterThan(5);
});

test("enumerated values, maps, lists and object types are told apart", () => {
  const endpoint = schema.types["machinelearningservices.OnlineEndpointPropertiesArgs"];
  expect(endpoint?.["authMode"]).toEqual({
    type: "string",
    enum: ["AMLToken", "Key", "AADToken"],
    required: true,
  });
  expect(endpoint?.["traffic"]).toEqual({ type: "map", items: { type: "number" } });
  expect(
    schema.types["machinelearningservices.ManagedServiceIdentityArgs"]?.["userAssignedIdentities"],
  ).toEqual({
    type: "array",
    items: { type: "string" },
  });
  expect(
    schema.resources["azure-native:machinelearningservices:OnlineDeployment"]?.inputs["properties"],
  ).toEqual({
    type: "object",
    required: true,
    refs: [
      "machinelearningservices.KubernetesOnlineDeploymentArgs",
      "machinelearningservices.ManagedOnlineDeploymentArgs",
    ],
  });
});
