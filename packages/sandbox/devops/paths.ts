import type { Json } from "../paths";

/** Every value at `settings.scopes.*.repositoryId`; what is not there is left out. */
export function valuesAt(value: unknown, path: string): unknown[] {
  return path.split(".").reduce<unknown[]>(
    (found, step) =>
      found.flatMap((owner) => {
        if (typeof owner !== "object" || owner === null) return [];
        if (step === "*") return Object.values(owner);
        const member = (owner as Json)[step];
        return member === undefined ? [] : [member];
      }),
    [value],
  );
}
