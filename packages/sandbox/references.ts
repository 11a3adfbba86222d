/**
 * A value that another resource will have once it exists is written `${<urn>.<path>}`, alone or inside a
 * longer text. The path is `id` or that of an output, with `.name`, `[index]` and `["quoted name"]`.
 */
export function referTo(urn: string, path: string | readonly (string | number)[]): string {
  return `\${${urn}.${typeof path === "string" ? path : pathText(path)}}`;
}

/** A path as the engine writes it (sdk/go/common/resource/properties_path.go): `rules[0]["a.b"].id`. */
export function pathText(path: readonly (string | number)[]): string {
  return path
    .map((step, index) => {
      if (typeof step === "number") return `[${step}]`;
      if (!/^[A-Za-z_$][\w$-]*$/.test(step)) return `[${JSON.stringify(step)}]`;
      return index === 0 ? step : `.${step}`;
    })
    .join("");
}

/** A reference and nothing else. */
export function isReference(value: unknown): value is string {
  return typeof value === "string" && /^\$\{urn:[^{}]*\}$/.test(value);
}
