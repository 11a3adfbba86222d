/** How one property differs. `replace`: only a new resource can have the new value. */
export interface PropertyChange {
  kind: "add" | "update" | "delete";
  replace?: boolean;
}

/**
 * The differences between two JSON values as the engine shows them, leaf by leaf: `weights.green`, `tags["a.b"]`,
 * `rules[0].port`. A property whose value is undefined or null is absent. Properties whose first step is in
 * `replacing` force a replacement.
 */
export function propertyChanges(
  old: Readonly<Record<string, unknown>>,
  next: Readonly<Record<string, unknown>>,
  replacing: readonly string[] = [],
): Record<string, PropertyChange> {
  const changes: Record<string, PropertyChange> = {};
  for (const key of keysOf(old, next)) {
    collect(step(key), old[key], next[key], replacing.includes(key), changes);
  }
  return changes;
}

function collect(
  path: string,
  old: unknown,
  next: unknown,
  replace: boolean,
  changes: Record<string, PropertyChange>,
): void {
  const was = old ?? undefined;
  const is = next ?? undefined;
  if (was === is) return;
  if (isArray(was) && isArray(is)) {
    for (let i = 0; i < Math.max(was.length, is.length); i++) {
      collect(`${path}[${i}]`, was[i], is[i], replace, changes);
    }
  } else if (isObject(was) && isObject(is)) {
    for (const key of keysOf(was, is)) {
      const name = step(key);
      const below = name.startsWith("[") ? `${path}${name}` : `${path}.${name}`;
      collect(below, was[key], is[key], replace, changes);
    }
  } else {
    const kind = was === undefined ? "add" : is === undefined ? "delete" : "update";
    changes[path] = replace ? { kind, replace } : { kind };
  }
}

/** A key in a property path: bare where it can be, else quoted (sdk/go/common/resource/properties_path.go). */
const step = (key: string) => (/^[A-Za-z_$][\w$-]*$/.test(key) ? key : `[${JSON.stringify(key)}]`);

const keysOf = (a: object, b: object) =>
  [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
const isArray = (value: unknown): value is unknown[] => Array.isArray(value);
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
