import { shapeOf } from "./body";
import { checkInputs } from "./check";
import type { Facts } from "./facts";
import { armType, guid, key, lastName } from "./ids";
import { isRecord, removeAt, same, setAt, valueAt, type Json } from "./paths";
import { refuse, type Refusal } from "./rules/rule";
import { schema } from "./schema";
import { typeOf } from "./types/table";
import type { World } from "./write";

/** From what a caller sent to what Azure stores. */

/**
 * The sent body, checked and with Azure's defaults. A read-only property may be sent back with the value
 * that Azure holds (a read, changed and written again); any other value is refused.
 */
export function prepare(
  world: World,
  id: string,
  sent: Json,
  before: Json | undefined,
): Json | Refusal {
  const { token } = world.facts(id, {}, new URLSearchParams());
  const type = typeOf(token);
  const body = structuredClone(sent);
  for (const path of [
    "id",
    "name",
    "type",
    "systemData",
    "identity.principalId",
    "identity.tenantId",
  ])
    removeAt(body, path);
  for (const path of Object.keys(type.computed ?? {})) {
    const value = valueAt(body, path);
    if (value === undefined || value === null) continue;
    if (!same(value, valueAt(before, path)))
      return invalid(`Property '${path}' is read-only and cannot be set.`);
    removeAt(body, path);
  }
  const problems = checkInputs(token, shapeOf(token, body), "body");
  const [problem] = problems;
  if (problem) {
    const details = problems.map(
      ({ path, kind, reason }) =>
        `${kind === "unknown" ? `Could not find member '${path}': it` : path} ${reason}`,
    );
    return invalid(details.join("; "));
  }
  const needsLocation =
    "location" in (schema.resources[token]?.inputs ?? {}) && !type.locationOptional;
  if (needsLocation && typeof body["location"] !== "string") {
    return refuse(
      400,
      "LocationRequired",
      "The location property is required for this definition.",
    );
  }
  for (const [path, value] of Object.entries(type.defaults ?? {})) {
    if (valueAt(body, path) === undefined || valueAt(body, path) === null)
      setAt(body, path, structuredClone(value));
  }
  if (typeof body["location"] === "string")
    body["location"] = body["location"].replace(/\s/g, "").toLowerCase();
  return withoutNulls(body);
}

function invalid(message: string): Refusal {
  return refuse(400, "InvalidRequestContent", `The request content was invalid: ${message}`);
}

/** An absent value and null are one to ARM. */
function withoutNulls(value: Json): Json {
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== null && item !== undefined)
      .map(([name, item]) => [name, isRecord(item) ? withoutNulls(item) : item]),
  );
}

/** The body that is stored: ids, identities and everything that Azure computes. */
export function complete(facts: Facts): Json {
  const { id, token, before, find, tenantId } = facts;
  const body: Json = { id, name: lastName(id), type: armType(id), ...structuredClone(facts.body) };
  const identity = body["identity"];
  if (isRecord(identity)) body["identity"] = withPrincipals(identity, id, tenantId, find);
  for (const [path, compute] of Object.entries(typeOf(token).computed ?? {})) {
    const value = compute(facts);
    if (value !== undefined) setAt(body, path, value);
  }
  for (const path of typeOf(token).writeOnly ?? []) {
    const kept = valueAt(before, path);
    if (valueAt(body, path) === undefined && kept !== undefined) setAt(body, path, kept);
  }
  return body;
}

/** Azure answers with the object id of a system-assigned identity and those of the user-assigned ones. */
function withPrincipals(identity: Json, id: string, tenantId: string, find: Facts["find"]): Json {
  const users = isRecord(identity["userAssignedIdentities"])
    ? Object.keys(identity["userAssignedIdentities"])
    : [];
  const system = /SystemAssigned/i.test(String(identity["type"]))
    ? { principalId: guid(key(id), "identity"), tenantId }
    : {};
  const named = users.map((user) => {
    const body = find(user)?.body;
    return [
      user,
      {
        principalId: valueAt(body, "properties.principalId"),
        clientId: valueAt(body, "properties.clientId"),
      },
    ];
  });
  return {
    type: identity["type"],
    ...system,
    ...(users.length > 0 ? { userAssignedIdentities: Object.fromEntries(named) } : {}),
  };
}
