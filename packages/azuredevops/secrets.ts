import * as pulumi from "@pulumi/pulumi";

/**
 * Copies a value with every secret in it marked, and everything beside a secret left readable: a
 * plan masks the key of a connection, and not its whole block of credentials.
 *
 * @param paths `a`, `a.b`, or `a[].b` for every element of a list
 */
export function sealed<T>(value: T, paths: readonly string[]): T {
  return paths.reduce((current, path) => seal(current, steps(path)) as T, value);
}

/** `variables[].secretValue` is `variables`, `[]`, `secretValue`. */
function steps(path: string): string[] {
  return path.split(/\.|(?=\[\])/);
}

function seal(value: unknown, path: string[]): unknown {
  if (value === undefined || value === null) return value;
  const [step, ...rest] = path;
  if (step === undefined) return pulumi.secret(value);
  if (pulumi.Output.isInstance(value) || value instanceof Promise) {
    return pulumi.output(value).apply((known) => seal(known, path));
  }
  if (step === "[]") {
    return Array.isArray(value) ? value.map((item) => seal(item, rest)) : value;
  }
  const owner = value as Record<string, unknown>;
  return step in owner ? { ...owner, [step]: seal(owner[step], rest) } : value;
}
