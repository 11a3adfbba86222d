import { type Properties, unknown } from "../../provider/serve";

const isObject = (value: unknown): value is Properties =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The same value without members that are null or undefined; azure-native ignores them too. */
export function withoutNulls<Value>(value: Value): Value {
  if (Array.isArray(value)) return value.map(withoutNulls) as Value;
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(
    ([, member]) => member !== null && member !== undefined,
  );
  return Object.fromEntries(kept.map(([name, member]) => [name, withoutNulls(member)])) as Value;
}

/** Whether the value at `path` (`a.b[0].c`) passes the test. */
export function within(value: unknown, path: string, test: (found: unknown) => boolean): boolean {
  const steps = path.split(/[.[\]]+/).filter((step) => step !== "");
  const found = steps.reduce<unknown>(
    (at, step) => (typeof at === "object" && at !== null ? (at as Properties)[step] : undefined),
    value,
  );
  return test(found);
}

/** Make the member at the path unknown where nothing stands there; what is unknown above it stays so. */
export function withUnknownAt(value: Properties, [step = "", ...rest]: readonly string[]): void {
  const member = value[step];
  if (member === undefined) value[step] = rest.length === 0 ? unknown : {};
  else if (isObject(member)) value[step] = { ...member };
  const next = value[step];
  if (rest.length > 0 && isObject(next)) withUnknownAt(next, rest);
}
