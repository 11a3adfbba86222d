import { SECRET, isObject, type Value } from "./model";

/** One leaf that differs. An absent side means that the property is added or removed. */
export interface PropertyChange {
  /** Steps from the resource's inputs. */
  readonly steps: readonly (string | number)[];
  readonly before?: Value;
  readonly after?: Value;
  /** URN of the resource whose output gets another value, where the text alone shows no change. */
  readonly follows?: string;
}

/** What is the same although it is not equal: unknown values, and those that only Azure can tell. */
export type SameAs = (before: Value, after: Value, steps: readonly (string | number)[]) => boolean;

/** Every leaf that differs. Null is absent; lists of texts and numbers differ as a whole. */
export function diffValues(
  before: Value | undefined,
  after: Value | undefined,
  sameAs: SameAs,
  steps: readonly (string | number)[] = [],
): PropertyChange[] {
  const was = before ?? undefined;
  const is = after ?? undefined;
  if (was === is && was !== SECRET && typeof was !== "object") return [];
  if (was !== undefined && is !== undefined && sameAs(was, is, steps)) return [];
  if (isObject(was) && isObject(is)) {
    const keys = [...new Set([...Object.keys(was), ...Object.keys(is)])].sort();
    return keys.flatMap((key) => diffValues(was[key], is[key], sameAs, [...steps, key]));
  }
  if (Array.isArray(was) && Array.isArray(is) && (isStructured(was) || isStructured(is))) {
    const length = Math.max(was.length, is.length);
    return Array.from({ length }, (_, index) => index).flatMap((index) =>
      diffValues(was[index], is[index], sameAs, [...steps, index]),
    );
  }
  if (isEmpty(was) && isEmpty(is)) return [];
  if (Array.isArray(was) && Array.isArray(is) && sameItems(was, is, sameAs, steps)) return [];
  return [{ steps, before: was, after: is }];
}

function isStructured(list: readonly Value[]): boolean {
  return list.some((item) => typeof item === "object" && item !== null);
}

function sameItems(
  was: readonly Value[],
  is: readonly Value[],
  sameAs: SameAs,
  steps: readonly (string | number)[],
): boolean {
  return (
    was.length === is.length &&
    was.every((item, i) => item === is[i] || sameAs(item, is[i] as Value, [...steps, i]))
  );
}

/** Pulumi keeps no difference between an absent map or list and an empty one inside a resource's inputs. */
function isEmpty(value: Value | undefined): boolean {
  return (
    value === undefined || (typeof value === "object" && Object.keys(value ?? {}).length === 0)
  );
}

/** A path as `ignoreChanges` writes it covers the property itself and all below; `*` is any one step. */
export function covers(pattern: string, steps: readonly (string | number)[]): boolean {
  const wanted = parsePath(pattern);
  return (
    wanted.length <= steps.length &&
    wanted.every((step, index) => step === "*" || String(steps[index]) === step)
  );
}

/** True where one path is the other, or stands above it. */
export function overlaps(
  a: readonly (string | number)[],
  b: readonly (string | number)[],
): boolean {
  const length = Math.min(a.length, b.length);
  return a
    .slice(0, length)
    .every((step, index) => step === "*" || String(step) === String(b[index]));
}

/** Steps of `a.b[0]["c.d"].*` (sdk/go/common/resource/properties_path.go). */
export function parsePath(path: string): string[] {
  const step = /\.?([^.[\]]+)|\["((?:[^"\\]|\\.)*)"\]|\[(\d+|\*)\]/g;
  return [...path.matchAll(step)].map(
    ([, name, quoted, index]) => name ?? quoted?.replace(/\\(.)/g, "$1") ?? (index as string),
  );
}
