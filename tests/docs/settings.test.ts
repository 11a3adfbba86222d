import { readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { settingsSchema } from "../../config/settings";
import { READ_BY_COMMANDS } from "./settings/changes";
import { AT_CREATION } from "./settings/ends";
import { settingsTable, withSettings, type Part, type Row } from "./settings/table";

let parts: Part[];
let rows: Row[];
beforeAll(async () => {
  parts = await settingsTable();
  rows = parts.flatMap((part) => part.rows);
}, 600_000);

/** Settings of the providers, which stand beside ours. */
const OTHERS = [
  "azure-native:location",
  "azure-native:subscriptionId",
  "azure-native:tenantId",
  "azuredevops:orgServiceUrl",
];

test("every setting of the schema has a row, and every row is a setting", () => {
  const known = leavesOf(z.toJSONSchema(settingsSchema, { io: "input" }) as Schema);
  const planned = known.filter((setting) => !isReadByCommand(setting));
  expect(rows.map((row) => row.path).sort()).toEqual([...OTHERS, ...planned].sort());
  const unknown = Object.keys(READ_BY_COMMANDS).filter(
    (beginning) => !known.some((setting) => setting.startsWith(`${beginning}.`)),
  );
  expect(unknown).toEqual([]);
});

test("every setting ends somewhere", () => {
  expect(rows.filter(({ ends }) => ends.size === 0).map((row) => row.path)).toEqual([]);
});

test("the README says what the settings do; else run npm run settings", () => {
  const readme = readFileSync(path.join(__dirname, "../../README.md"), "utf8");
  expect(readme).toBe(withSettings(readme, parts));
});

test("no setting lets azure-native write an endpoint that stands: what it changes is another endpoint", () => {
  const written = rows.flatMap(({ ends }) =>
    (ends.get("machinelearningservices.OnlineEndpoint") ?? []).filter(
      (property) => !property.endsWith(AT_CREATION),
    ),
  );
  expect([...new Set(written)].sort()).toEqual([
    "endpointName",
    "identity.userAssignedIdentities[]",
    "location",
    // An arm with traffic makes it protected; nothing is sent to Azure.
    "protect",
    "resourceGroupName",
    // Another target is another endpoint.
    "stands or not",
  ]);
});

function isReadByCommand(setting: string): boolean {
  return Object.keys(READ_BY_COMMANDS).some((beginning) => setting.startsWith(`${beginning}.`));
}

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
}

/** Paths of all values, `<name>` for a name of the user's and `[]` for an entry of a list. */
function leavesOf(schema: Schema, at = ""): string[] {
  const { properties, items, additionalProperties: named, oneOf, anyOf } = schema;
  const below = (name: string) => (at === "" ? name : `${at}.${name}`);
  const forms = oneOf ?? anyOf;
  const found = forms
    ? forms.flatMap((form) => leavesOf(form, at))
    : properties
      ? Object.entries(properties).flatMap(([name, inner]) => leavesOf(inner, below(name)))
      : items
        ? leavesOf(items, `${at}[]`)
        : typeof named === "object"
          ? leavesOf(named, below("<name>"))
          : [at];
  return [...new Set(found)];
}
