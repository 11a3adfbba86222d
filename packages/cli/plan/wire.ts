import { referTo } from "../../sandbox/references";
import { SECRET, isObject, type Value, type Values } from "./model";

/** Keys by which Pulumi marks special values on the wire and in state (sdk/nodejs/runtime/rpc.ts). */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";
const ASSET_SIGNATURE = "c44067f5952c0a294b673a41bacd8c17";
const ARCHIVE_SIGNATURE = "0def7320c3a5731c473e5ecbe6d01bc7";
const RESOURCE_SIGNATURE = "5cf8f73096256a8f31e491e813e4eb8e";

/** Properties whose secrets are known only to the engine: they can be compared with nothing. */
export function fromWire(value: unknown): Value {
  if (Array.isArray(value)) return value.map(fromWire);
  if (!isObject(value)) return (value ?? null) as Value;
  switch (value[SIGNATURE]) {
    case SECRET_SIGNATURE:
      return SECRET;
    case RESOURCE_SIGNATURE:
      return "id" in value
        ? referTo(String(value["urn"]), "id")
        : referTo(String(value["urn"]), "urn");
    case ASSET_SIGNATURE:
      return describe("asset", value);
    case ARCHIVE_SIGNATURE:
      return describe("archive", value);
    default:
      return propertiesFromWire(value);
  }
}

export function propertiesFromWire(values: Readonly<Record<string, unknown>>): Values {
  const result: Values = {};
  for (const key of Object.keys(values).sort()) {
    if (values[key] !== undefined) result[key] = fromWire(values[key]);
  }
  return result;
}

function describe(kind: string, value: Record<string, Value>): Value {
  const place = value["path"] ?? value["uri"];
  if (typeof place === "string") return `[${kind} ${place}]`;
  if (isObject(value["assets"])) return { [kind]: propertiesFromWire(value["assets"]) };
  return `[${kind}]`;
}
