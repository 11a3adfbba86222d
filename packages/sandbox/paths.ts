/**
 * Reading and writing of values in plain JSON by dotted paths. `*` stands for every key of a map or index of a list.
 */

export type Json = Record<string, unknown>;

export function isRecord(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function valueAt(object: unknown, path: string): unknown {
  let value: unknown = object;
  for (const step of path.split(".")) {
    if (!isRecord(value)) return undefined;
    value = value[step];
  }
  return value;
}

export function setAt(object: Json, path: string, value: unknown): void {
  const steps = path.split(".");
  const last = steps.pop() as string;
  let target = object;
  for (const step of steps) {
    const next = target[step];
    if (isRecord(next)) target = next;
    else {
      const made: Json = {};
      target[step] = made;
      target = made;
    }
  }
  target[last] = value;
}

export function removeAt(object: Json, path: string): void {
  const steps = path.split(".");
  const last = steps.pop() as string;
  const target = steps.length === 0 ? object : valueAt(object, steps.join("."));
  if (isRecord(target)) delete target[last];
}

/** Equal as JSON: key order and keys without a value do not count. */
export function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(canonical(a)) === JSON.stringify(canonical(b));
}

export function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (!isRecord(value)) return value ?? null;
  return Object.fromEntries(
    Object.keys(value)
      .filter((name) => value[name] !== undefined && value[name] !== null)
      .sort()
      .map((name) => [name, canonical(value[name])]),
  );
}

/** RFC 7396: what PATCH does with maps; null removes. */
export function merge(target: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return patch;
  const result: Json = isRecord(target) ? { ...target } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete result[name];
    else result[name] = merge(result[name], value);
  }
  return result;
}
