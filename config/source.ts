import { existsSync, readFileSync, realpathSync } from "node:fs";
import path from "node:path";
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, visit } from "yaml";
import type { Document, Node, Pair } from "yaml";
import { looksLikeKey } from "./display";
import { isTooDeep } from "./nesting";
import type { Fault, Problem } from "./problem";
import { syntaxFault, worthTelling } from "./syntax";

/** Where something stands in the data of a file: keys of mappings, indexes of lists. */
export type DataPath = readonly (string | number)[];

/** One YAML file: its data, and where each piece of it stands. */
export interface YamlFile {
  /** Relative to the repository, with forward slashes. */
  readonly file: string;
  /** Undefined where the file is empty or its syntax is broken. */
  readonly data: unknown;
  /** Problems of the file as such: encoding, syntax, repeated keys. */
  readonly problems: readonly Problem[];
  /** A problem at the value of a path, or at the nearest place that exists. */
  problem(at: DataPath, fault: Fault, on?: "key" | "value"): Problem;
  /** A problem at every value that is written without quotes and fits. */
  unquoted(fits: RegExp, fault: (text: string) => Fault): Problem[];
}

/** A YAML file that need not exist. */
export function readYamlIfPresent(root: string, file: string): YamlFile | undefined {
  return existsSync(path.join(root, file)) ? readYaml(root, file) : undefined;
}

/** Read and parse one YAML file. What is wrong with it is in `problems`. */
export function readYaml(root: string, file: string): YamlFile {
  const outside = faultOfPlace(root, file);
  if (outside !== undefined) {
    return unreadable(file, outside);
  }
  let bytes: Buffer;
  try {
    bytes = readFileSync(path.join(root, file));
  } catch (error) {
    return unreadable(file, {
      found: `the file cannot be read (${(error as NodeJS.ErrnoException).code})`,
      allowed: "a file that this user may read",
      mend: "see to its kind and permissions",
    });
  }
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return unreadable(file, {
      found: "the file is not UTF-8 text",
      allowed: "YAML files are UTF-8",
      mend: "save it with the encoding UTF-8",
    });
  }
  return parseYaml(file, text);
}

/** The fault of a path that leaves the repository, through `..` or a symbolic link. */
function faultOfPlace(root: string, relative: string): Fault | undefined {
  const absolute = path.join(root, relative);
  if (isInside(realRoot(root), realpathSync.native(absolute))) {
    return undefined;
  }
  return {
    found: `${JSON.stringify(relative)} leads out of the repository`,
    allowed: "files and folders inside the repository, after following symbolic links",
    mend: "copy it into the repository",
  };
}

/** The repository's own folder, links followed; asked for with every file. */
export function realRoot(root: string): string {
  const known = realRoots.get(root) ?? realpathSync.native(root);
  realRoots.set(root, known);
  return known;
}

const realRoots = new Map<string, string>();

export function isInside(root: string, absolute: string): boolean {
  const relative = path.relative(root, absolute);
  return relative === "" || (!relative.startsWith("..") && !path.isAbsolute(relative));
}

/** Parse text that was read from a file. */
export function parseYaml(file: string, text: string): YamlFile {
  if (isTooDeep(text)) {
    return unreadable(file, {
      found: "lists or mappings are nested more than 500 deep",
      allowed: "settings as a person writes them",
      mend: "see whether this is the file that is meant",
    });
  }
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    stringKeys: true,
    version: "1.2",
  });
  const positionOf = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const place = (offset: number, fault: Fault) => ({
    file,
    ...positionOf(offset),
    path: "",
    ...fault,
  });
  const problems: Problem[] = worthTelling([...document.errors, ...document.warnings], (error) =>
    positionOf(error.pos[0]),
  ).map((error) => place(error.pos[0], syntaxFault(error.code, error.message)));
  problems.push(...reservedKeys(document).map((offset) => place(offset, RESERVED)));
  const broken = document.errors.some((error) => error.code !== "DUPLICATE_KEY");
  let data: unknown;
  if (!broken) {
    try {
      data = document.toJS() ?? undefined;
    } catch {
      // An alias without an anchor is no error before its value is asked for.
      const lone = loneAlias(document);
      problems.push(place(lone ?? 0, lone === undefined ? GROWING : syntaxFault("BAD_ALIAS")));
    }
  }
  return {
    file,
    data,
    problems,
    problem: (at, fault, on = "value") => ({
      file,
      ...positionOf(offsetOf(document, at, on)),
      path: formatPath(at),
      ...fault,
    }),
    unquoted: (fits, fault) =>
      plainValues(document)
        .filter(({ text }) => fits.test(text))
        .map(({ offset, text }) => place(offset, fault(text))),
  };
}

