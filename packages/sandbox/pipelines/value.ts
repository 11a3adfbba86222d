/** What an expression works on. Scalars of YAML arrive as texts; only typed parameters and results are others. */
export type Value = null | boolean | number | string | Value[] | { [key: string]: Value };

/** Something that a pipeline's author can mend: where it stands and what is wrong. */
export class PipelineError extends Error {
  override readonly name = "PipelineError";
}

export function isMapping(value: Value | undefined): value is { [key: string]: Value } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/*
 * Conversions: learn.microsoft.com/azure/devops/pipelines/process/expressions, "Type casting". Undefined is a
 * conversion that does not exist.
 */

export function toBoolean(value: Value): boolean {
  if (typeof value === "string") return value !== "";
  if (typeof value === "number") return value !== 0;
  return value !== null && value !== false;
}

function toNumber(value: Value): number | undefined {
  if (value === null || value === "" || value === false) return 0;
  if (value === true) return 1;
  if (typeof value === "number") return value;
  if (typeof value !== "string" || !/^\s*[-+]?(\d+\.?\d*|\.\d+)\s*$/.test(value)) return undefined;
  return Number(value);
}

export function toText(value: Value): string | undefined {
  if (value === null) return "";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "number") return String(value);
  return typeof value === "string" ? value : undefined;
}

/** Whether the right side, in the type of the left, is the same; texts without regard to case. */
export function equal(left: Value, right: Value): boolean {
  if (left === null) return right === null || right === "";
  if (typeof left === "boolean") return typeof right !== "object" && toBoolean(right) === left;
  if (typeof left === "number") return right !== null && toNumber(right) === left;
  if (typeof left === "string") return toText(right)?.toLowerCase() === left.toLowerCase();
  return left === right;
}

/** Below, at or above zero as left stands to right; undefined where they do not compare. */
export function order(left: Value, right: Value): number | undefined {
  if (typeof left === "number") {
    const other = toNumber(right);
    return other === undefined ? undefined : left - other;
  }
  const [a, b] = [toText(left), toText(right)];
  if (a === undefined || b === undefined) return undefined;
  const [lower, other] = [a.toLowerCase(), b.toLowerCase()];
  return lower < other ? -1 : lower > other ? 1 : 0;
}
