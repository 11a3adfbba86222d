/** One thing wrong in the files of an environment, at the place where it can be mended. */
export interface Problem {
  /** Path relative to the repository, with forward slashes. */
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  /** Counted from 1, in characters. */
  readonly column: number;
  /** Where in the data, for example `flows.web.arms.blue.weight`; empty for the file as a whole. */
  readonly path: string;
  /** What was found. Never holds the value of a secret. */
  readonly found: string;
  /** What is allowed there. */
  readonly allowed: string;
  /** What to do about it. */
  readonly mend: string;
}

/** The three texts of a problem, before it has a place. */
export type Fault = Pick<Problem, "found" | "allowed" | "mend">;

/** Exit code of a command whose input files are wrong. */
export const PROBLEMS_EXIT_CODE = 2;

/**
 * The files are wrong. Its message is the printable list of all problems, and it carries no stack: the
 * user mends files, not the program. A caller prints the message and exits with `PROBLEMS_EXIT_CODE`.
 */
export class ProblemsError extends Error {
  override readonly name = "ProblemsError";
  /** Sorted by file, line and column, without duplicates. */
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    const sorted = sortProblems(problems);
    super(formatProblems(sorted));
    this.problems = sorted;
    this.stack = this.message;
  }
}

/** One line for each problem: `file:line:column  what was found; what is allowed; how to mend it`. */
export function formatProblems(problems: readonly Problem[]): string {
  return problems.map(formatProblem).join("\n");
}

function formatProblem({ file, line, column, found, allowed, mend }: Problem): string {
  return oneLine(`${file}:${line}:${column}  ${found}; ${allowed}; ${mend}`);
}

/** Sort by file, line and column, and drop what was found twice. */
export function sortProblems(problems: readonly Problem[]): Problem[] {
  const sorted = [...problems].sort(
    (a, b) =>
      compareText(a.file, b.file) ||
      a.line - b.line ||
      a.column - b.column ||
      compareText(a.found, b.found),
  );
  return sorted.filter(
    (problem, index) =>
      index === 0 || formatProblem(problem) !== formatProblem(sorted[index - 1] as Problem),
  );
}

/** Order by code unit, the same on every machine whatever its locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** File contents can hold line breaks and control characters; a problem must stay one line. */
export function oneLine(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f\u0085\u2028\u2029]+/g, " ");
}
