import { equal, isMapping, order, PipelineError, toBoolean, toText, type Value } from "./value";

/** A function of expressions; its arguments come as calls, so that some can stay unasked. */
export interface ExpressionFunction {
  readonly least: number;
  readonly most: number;
  readonly run: (args: readonly (() => Value)[]) => Value;
}

const many = Number.POSITIVE_INFINITY;

function of(
  least: number,
  most: number,
  run: (args: readonly Value[]) => Value,
): ExpressionFunction {
  return { least, most, run: (args) => run(args.map((arg) => arg())) };
}

function text(value: Value | undefined, name: string): string {
  const converted = toText(value ?? null);
  if (converted === undefined) throw new PipelineError(`${name} cannot take an object or a list`);
  return converted;
}

function texts(name: string, test: (left: string, right: string) => boolean): ExpressionFunction {
  return of(2, 2, ([left, right]) =>
    test(text(left, name).toLowerCase(), text(right, name).toLowerCase()),
  );
}

function compared(name: string, test: (order: number) => boolean): ExpressionFunction {
  return of(2, 2, ([left = null, right = null]) => {
    const found = order(left, right);
    if (found === undefined)
      throw new PipelineError(`${name} cannot compare ${String(left)} with ${String(right)}`);
    return test(found);
  });
}

/** `{0}`, and doubled braces for braces. */
function format([pattern, ...args]: readonly Value[]): string {
  return text(pattern, "format").replace(/\{\{|\}\}|\{(\d+)\}/g, (found, index?: string) => {
    if (index === undefined) return found.slice(0, 1);
    if (Number(index) >= args.length)
      throw new PipelineError(`format names {${index}} and has ${args.length} values`);
    return text(args[Number(index)], "format");
  });
}

function contained([list, wanted = null]: readonly Value[]): boolean {
  const values = Array.isArray(list) ? list : isMapping(list) ? Object.values(list) : [];
  return values.some((value) => equal(wanted, value));
}

/** General functions: learn.microsoft.com/azure/devops/pipelines/process/expressions, "Functions". */
export const generalFunctions: Readonly<Record<string, ExpressionFunction>> = {
  and: { least: 2, most: many, run: (args) => args.every((arg) => toBoolean(arg())) },
  coalesce: of(2, many, (args) => args.find((arg) => arg !== null && arg !== "") ?? null),
  contains: texts("contains", (left, right) => left.includes(right)),
  containsvalue: of(2, 2, contained),
  endswith: texts("endsWith", (left, right) => left.endsWith(right)),
  eq: of(2, 2, ([left = null, right = null]) => equal(left, right)),
  format: of(1, many, format),
  ge: compared("ge", (found) => found >= 0),
  gt: compared("gt", (found) => found > 0),
  in: of(1, many, ([left = null, ...rest]) => rest.some((right) => equal(left, right))),
  join: of(2, 2, ([separator, list = null]) =>
    Array.isArray(list)
      ? list.map((item) => toText(item) ?? "").join(text(separator, "join"))
      : text(list, "join"),
  ),
  le: compared("le", (found) => found <= 0),
  length: of(1, 1, ([value = null]) =>
    Array.isArray(value)
      ? value.length
      : isMapping(value)
        ? Object.keys(value).length
        : text(value, "length").length,
  ),
  lower: of(1, 1, ([value]) => text(value, "lower").toLowerCase()),
  lt: compared("lt", (found) => found < 0),
  ne: of(2, 2, ([left = null, right = null]) => !equal(left, right)),
  not: of(1, 1, ([value = null]) => !toBoolean(value)),
  notin: of(1, many, ([left = null, ...rest]) => !rest.some((right) => equal(left, right))),
  or: { least: 2, most: many, run: (args) => args.some((arg) => toBoolean(arg())) },
  replace: of(3, 3, ([value, old, now]) =>
    text(value, "replace").replaceAll(text(old, "replace"), text(now, "replace")),
  ),
  startswith: texts("startsWith", (left, right) => left.startsWith(right)),
  upper: of(1, 1, ([value]) => text(value, "upper").toUpperCase()),
  xor: of(2, 2, ([left = null, right = null]) => toBoolean(left) !== toBoolean(right)),
};
