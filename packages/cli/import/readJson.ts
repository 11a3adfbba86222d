import { readFileSync } from "node:fs";
import path from "node:path";
import { parse, ParseErrorCode } from "jsonc-parser";
import type { ParseError } from "jsonc-parser";
import type { Problem } from "../../../config/problem";
import { readYamlIfPresent } from "../../../config/source";
import type { YamlFile } from "../../../config/source";

const WORDS: Partial<Record<ParseErrorCode, string>> = {
  [ParseErrorCode.InvalidSymbol]: "a word or sign that JSON does not know",
  [ParseErrorCode.InvalidNumberFormat]: "a number that is none",
  [ParseErrorCode.PropertyNameExpected]: "no name in double quotes, or a comma too many",
  [ParseErrorCode.ValueExpected]: "no value, or a comma too many",
  [ParseErrorCode.ColonExpected]: "no colon behind a name",
  [ParseErrorCode.CommaExpected]: "no comma between two entries",
  [ParseErrorCode.CloseBraceExpected]: "a brace that is never closed",
  [ParseErrorCode.CloseBracketExpected]: "a bracket that is never closed",
  [ParseErrorCode.EndOfFileExpected]: "something behind the end",
  [ParseErrorCode.InvalidCommentToken]: "a comment",
  [ParseErrorCode.UnexpectedEndOfComment]: "a comment",
  [ParseErrorCode.UnexpectedEndOfString]: "a text that is never closed",
};

/** A JSON file that need not exist. JSON is YAML, whose reader knows where each value stands. */
export function readJsonIfPresent(root: string, file: string): YamlFile | undefined {
  const located = readYamlIfPresent(root, file);
  if (located === undefined || located.problems.some(isNoSyntax)) return located;
  const text = readFileSync(path.join(root, file), "utf8").replace(/^\uFEFF/, "");
  const errors: ParseError[] = [];
  const data: unknown = parse(text, errors, { disallowComments: true, allowEmptyContent: true });
  const [first] = errors;
  if (first === undefined) {
    const repeated = located.problems.filter(isRepeatedKey);
    const found = "broken JSON: the same key stands twice in one object";
    return {
      ...located,
      data,
      problems: repeated.map((problem) => ({ ...problem, found, allowed: "JSON" })),
    };
  }
  const before = text.slice(0, first.offset).split("\n");
  const problem = {
    ...located.problem([], {
      found: `broken JSON: ${WORDS[first.error] ?? "this is not JSON"}`,
      allowed: "JSON",
      mend: "correct it",
    }),
    line: before.length,
    column: (before.at(-1) as string).length + 1,
  };
  return { ...located, data: undefined, problems: [problem] };
}

/** Of syntax JSON's own reader says more than that of YAML, which also takes offence at tabs. */
function isNoSyntax({ found }: Problem): boolean {
  return !found.startsWith("broken YAML");
}

/** The one thing that JSON's own reader lets pass. */
function isRepeatedKey({ found }: Problem): boolean {
  return found.includes("stands twice");
}
