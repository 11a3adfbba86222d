import { outsideBody, pick } from "./body";
import { isRecord, type Json } from "./paths";
import { schema, type PropertySchema } from "./schema";
import { ownName, typeOf } from "./types/table";

/** One property that azure-native or Azure would refuse. */
export interface InputProblem {
  /** Input path, for example `properties.traffic.blue`. */
  readonly path: string;
  readonly reason: string;
  readonly kind: "unknown" | "missing" | "type" | "value" | "readOnly";
}

/** Unknown, missing, read-only and ill-typed properties of azure-native inputs; empty when all is well. */
export function checkInputs(
  token: string,
  inputs: Json,
  scope: "inputs" | "body" = "inputs",
): InputProblem[] {
  const resource = schema.resources[token];
  if (!resource) return [];
  const outside = scope === "body" ? outsideBody(typeOf(token)) : new Set([ownName(typeOf(token))]);
  const members = Object.fromEntries(
    Object.entries(resource.inputs)
      .filter(([name]) => scope === "inputs" || !outside.has(name))
      .map(([name, member]) => [name, outside.has(name) ? { ...member, required: false } : member]),
  );
  return checkMembers(members, inputs, "", new Set(resource.outputs));
}

function checkMembers(
  members: Readonly<Record<string, PropertySchema>>,
  value: Json,
  at: string,
  readOnly: Set<string>,
): InputProblem[] {
  const problems: InputProblem[] = [];
  for (const [name, member] of Object.entries(members)) {
    if (member.required && (value[name] === undefined || value[name] === null)) {
      problems.push({ path: at + name, kind: "missing", reason: "is required" });
    }
  }
  for (const [name, item] of Object.entries(value)) {
    if (item === undefined || item === null) continue;
    const member = members[name];
    if (member) problems.push(...checkValue(member, item, at + name));
    else if (readOnly.has(name))
      problems.push({ path: at + name, kind: "readOnly", reason: "is read-only" });
    else
      problems.push({
        path: at + name,
        kind: "unknown",
        reason: `is unknown; allowed are ${Object.keys(members).sort().join(", ")}`,
      });
  }
  return problems;
}

function checkValue(property: PropertySchema, value: unknown, at: string): InputProblem[] {
  const wrong = (allowed: string): InputProblem[] => [
    {
      path: at,
      kind: "type",
      reason: `must be ${allowed}, found ${isRecord(value) ? "an object" : Array.isArray(value) ? "a list" : typeof value}`,
    },
  ];
  switch (property.type) {
    case "any":
      return [];
    case "string":
      if (typeof value !== "string") return wrong("a string");
      return !property.enum ||
        property.enum.some((allowed) => allowed.toLowerCase() === value.toLowerCase())
        ? []
        : [
            {
              path: at,
              kind: "value",
              reason: `must be one of ${property.enum.join(", ")}, found ${JSON.stringify(value)}`,
            },
          ];
    case "number":
      return typeof value === "number" ? [] : wrong("a number");
    case "boolean":
      return typeof value === "boolean" ? [] : wrong("true or false");
    case "array":
      // ARM has identities as a map from id; azure-native has them as a list.
      if (at.endsWith("userAssignedIdentities") && isRecord(value)) return [];
      if (!Array.isArray(value)) return wrong("a list");
      return value.flatMap((item, index) =>
        property.items ? checkValue(property.items, item, `${at}[${index}]`) : [],
      );
    case "map":
      if (!isRecord(value)) return wrong("a map");
      return Object.entries(value).flatMap(([name, item]) =>
        property.items && item !== null && item !== undefined
          ? checkValue(property.items, item, `${at}.${name}`)
          : [],
      );
    case "object": {
      if (!isRecord(value)) return wrong("an object");
      const members = pick(property, value);
      return members
        ? checkMembers(members, value, `${at}.`, new Set())
        : [{ path: at, kind: "value", reason: `is none of ${(property.refs ?? []).join(", ")}` }];
    }
  }
}
