import { createHash } from "node:crypto";
import { shapeOf } from "./body";
import { checkInputs, type InputProblem } from "./check";
import type { Facts } from "./facts";
import { armType, guid, key, lastName } from "./ids";
import { isRecord, removeAt, same, setAt, valueAt, type Json } from "./paths";
import { refuse, type Refusal } from "./rules/rule";
import { schema } from "./schema";
import { typeOf } from "./types/table";
import type { ResourceType } from "./types/type";

/** From what a caller sent to what Azure stores. */

export type Prepared =
  { readonly body: Json; readonly refusal?: undefined } | { readonly refusal: Refusal };

/**
 * The sent body, checked and with Azure's defaults. A read-only property may be sent back with the value
 * that Azure holds (a read, changed and written again); any other value is refused.
 */
export function prepare({ token, before }: Facts, sent: Json): Prepared {
  const type = typeOf(token);
  const body = structuredClone(sent);
  for (const path of envelope) removeAt(body, path);
  for (const path of Object.keys(type.computed ?? {})) {
    const value = valueAt(body, path);
    if (value === undefined || value === null) continue;
    if (!same(value, valueAt(before, path)))
      return invalid(`Property '${path}' is read-only and cannot be set.`);
    removeAt(body, path);
  }
  const problems = checkInputs(token, shapeOf(token, body), "body");
  if (problems.length > 0) return invalid(problems.map(wording).join("; "));
  const needsLocation =
    "location" in (schema.resources[token]?.inputs ?? {}) && !type.locationOptional;
  if (needsLocation && typeof body["location"] !== "string") {
    return {
      refusal: refuse(
        400,
        "LocationRequired",
        "The location property is required for this definition.",
      ),
    };
  }
  for (const path of type.sticky ?? []) fill(body, path, valueAt(before, path));
  for (const [path, value] of Object.entries(type.defaults ?? {})) fill(body, path, value);
  if (typeof body["location"] === "string")
    body["location"] = body["location"].replace(/\s/g, "").toLowerCase();
  for (const path of type.secrets ?? []) {
    const value = valueAt(body, path);
    if (value !== undefined) setAt(body, path, digested(value));
  }
  return { body: withoutNulls(body) };
}

/** What every ARM answer has and every ARM write ignores. */
const envelope = [
  "id",
  "name",
  "type",
  "systemData",
  "etag",
  "identity.principalId",
  "identity.tenantId",
];

function fill(body: Json, path: string, value: unknown): void {
  const found = valueAt(body, path);
  if ((found === undefined || found === null) && value !== undefined)
    setAt(body, path, structuredClone(value));
}

/** The state is a plain file: of a secret it keeps what tells two apart, and not the secret. */
function digested(value: unknown): unknown {
  if (typeof value === "string")
    return value.startsWith(mark) ? value : mark + createHash("sha256").update(value).digest("hex");
  if (Array.isArray(value)) return value.map(digested);
  return isRecord(value)
    ? Object.fromEntries(Object.entries(value).map(([name, item]) => [name, digested(item)]))
    : value;
}

const mark = "sha256:";

function wording({ path, kind, reason }: InputProblem): string {
  return kind === "unknown" ? `Could not find member '${path}': it ${reason}` : `${path} ${reason}`;
}

function invalid(message: string): Prepared {
  return {
    refusal: refuse(400, "InvalidRequestContent", `The request content was invalid: ${message}`),
  };
}

/** An absent value and null are one to ARM. */
function withoutNulls(value: Json): Json {
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== null && item !== undefined)
      .map(([name, item]) => [name, isRecord(item) ? withoutNulls(item) : item]),
  );
}

/** Paths that no read returns. */
export function hidden({ writeOnly = [], secrets = [] }: ResourceType): string[] {
  return [...writeOnly, ...secrets];
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
  for (const path of hidden(typeOf(token))) {
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
