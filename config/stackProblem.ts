import { quote } from "./display";
import type { Problem } from "./problem";
import type { DataPath } from "./source";
import type { StackText } from "./stackFile";
import { orListing } from "./suggest";

/** The problem of a setting, at its place in the stack's file. */
export function at(
  text: StackText,
  path: DataPath,
  found: string,
  allowed: string,
  mend: string,
  on?: "key" | "value",
): Problem {
  return text.file.problem(text.place(path), { found, allowed, mend }, on);
}

/** A reference to a name that another part of the file should define. */
export function unknownName(
  text: StackText,
  path: DataPath,
  what: string,
  name: string,
  known: readonly string[],
): Problem {
  return at(
    text,
    path,
    `unknown ${what} ${quote(name)}`,
    `a name under ${what}s`,
    orListing(name, [...known].sort(), `add it under ${what}s`),
  );
}
