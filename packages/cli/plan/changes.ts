import { visible } from "../../../config/display";
import type {
  ChangeKind,
  Comparison,
  PropertyChangeText,
  ResourceChange,
  Unknown,
} from "./compare";
import { movesIn, moveText } from "./moves";
import { formatUrnName, inline } from "./short";
import { counted, firstOf, type Theme } from "./text";

const signs: Readonly<Record<ChangeKind, string>> = {
  create: "+",
  update: "~",
  replace: "±",
  delete: "-",
  read: ">",
  forget: "<",
};

const words: Readonly<Record<ChangeKind, string>> = {
  create: "create",
  update: "update",
  replace: "replace",
  delete: "delete",
  read: "read",
  forget: "no longer read",
};

/** The flows that move, one line for each resource and each of its properties, and what could not be compared. */
export function changeLines(comparison: Comparison, theme: Theme): string[] {
  const { changes, unknowns } = comparison;
  const paint: Readonly<Record<ChangeKind, (text: string) => string>> = {
    create: theme.green,
    update: theme.yellow,
    replace: theme.magenta,
    delete: theme.red,
    read: theme.cyan,
    forget: theme.cyan,
  };
  const lines = changes.flatMap((change) => [
    paint[change.kind](`${signs[change.kind]} ${describe(change)}`),
    ...change.properties.map((property) => `    ${propertyLine(property)}`),
  ]);
  const moves = movesIn(comparison).map((move) => theme.yellow(`! ${moveText(move)}`));
  return [
    ...moves,
    ...(lines.length === 0 ? ["none"] : lines),
    ...unknownLines(unknowns).map(theme.dim),
  ];
}

/** `2 to create, 1 to update`, or `no changes`. */
export function changeSummary({ changes }: Comparison): string {
  const counts = new Map<ChangeKind, number>();
  for (const { kind } of changes) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const parts = (Object.keys(words) as ChangeKind[])
    .filter((kind) => counts.has(kind))
    .map((kind) =>
      kind === "forget"
        ? `${counts.get(kind)} no longer read`
        : `${counts.get(kind)} to ${words[kind]}`,
    );
  return parts.length === 0 ? "no changes" : parts.join(", ");
}

function describe({ kind, type, name, was }: ResourceChange): string {
  const renamed = was === undefined ? "" : ` (was ${formatUrnName(was)})`;
  return `${words[kind]} ${type.slice(type.lastIndexOf(":") + 1)} ${name}${renamed}`;
}

function propertyLine({ path, before, after, follows, replaces }: PropertyChangeText): string {
  const [was, is] = clipped(inline(before), inline(after));
  const value =
    follows === undefined
      ? `${was} => ${is}`
      : `${was} => another value, with ${formatUrnName(follows)}`;
  return `${visible(path)}: ${value}${replaces ? "  (replaces)" : ""}`;
}

/** Characters of a value that are shown, and how many of them before the first that differs. */
const SHOWN = 300;
const BEFORE = 40;

/** Two values side by side; of a long one the part around their first difference. */
function clipped(before: string, after: string): [string, string] {
  let same = 0;
  while (same < before.length && before[same] === after[same]) same++;
  const from = Math.max(0, same - BEFORE);
  const clip = (text: string) =>
    text.length <= SHOWN
      ? text
      : `${from > 0 ? "…" : ""}${text.slice(from, from + SHOWN)}… (${counted(text.length, "character")})`;
  return [clip(before), clip(after)];
}

function placesOf(unknowns: readonly Unknown[]): string {
  const { shown, more } = firstOf(unknowns, 10);
  const places = shown.map(({ urn, path }) => `${formatUrnName(urn)} ${visible(path)}`);
  return [...places, ...(more > 0 ? [`and ${counted(more, "more", "more")}`] : [])].join(", ");
}

/** What the comparison leaves open, and who knows. */
function unknownLines(unknowns: readonly Unknown[]): string[] {
  const count = (why: Unknown["why"]) => unknowns.filter((unknown) => unknown.why === why).length;
  const secrets = count("secret");
  const approved = count("approved");
  const outputs = unknowns.filter(({ why }) => why === "output");
  return [
    ...(secrets > 0
      ? [`${counted(secrets, "secret")} not compared: only the engine can decrypt them`]
      : []),
    ...(approved > 0
      ? [
          `${counted(approved, "approved version")} not compared: pulumi preview asks Azure which is the newest`,
        ]
      : []),
    ...(outputs.length > 0
      ? [
          `${counted(outputs.length, "value")} not compared, known when the engine runs: ${placesOf(outputs)}`,
        ]
      : []),
  ];
}
