import { formatProblems, oneLine, sortProblems } from "../../../config/problem";
import type { Problem } from "../../../config/problem";

/** Everything that an import has to say. Each list is about places in files, as problems are. */
export interface Findings {
  /** What was read, a line each. */
  readonly read: string[];
  /** What came over in another form: what stood there, what is true here, what was done. */
  readonly changed: Problem[];
  /** What a person must say: what stood there, what was written meanwhile, how to decide. */
  readonly decisions: Problem[];
  /** What keeps the folder from coming over at all. */
  readonly problems: Problem[];
  /** Files that stay where they are: the path and why. */
  readonly left: { readonly file: string; readonly why: string }[];
}

export function noFindings(): Findings {
  return { read: [], changed: [], decisions: [], problems: [], left: [] };
}

export interface Summary {
  readonly flow: string;
  /** The folder as the user named it. */
  readonly from: string;
  /** Files that the new folder holds, relative to it. */
  readonly files: readonly string[];
  /** What each stack file gets, a line each. */
  readonly stacks: readonly string[];
  /** Whether `genaiops validate` passes on the result. */
  readonly valid: boolean;
}

/** The report of an import; the same whether anything is written or not. */
export function report(findings: Findings, { flow, from, files, stacks, valid }: Summary): string {
  const left = findings.left.map(({ file, why }) => `${file}  ${why}`);
  return [
    `flows/${flow} from ${from}`,
    ...section("Read", findings.read),
    ...section("Written", [`flows/${flow}/  ${files.length} files`, ...stacks]),
    ...section("Changed", lines(findings.changed)),
    ...section("Left behind", left),
    ...section("Needs a decision", lines(findings.decisions)),
    "",
    valid
      ? `genaiops validate ${flow} passes`
      : `genaiops validate ${flow} passes once what it names is decided`,
    "",
  ].join("\n");
}

function section(title: string, entries: readonly string[]): string[] {
  return entries.length === 0 ? [] : ["", title, ...entries.map((entry) => `  ${oneLine(entry)}`)];
}

function lines(problems: readonly Problem[]): string[] {
  return problems.length === 0 ? [] : formatProblems(sortProblems(problems)).split("\n");
}
