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

const BEGINS = "<!-- settings: written by npm run settings -->";
const ENDS = "<!-- settings end here -->";

/** The README with its table of settings written anew. */
export function withSettings(readme: string, parts: readonly Part[]): string {
  const [before, after] = [readme.indexOf(BEGINS), readme.indexOf(ENDS)];
  if (before < 0 || after < before) throw new Error(`the README holds no ${BEGINS} … ${ENDS}`);
  return `${readme.slice(0, before)}${BEGINS}\n\n${sections(parts)}\n\n${readme.slice(after)}`;
}

function sections(parts: readonly Part[]): string {
  const settings = parts.map(({ title, rows }) =>
    [
      `### ${title}`,
      "",
      "| YAML path | ends in |",
      "| --- | --- |",
      ...rows.map(({ path, ends }) => `| \`${path}\` | ${cell(ends)} |`),
    ].join("\n"),
  );
  const commands = [
    "### Read by commands",
    "",
    "| YAML path | read by |",
    "| --- | --- |",
    ...Object.entries(READ_BY_COMMANDS).map(
      ([path, command]) => `| everything below \`${path}\` | \`${command}\` |`,
    ),
  ].join("\n");
  return [...settings, commands].join("\n\n");
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