function unreadable(file: string, fault: Fault): YamlFile {
  const place = { file, line: 1, column: 1 };
  return {
    file,
    data: undefined,
    problems: [{ ...place, path: "", ...fault }],
    problem: (at, other) => ({ ...place, path: formatPath(at), ...other }),
    unquoted: () => [],
  };
}

/** `flows.web.arms[0].name`. */
export function formatPath(at: DataPath): string {
  return at
    .map((step, index) =>
      typeof step === "number" ? `[${step}]` : `${index === 0 ? "" : "."}${shownKey(step)}`,
    )
    .join("");
}

function shownKey(key: string): string {
  return looksLikeKey(key) ? "…" : key;
}

function offsetOf(document: Document, at: DataPath, on: "key" | "value"): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const [index, step] of at.entries()) {
    if (isAlias(node)) {
      node = node.resolve(document);
    }
    if (isMap(node)) {
      const pair = node.items.find((item) => keyOf(item) === String(step));
      if (pair === undefined) {
        return offset;
      }
      const key = startOf(pair.key) ?? offset;
      node = pair.value;
      const wantsKey = on === "key" && index === at.length - 1;
      offset = wantsKey || !isWritten(node) ? key : (startOf(node) ?? key);
    } else if (isSeq(node) && typeof step === "number") {
      node = node.items[step];
      offset = startOf(node) ?? offset;
    } else {
      return offset;
    }
  }
  return offset;
}

/** A value on its own; mappings, lists and missing values are shown at their key. */
function isWritten(node: unknown): boolean {
  return isAlias(node) || (isScalar(node) && (node.source ?? "") !== "");
}

function keyOf(pair: Pair): string | undefined {
  return isScalar(pair.key) ? String(pair.key.value) : undefined;
}

function startOf(node: unknown): number | undefined {
  return (node as Node | null | undefined)?.range?.[0];
}

/** The reader stops where aliases of aliases would fill the memory. */
const GROWING: Fault = {
  found: "broken YAML: aliases that stand for more and more",
  allowed: "YAML 1.2",
  mend: "write out the value instead of *name",
};

/** Where an alias stands that no anchor belongs to. */
function loneAlias(document: Document): number | undefined {
  let offset: number | undefined;
  visit(document, {
    Alias: (_key, alias) => {
      if (alias.resolve(document) === undefined) {
        offset = alias.range?.[0] ?? 0;
        return visit.BREAK;
      }
      return undefined;
    },
  });
  return offset;
}

/** A key of this name never reaches a check: it is left out of what is checked, without a word. */
const RESERVED: Fault = {
  found: 'the key "__proto__"',
  allowed: "any other name; JavaScript keeps this one for itself",
  mend: "rename it",
};

/** Values, no keys, that stand without quotes. */
function plainValues(document: Document): { readonly offset: number; readonly text: string }[] {
  const found: { offset: number; text: string }[] = [];
  visit(document, {
    Scalar: (key, { type, source, range }) => {
      if (key !== "key" && type === "PLAIN" && source !== undefined) {
        found.push({ offset: range?.[0] ?? 0, text: source });
      }
    },
  });
  return found;
}

function reservedKeys(document: Document): number[] {
  const offsets: number[] = [];
  visit(document, {
    Pair: (_key, pair) => {
      if (keyOf(pair) === "__proto__") offsets.push(startOf(pair.key) ?? 0);
    },
  });
  return offsets;
}
