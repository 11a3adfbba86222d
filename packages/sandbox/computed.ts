import { isReference, referTo } from "./references";

type Holder = Record<string | number, unknown>;

/**
 * Put references where Azure computes a value inside an input, for example at `properties.vaultUri` or
 * `outboundRules.*.status` (`*` is every element). `state` is changed, the inputs it shares are not.
 */
export function computeInside(
  state: Record<string, unknown>,
  path: readonly string[],
  urn: string,
): void {
  compute(state, path, urn, []);
}

function compute(
  holder: object,
  [segment, ...rest]: readonly string[],
  urn: string,
  walked: readonly (string | number)[],
): void {
  const target = holder as Holder;
  for (const key of keysOf(holder, segment as string)) {
    const place = [...walked, key];
    const found = target[key];
    if (rest.length === 0) {
      if (found === undefined || isReference(found)) target[key] = referTo(urn, place);
    } else if (isSecret(found)) {
      const value = copyOf(found.value);
      compute(value, rest, urn, place);
      target[key] = { ...found, value };
    } else {
      const value = copyOf(found);
      compute(value, rest, urn, place);
      target[key] = value;
    }
  }
}

function keysOf(holder: object, segment: string): (string | number)[] {
  if (segment !== "*") return [segment];
  return Array.isArray(holder) ? [...holder.keys()] : Object.keys(holder);
}

/** What is itself a reference is opened, so that `vault.properties.vaultUri` of an adopted vault can be read. */
function copyOf(value: unknown): object {
  if (Array.isArray(value)) return [...(value as unknown[])];
  return typeof value === "object" && value !== null ? { ...value } : {};
}

/** A secret on the wire (sdk/nodejs/runtime/rpc.ts). */
function isSecret(value: unknown): value is { value: unknown } {
  return (
    typeof value === "object" &&
    value !== null &&
    (value as Holder)["4dabf18193072939515e22adb298388d"] === "1b47061264138c4ac30d75fd1eb44270"
  );
}
