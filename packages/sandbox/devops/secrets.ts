import { createHash } from "node:crypto";

/** The state is a plain file: of a secret it keeps what tells two apart, and not the secret. */

const mark = "sha256:";

function digest(secret: unknown): string {
  return mark + createHash("sha256").update(String(secret)).digest("hex");
}

/** The value with only digests at the paths (`variables.*.secretValue`). */
export function withDigests<T>(value: T, paths: readonly string[]): T {
  return paths.reduce((all, path) => change(all, undefined, path.split("."), digest) as T, value);
}

/**
 * What the provider knows after a read: the service never returns a secret, so the recorded one stays as
 * long as it is still the one that is stored, and otherwise there is none.
 */
export function withRecorded<T>(live: T, recorded: unknown, paths: readonly string[]): T {
  const keep = (stored: unknown, known: unknown) => (digest(known) === stored ? known : undefined);
  return paths.reduce((all, path) => change(all, recorded, path.split("."), keep) as T, live);
}

type Change = (value: unknown, beside: unknown) => unknown;

function change(value: unknown, beside: unknown, steps: readonly string[], by: Change): unknown {
  const [step, ...rest] = steps;
  if (value === undefined || value === null) return value;
  if (step === undefined) return by(value, beside);
  const member = (key: string | number): unknown =>
    (beside as Record<string | number, unknown> | undefined)?.[key];
  if (step === "*") {
    return Array.isArray(value)
      ? value.map((item, index) => change(item, member(index), rest, by))
      : value;
  }
  const owner = value as Record<string, unknown>;
  return step in owner ? { ...owner, [step]: change(owner[step], member(step), rest, by) } : value;
}
