/**
 * Something that the user of the program can mend: the message says where, what was found and what to do, and
 * is shown without a stack trace.
 */
export class UserError extends Error {
  override readonly name: string = "UserError";
}
