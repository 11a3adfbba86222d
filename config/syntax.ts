import type { ErrorCode, YAMLError } from "yaml";
import type { Fault } from "./problem";

/**
 * The errors that tell a reader something: one a line, and where a tab indents, nothing but the tabs, since
 * all later indentation is wrong only because of them.
 */
export function worthTelling<Issue extends YAMLError>(
  errors: readonly Issue[],
  positionOf: (error: Issue) => { line: number },
): Issue[] {
  const tabs = errors.filter(({ code }) => code === "TAB_AS_INDENT");
  // A value that runs on is also read as a second colon; the former says more.
  const runsOn = errors.filter(({ code }) => code === "MULTILINE_IMPLICIT_KEY");
  const seen = new Set<number>();
  return (tabs.length > 0 ? tabs : [...runsOn, ...errors]).filter((error) => {
    const { line } = positionOf(error);
    const first = !seen.has(line);
    seen.add(line);
    return first;
  });
}

/**
 * The library's own messages quote the text they stumble over, which may be a secret; so each code has
 * words of its own here. The message only tells two causes of one code apart.
 */
export function syntaxFault(code: ErrorCode, message = ""): Fault {
  const openBracket = code === "BAD_INDENT" && message.startsWith("Flow");
  const [found, mend] = openBracket ? OPEN_BRACKET : (SYNTAX[code] ?? NOT_YAML);
  return { found: `broken YAML: ${found}`, allowed: "YAML 1.2", mend };
}

type Words = readonly [found: string, mend: string];

const NOT_YAML: Words = ["this is not YAML", "compare with the line before it"];
const OPEN_BRACKET: Words = ["a bracket or brace above is still open", "close it above this line"];

const SYNTAX: Partial<Record<ErrorCode, Words>> = {
  TAB_AS_INDENT: ["a tab in the indentation", "indent with spaces"],
  DUPLICATE_KEY: ["the same key stands twice in one mapping", "keep one of the two"],
  BAD_INDENT: ["wrong indentation", "give all keys of one mapping the same indentation"],
  MISSING_CHAR: [
    "a quote, bracket, comma, colon or blank is missing",
    "close what was opened here",
  ],
  UNEXPECTED_TOKEN: ["something that does not belong here", "compare with the line before it"],
  MULTILINE_IMPLICIT_KEY: [
    "a value that runs on into the next line",
    "check the next line's indentation",
  ],
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
  NON_STRING_KEY: ["a key that is not plain text", "write a plain word before the colon"],
};
