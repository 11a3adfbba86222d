import { isDeepStrictEqual } from "node:util";
import { Document, isAlias, isMap, isScalar, parseDocument, visit } from "yaml";
import type { Pair, YAMLMap } from "yaml";
import { READ_DIFFERENTLY } from "../../../config/stackFile";
import type { FlowBlock } from "./environments";

type Edit = { readonly text: string } | { readonly cannot: string };

/**
 * The text of `Pulumi.<env>.yaml` with one flow more, behind the last one: nothing else moves, so every comment,
 * blank and line end stays. `path` is where the flows stand, `["config", "flows"]` or with the project's namespace.
 * Where the layout does not let a block be put in, the edit is refused rather than the file written anew.
 */
export function withFlow(
  text: string,
  path: readonly [string, string],
  name: string,
  block: FlowBlock,
): Edit {
  const document = parse(text);
  const config = document.get(path[0], true);
  if (!isMap(config)) return { cannot: "config is no mapping" };
  const pair = config.items.find(({ key }) => isScalar(key) && key.value === path[1]);
  const flows = pair?.value;
  if (isAlias(flows)) return { cannot: "flows is an alias" };
  const empty = pair !== undefined && isEmpty(flows);
  if (pair !== undefined && !empty && (!isMap(flows) || flows.flow === true))
    return { cannot: "flows is written in braces" };
  if (config.flow === true) return { cannot: "config is written in braces" };
  const newline = text.includes("\r\n") ? "\r\n" : "\n";
  const at = isMap(flows) && !empty ? flows : config;
  const indent = indentOf(text, at);
  const step = Math.max(indentOf(text, config), 1);
  const shown = { [name]: block };
  const added = render(at === flows ? shown : { [path[1]]: shown }, indent, step, newline);
  const without = empty ? cut(text, pair) : text;
  const anchor = empty ? parse(without).getIn([path[0]]) : at;
  if (!isMap(anchor) || anchor.items.length === 0) return { cannot: "config is empty" };
  const end = endOfLine(without, lastWritten(anchor));
  const gap = end > 0 && without[end - 1] !== "\n" && end === without.length ? newline : "";
  const edited = without.slice(0, end) + gap + added + without.slice(end);
  return isOnlyAddition(text, edited, path, name, block)
    ? { text: edited }
    : { cannot: "its layout does not take another block" };
}

/** The flow on one line, for a person to put below `flows`. */
export function shownFlow(name: string, block: FlowBlock): string {
  const document = written(block);
  if (isMap(document.contents)) document.contents.flow = true;
  return `${name}: ${document.toString({ lineWidth: 0 }).trim()}`;
}

/** Texts that Pulumi's engine would read as something else stand in quotes. */
function written(value: unknown): Document {
  const document = new Document(value, { aliasDuplicateObjects: false });
  visit(document, {
    Scalar: (_key, node) => {
      if (typeof node.value === "string" && READ_DIFFERENTLY.test(node.value)) {
        node.type = "QUOTE_DOUBLE";
      }
    },
  });
  return document;
}

function parse(text: string): Document {
  return parseDocument(text, { stringKeys: true, version: "1.2" });
}

/** No flow stands there, and so nothing that could be lost. */
function isEmpty(flows: unknown): boolean {
  return (
    flows === null ||
    (isScalar(flows) && (flows.value === null || flows.value === "")) ||
    (isMap(flows) && flows.items.length === 0)
  );
}

/** The text without the line of a pair whose value is empty. */
function cut(text: string, { key }: Pair): string {
  const at = isScalar(key) ? (key.range?.[0] ?? 0) : 0;
  const start = text.lastIndexOf("\n", at) + 1;
  return text.slice(0, start) + text.slice(endOfLine(text, at));
}

/** Behind the end of the line that holds an offset. */
function endOfLine(text: string, offset: number): number {
  const end = text.indexOf("\n", offset);
  return end === -1 ? text.length : end + 1;
}

/** The last character of a mapping that is neither comment nor blank. */
function lastWritten(map: YAMLMap): number {
  let last = 0;
  visit(map, {
    Node: (_key, node) => {
      const end = node.range?.[1];
      if (end !== undefined && (!isMap(node) || node.flow === true)) last = Math.max(last, end);
    },
    Pair: (_key, { key }) => {
      if (isScalar(key)) last = Math.max(last, key.range?.[1] ?? 0);
    },
  });
  return Math.max(last - 1, 0);
}

function indentOf(text: string, map: YAMLMap): number {
  const key = map.items[0]?.key;
  const at = isScalar(key) ? (key.range?.[0] ?? 0) : 0;
  return at - (text.lastIndexOf("\n", at - 1) + 1);
}

function render(value: unknown, indent: number, step: number, newline: string): string {
  const document = written(value);
  visit(document, {
    Map: (_key, node, path) => {
      // An arm of a few words stands on one line, as people write it.
      const parent = path.at(-2);
      const isArm = isMap(parent) && path.length > 4 && !node.has("environment");
      if (isArm && node.has("weight")) node.flow = true;
    },
  });
  return document
    .toString({ lineWidth: 0, indent: step })
    .trimEnd()
    .split("\n")
    .map((line) => " ".repeat(indent) + line + newline)
    .join("");
}

/** The new text means what the old one meant, and the flow. */
function isOnlyAddition(
  before: string,
  after: string,
  [config, flows]: readonly [string, string],
  name: string,
  block: FlowBlock,
): boolean {
  const document = parse(after);
  if (document.errors.length > 0) return false;
  const expected = (parse(before).toJS() ?? {}) as Record<string, Record<string, object>>;
  const settings = { ...expected[config] };
  settings[flows] = { ...settings[flows], [name]: block };
  return isDeepStrictEqual(document.toJS(), { ...expected, [config]: settings });
}
