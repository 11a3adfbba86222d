import { isRecord, type Json } from "./paths";
import { schema, type PropertySchema } from "./schema";
import { parametersOf, typeOf } from "./types/table";
import type { ResourceType } from "./types/type";

/**
 * The two shapes of one resource: azure-native's inputs (flattened, some names its own) and the ARM body.
 */

/** Properties that ARM has at the top level of a body. */
const topLevel = new Set([
  "location",
  "tags",
  "identity",
  "sku",
  "kind",
  "zones",
  "extendedLocation",
  "managedBy",
  "plan",
  "etag",
  "scale",
]);

/** Inputs that make the path or a query, and so stand in no body. */
export function outsideBody(type: ResourceType): Set<string> {
  return new Set([...parametersOf(type), ...(type.notInBody ?? [])]);
}

/** True where azure-native has lifted `properties` away. */
function isFlattened(token: string): boolean {
  const inputs = schema.resources[token]?.inputs ?? {};
  return (
    !("properties" in inputs) && !typeOf(token).path.endsWith("/resourceGroups/{resourceGroupName}")
  );
}

/** Body path of an input path: `keyVault` → `properties.keyVault`. */
function toBodyPath(token: string, inputPath: string): string {
  const type = typeOf(token);
  const renamed = type.renamed?.[inputPath] ?? inputPath;
  const first = inputPath.split(".")[0] as string;
  const nested = type.nested?.includes(first) ?? false;
  return isFlattened(token) && (nested || !topLevel.has(first)) ? `properties.${renamed}` : renamed;
}

/** Input or output path of a body path: `properties.keyVault` → `keyVault`. */
export function toInputPath(token: string, bodyPath: string): string {
  if (!isFlattened(token)) return bodyPath;
  const inner = bodyPath.replace(/^properties\./, "");
  const back = Object.entries(typeOf(token).renamed ?? {}).find(
    ([, arm]) => inner === arm || inner.startsWith(`${arm}.`),
  );
  return back ? back[0] + inner.slice(back[1].length) : inner;
}

/** The ARM body of inputs, without any check. */
export function bodyOf(token: string, inputs: Json): Json {
  const type = typeOf(token);
  const outside = outsideBody(type);
  const body: Json = {};
  const properties: Json = {};
  for (const [name, value] of Object.entries(inputs)) {
    if (outside.has(name) || value === undefined || value === null) continue;
    const path = toBodyPath(token, name);
    const target = path.startsWith("properties.") ? properties : body;
    target[path.replace(/^properties\./, "")] = renameInside(type, name, value, "to");
  }
  if (isFlattened(token)) body["properties"] = properties;
  if (isRecord(body["identity"])) body["identity"] = withIdentityMap(body["identity"]);
  return body;
}

/** The flattened, azure-native shape of an ARM body. */
export function shapeOf(token: string, arm: Json): Json {
  const type = typeOf(token);
  const flattened = isFlattened(token);
  const shape: Json = {};
  for (const [name, value] of Object.entries(arm)) {
    if (flattened && name === "properties" && isRecord(value)) {
      for (const [inner, innerValue] of Object.entries(value)) {
        const path = toInputPath(token, `properties.${inner}`);
        shape[path] = renameInside(type, path, innerValue, "from");
      }
    } else shape[name] = value;
  }
  return shape;
}

/** Names that differ below the first level: `renamed` has them as `a.b` or, in lists, `a.*.b`. */
function renameInside(type: ResourceType, at: string, value: unknown, way: "to" | "from"): unknown {
  const deeper = Object.entries(type.renamed ?? {}).filter(([input]) => input.startsWith(`${at}.`));
  return deeper.length === 0 ? value : walk(value, at, deeper, way);
}

function walk(
  value: unknown,
  at: string,
  renames: [string, string][],
  way: "to" | "from",
): unknown {
  if (Array.isArray(value)) return value.map((item) => walk(item, `${at}.*`, renames, way));
  if (!isRecord(value)) return value;
  const result: Json = {};
  for (const [name, inner] of Object.entries(value)) {
    const found = renames.find(([input, arm]) =>
      way === "to"
        ? input === `${at}.${name}`
        : input.startsWith(`${at}.`) && lastStep(arm) === name && parent(input) === at,
    );
    const inputName = found ? lastStep(found[0]) : name;
    result[found ? (way === "to" ? lastStep(found[1]) : inputName) : name] = walk(
      inner,
      `${at}.${inputName}`,
      renames,
      way,
    );
  }
  return result;
}

const lastStep = (path: string): string => path.slice(path.lastIndexOf(".") + 1);
const parent = (path: string): string => path.slice(0, path.lastIndexOf("."));

/** azure-native takes a list of identity ids where ARM has a map from id to an empty object. */
function withIdentityMap(identity: Json): Json {
  const users = identity["userAssignedIdentities"];
  return Array.isArray(users)
    ? {
        ...identity,
        userAssignedIdentities: Object.fromEntries(users.map((id) => [String(id), {}])),
      }
    : identity;
}

/** Keep of a value what the schema declares as input: how refresh turns outputs into inputs. */
export function onlyInputs(token: string, shape: Json): Json {
  const outside = outsideBody(typeOf(token));
  const inputs = schema.resources[token]?.inputs ?? {};
  const kept = Object.entries(shape).filter(
    ([name, value]) => name in inputs && !outside.has(name) && value !== null,
  );
  return Object.fromEntries(
    kept.map(([name, value]) => [name, project(inputs[name] as PropertySchema, value)]),
  );
}

function project(property: PropertySchema, value: unknown): unknown {
  if (property.type === "array") {
    const list = Array.isArray(value) ? value : isRecord(value) ? Object.keys(value) : value;
    return Array.isArray(list) && property.items
      ? list.map((item) => project(property.items as PropertySchema, item))
      : list;
  }
  if (!isRecord(value)) return value;
  if (property.type === "map" && property.items) {
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [
        name,
        project(property.items as PropertySchema, item),
      ]),
    );
  }
  const members = pick(property, value);
  if (!members) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name, item]) => name in members && item !== null)
      .map(([name, item]) => [name, project(members[name] as PropertySchema, item)]),
  );
}

/** Of several object types the one whose fixed values (`computeType: "AmlCompute"`) the value has. */
export function pick(
  property: PropertySchema,
  value: Json,
): Record<string, PropertySchema> | undefined {
  const candidates = (property.refs ?? []).map((ref) => schema.types[ref] ?? {});
  if (candidates.length < 2) return candidates[0];
  return candidates.find((members) =>
    Object.entries(members).some(
      ([name, member]) =>
        member.required && member.enum?.length === 1 && member.enum[0] === value[name],
    ),
  );
}
