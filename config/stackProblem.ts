import { quote } from "./display";
import { record } from "./folders";
import type { Problem } from "./problem";
import type { DataPath } from "./source";
import { readStackText } from "./stackFile";
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

/** `file:line:column` of a setting of a stack, or of the nearest place that exists. */
export function settingPlace(root: string, stack: string, path: DataPath): string {
  const { file, line, column } = at(readStackText(root, stack), path, "", "", "", "key");
  return `${file}:${line}:${column}`;
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

/** A reference to a name under `secrets`. It may be the key itself in the wrong place: it is never shown. */
export function secretProblems(
  text: StackText,
  path: DataPath,
  whose: string,
  name: unknown,
): Problem[] {
  const secrets = Object.keys(record(text.settings.secrets)).sort();
  if (typeof name !== "string" || secrets.includes(name)) return [];
  return [
    at(
      text,
      path,
      `${whose} is not a name under secrets`,
      secrets.length === 0 ? "there are no secrets yet" : `one of ${secrets.join(", ")}`,
      secrets.length === 0
        ? "run: pulumi config set --secret --path secrets.<name>, and write that name here"
        : orListing(name, secrets, ""),
    ),
  ];
}
