import { CHANGES, READ_BY_COMMANDS, type Change } from "./changes";
import { AT_CREATION, WHETHER, declare, endsBetween, type Declared, type Ends } from "./ends";
import type { Files } from "./stack";

export interface Row {
  readonly path: string;
  readonly ends: Ends;
}

export interface Part {
  readonly title: string;
  readonly rows: readonly Row[];
}

/** Change each setting in turn and see where it ends. */
export async function settingsTable(): Promise<Part[]> {
  const known = new Map<string, Promise<Declared>>();
  const declared = (files: Files): Promise<Declared> => {
    const key = JSON.stringify(files);
    const found = known.get(key) ?? declare(files);
    known.set(key, found);
    return found;
  };
  const parts: Part[] = [];
  for (const [title, changes] of Object.entries(CHANGES)) {
    const rows = new Map<string, Ends>();
    for (const change of changes) {
      const [before, after] = sidesOf(change);
      // One after another: the SDK runs one program at a time in a process.
      const ends = endsBetween(
        await declared(before).catch(inRow(change)),
        await declared(after).catch(inRow(change)),
      );
      rows.set(change.path, union(rows.get(change.path) ?? new Map<string, string[]>(), ends));
    }
    parts.push({ title, rows: [...rows].map(([path, ends]) => ({ path, ends })) });
  }
  return parts;
}

/** A new check can refuse what a row needs: say which row. */
const inRow =
  ({ path }: Change) =>
  (error: Error): never => {
    throw new Error(`the row of ${path} is refused: ${error.message}`);
  };

function union(a: Ends, b: Ends): Ends {
  const types = [...new Set([...a.keys(), ...b.keys()])].sort();
  return new Map(
    types.map((type) => [
      type,
      [...new Set([...(a.get(type) ?? []), ...(b.get(type) ?? [])])].sort(),
    ]),
  );
}

function sidesOf({ azure, around = {}, from = {}, to }: Change): [Files, Files] {
  if (azure) return [{ settings: {} }, { settings: {}, azure: to }];
  return [{ settings: { ...around, ...from } }, { settings: { ...around, ...from, ...to } }];
}

const HEAD = `# Where every setting ends

Each line is a path in \`Pulumi.<env>.yaml\` below \`config\`, and what changes in the plan when that setting alone
changes: properties of resources (\`<module>.<Type>\`), whether a resource stands at all, limits that the plan counts
against, and outputs of the stack. \`npm test\` changes every setting in turn and holds this table to what it finds, so a
setting without an effect does not survive; those that only a command reads stand at the end. Written by \`npm run settings\`; what a setting means and its default stand in
\`schemas/stack.schema.json\`.

"At creation": what azure-native writes once, and leaves to another writer or alone from then on; of an endpoint that
stands, \`genaiops.EndpointSettings\` is the only writer. What follows from a change by reference (an arm gets the new
version of its model) is not listed.
`;

/** The table as a document. */
export function settingsDocument(parts: readonly Part[]): string {
  const sections = parts.map(({ title, rows }) =>
    [
      `## ${title}`,
      "",
      "| YAML path | ends in |",
      "| --- | --- |",
      ...rows.map(({ path, ends }) => `| \`${path}\` | ${cell(ends)} |`),
    ].join("\n"),
  );
  const commands = [
    "## Read by commands",
    "",
    "| YAML path | read by |",
    "| --- | --- |",
    ...Object.entries(READ_BY_COMMANDS).map(
      ([path, command]) => `| everything below \`${path}\` | \`${command}\` |`,
    ),
  ].join("\n");
  return `${[HEAD.trimEnd(), ...sections, commands].join("\n\n")}\n`;
}

/** Types that take the same properties stand together. */
function cell(ends: Ends): string {
  const types = new Map<string, string[]>();
  const add = (text: string, type: string) => types.set(text, [...(types.get(text) ?? []), type]);
  for (const [type, found] of ends) {
    const special = found.filter((property) => type === "" || isSpecial(property));
    const properties = found.filter((property) => !special.includes(property));
    if (properties.length > 0) add(`${properties.map(code).join(", ")} of`, type);
    for (const property of special) add(property, type);
  }
  return [...types]
    .map(([text, of]) => {
      if (of[0] === "") return text;
      return isSpecial(text) ? `${of.join(", ")} (${text})` : `${text} ${of.join(", ")}`;
    })
    .join("; ");
}

function isSpecial(property: string): boolean {
  return (Object.values(WHETHER) as string[]).includes(property);
}

function code(property: string): string {
  const once = property.endsWith(AT_CREATION);
  return once ? `\`${property.slice(0, -AT_CREATION.length)}\`${AT_CREATION}` : `\`${property}\``;
}
