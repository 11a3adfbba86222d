/**
 * Something that the user of the program can mend: the message says where, what was found and what to do, and
 * is shown without a stack trace.
 */
export class UserError extends Error {
  override readonly name: string = "UserError";
}

/**
 * A write that Azure began and did not finish: the resource exists, not as asked. The engine records what is
 * there, so that the next deployment mends or replaces it instead of finding a stranger of the same name.
 */
export class PartialFailure extends UserError {
  constructor(
    message: string,
    readonly live: {
      readonly id: string;
      readonly outputs: Record<string, unknown>;
      readonly inputs: Record<string, unknown>;
    },
  ) {
    super(message);
  }
}
