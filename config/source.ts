import { existsSync, readFileSync, realpathSync } from "node:fs";
import path from "node:path";
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import type { Document, ErrorCode, Node, Pair } from "yaml";
import type { Fault, Problem } from "./problem";

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
}

/** A YAML file that need not exist. */
export function readYamlIfPresent(root: string, file: string): YamlFile | undefined {
  return existsSync(path.join(root, file)) ? readYaml(root, file) : undefined;
}

/** Read and parse one YAML file. Throws only what the file system throws; wrong content is in `problems`. */
export function readYaml(root: string, file: string): YamlFile {
  const outside = faultOfPlace(root, file);
  if (outside !== undefined) {
    return unreadable(file, outside);
  }
  const bytes = readFileSync(path.join(root, file));
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
export function faultOfPlace(root: string, relative: string): Fault | undefined {
  const absolute = path.join(root, relative);
  if (isInside(realpathSync(root), realpathSync(absolute))) {
    return undefined;
  }
  return {
    found: `${JSON.stringify(relative)} leads out of the repository`,
    allowed: "files and folders inside the repository, after following symbolic links",
    mend: "copy it into the repository",
  };
}

export function isInside(root: string, absolute: string): boolean {
  const relative = path.relative(root, absolute);
  return relative === "" || (!relative.startsWith("..") && !path.isAbsolute(relative));
}

/** Parse text that was read from a file. */
export function parseYaml(file: string, text: string): YamlFile {
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
  const problems: Problem[] = [...document.errors, ...document.warnings].map((error) => ({
    file,
    ...positionOf(error.pos[0]),
    path: "",
    ...syntaxFault(error.code),
  }));
  const broken = document.errors.some((error) => error.code !== "DUPLICATE_KEY");
  let data: unknown;
  if (!broken) {
    try {
      data = document.toJS() ?? undefined;
    } catch {
      problems.push({ file, line: 1, column: 1, path: "", ...syntaxFault("BAD_ALIAS") });
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
  };
}

function unreadable(file: string, fault: Fault): YamlFile {
  const place = { file, line: 1, column: 1 };
  return {
    file,
    data: undefined,
    problems: [{ ...place, path: "", ...fault }],
    problem: (at, other) => ({ ...place, path: formatPath(at), ...other }),
  };
}

/** `flows.web.arms[0].name`. */
export function formatPath(at: DataPath): string {
  return at
    .map((step, index) =>
      typeof step === "number" ? `[${step}]` : index === 0 ? step : `.${step}`,
    )
    .join("");
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

/**
 * The library's own messages quote the text they stumble over, which may be a secret; so each code has
 * words of its own here.
 */
function syntaxFault(code: ErrorCode): Fault {
  const [found, mend] = SYNTAX[code] ?? ["this is not YAML", "compare with the line before it"];
  return { found: `broken YAML: ${found}`, allowed: "YAML 1.2", mend };
}

const SYNTAX: Partial<Record<ErrorCode, readonly [found: string, mend: string]>> = {
  TAB_AS_INDENT: ["a tab in the indentation", "indent with spaces"],
  DUPLICATE_KEY: ["the same key stands twice in one mapping", "keep one of the two"],
  BAD_INDENT: ["wrong indentation", "give all keys of one mapping the same indentation"],
  MISSING_CHAR: [
    "a quote, bracket, comma, colon or blank is missing",
    "close what was opened here",
  ],
  UNEXPECTED_TOKEN: ["something that does not belong here", "compare with the line before it"],
  MULTILINE_IMPLICIT_KEY: ["a key that runs over a line end", "write key and colon on one line"],
  BLOCK_AS_IMPLICIT_KEY: ["a second colon in one line", "put a value that holds a colon in quotes"],
  BLOCK_IN_FLOW: ["an indented block inside brackets", "write it with braces or without brackets"],
  BAD_DQ_ESCAPE: [
    "an unknown escape in double quotes",
    "use single quotes or double the backslash",
  ],
  BAD_SCALAR_START: ["a value that starts with a reserved character", "put the value in quotes"],
  MULTIPLE_DOCS: ["a second document behind ---", "keep one document in the file"],
  TAG_RESOLVE_FAILED: ["an unknown tag", "remove the word that starts with !"],
  BAD_ALIAS: ["an alias without its anchor", "write out the value instead of *name"],
  IMPOSSIBLE: ["this is not YAML", "compare with the line before it"],
  NON_STRING_KEY: ["a key that is not plain text", "write a plain word before the colon"],
};
