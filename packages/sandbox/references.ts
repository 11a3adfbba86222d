/**
 * A value that another resource will have once it exists is written `${<urn>.<path>}`, alone or inside a
 * longer text. The path is `id` or that of an output, with `.name` and `[index]`.
 */
export function referTo(urn: string, path: string | readonly (string | number)[]): string {
  return `\${${urn}.${typeof path === "string" ? path : pathText(path)}}`;
}

/** Write a path the way a reader would: `properties.rules[0].id`. */
export function pathText(path: readonly (string | number)[]): string {
  return path
    .map((part, index) =>
      typeof part === "number" ? `[${part}]` : index === 0 ? part : `.${part}`,
    )
    .join("");
}

/** A reference and nothing else. */
export function isReference(value: unknown): value is string {
  return typeof value === "string" && /^\$\{urn:[^{}]*\}$/.test(value);
}
