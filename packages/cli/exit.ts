import { PROBLEMS_EXIT_CODE } from "../../config/problem";

/** Exit codes of every verb; the help text is made from this table. */
export const EXIT = {
  ok: 0,
  /** The work failed, or `--expect-no-changes` and there are changes. */
  failed: 1,
  /** The files or the arguments are wrong. */
  problems: PROBLEMS_EXIT_CODE,
  /** A rule forbids what was asked. */
  refused: 3,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Ends a verb with a message and an exit code, without a stack trace: the user can mend it. */
export class CommandError extends Error {
  override readonly name = "CommandError";

  constructor(
    message: string,
    readonly exitCode: ExitCode = EXIT.problems,
  ) {
    super(message);
  }
}
