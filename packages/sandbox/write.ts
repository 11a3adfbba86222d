import { answer, readBody, refusal, type AzureResponse } from "./answer";
import { complete, prepare } from "./complete";
import type { Facts } from "./facts";
import { key, parentId, resourceGroupOf } from "./ids";
import { poll, removeTree, running, start } from "./operations";
import { isRecord, merge, same, valueAt, type Json } from "./paths";
import { locked } from "./rules/locks";
import { nameProblem } from "./rules/names";
import { refuse, type Refusal, type Rule } from "./rules/rule";
import { KillFault, type AzureState, type Fault, type SandboxSettings } from "./state";
import { typeOf } from "./types/table";

/** PUT, PATCH and DELETE: checks in Azure's order, then the change, then its answer. */

export interface World {
  readonly state: AzureState;
  readonly settings: SandboxSettings;
  facts(id: string, body: Json, query: URLSearchParams): Facts;
}

export function put(
  world: World,
  id: string,
  sent: unknown,
  query: URLSearchParams,
): AzureResponse {
  return write(world, id, query, (before) => {
    if (!isRecord(sent))
      return refuse(
        400,
        "InvalidRequestContent",
        "The request content was invalid: a JSON object is expected.",
      );
    return prepare(world, id, sent, before);
  });
}

export function patch(
  world: World,
  id: string,
  sent: unknown,
  query: URLSearchParams,
): AzureResponse {
  return write(world, id, query, (before) => {
    if (!before) return notFound(id);
    if (!isRecord(sent))
      return refuse(
        400,
        "InvalidRequestContent",
        "The request content was invalid: a JSON object is expected.",
      );
    const { patch: allowed } = typeOf(tokenAt(world, id));
    // SDK model PartialMinimalTrackedResourceWithIdentity: PATCH of an endpoint knows tags and identity.
    const unknown = Object.keys(sent).find((name) => allowed && !allowed.includes(name));
    if (unknown)
      return refuse(
        400,
        "BadRequest",
        `Could not find member '${unknown}' on object of this type; PATCH takes ${allowed?.join(" and ")}.`,
      );
    return prepare(world, id, merge(before, sent) as Json, before);
  });
}

function tokenAt(world: World, id: string): string {
  return world.facts(id, {}, new URLSearchParams()).token;
}

function write(
  world: World,
  id: string,
  query: URLSearchParams,
  bodyFrom: (before: Json | undefined) => Json | Refusal,
): AzureResponse {
  const { state } = world;
  const before = state.resources[key(id)]?.body;
  const refused =
    busy(world, id) ??
    parentMissing(world, id) ??
    locked(world.facts(id, before ?? {}, query), "write");
  if (refused) return refusal(refused);
  const body = bodyFrom(before);
  if (isRefusal(body)) return refusal(body);
  const facts = world.facts(id, body, query);
  const type = typeOf(facts.token);
  const rules: readonly Rule[] = [nameProblem, references, immutable, ...(type.writeRules ?? [])];
  for (const rule of rules) {
    const problem = rule(facts);
    if (problem) return refusal(problem);
  }
  return counted(world, (fault) => {
    if (!type.longRunning && fault) return faulty(fault);
    const stored = {
      token: facts.token,
      id: before ? (state.resources[key(id)]?.id ?? id) : id,
      body: complete(facts),
    };
    state.resources[key(id)] = stored;
    if (!before) bring(world, facts);
    const status = before ? 200 : 201;
    if (!type.longRunning) return answer(status, readBody(stored));
    const headers = startOperation(world, id, "write", before ? "Updating" : "Creating", fault);
    return answer(status, readBody(stored), headers);
  });
}

/** Resources that come with a new one: a workspace's own datastore. */
function bring(world: World, facts: Facts): void {
  for (const { token, path, body } of typeOf(facts.token).brings ?? []) {
    const id = `${facts.id}/${path}`;
    const stored = world.facts(id, body(facts), new URLSearchParams());
    world.state.resources[key(id)] = { token, id, body: complete(stored) };
  }
}

export function remove(world: World, id: string, query: URLSearchParams): AzureResponse {
  const { state } = world;
  const stored = state.resources[key(id)];
  if (!stored) return answer(204);
  const facts = world.facts(id, stored.body, query);
  const type = typeOf(stored.token);
  const refused =
    busy(world, id) ?? locked(facts, "delete") ?? first(type.deleteRules ?? [], facts);
  if (refused) return refusal(refused);
  return counted(world, (fault) => {
    if (!type.longRunning && fault) return faulty(fault);
    if (type.longRunning)
      return answer(202, undefined, startOperation(world, id, "delete", "Deleting", fault));
    softDelete(world, key(id), query);
    removeTree(state, key(id));
    return answer(200);
  });
}

/** Keep the names of soft-deleted resources at or below `top` taken. */
function softDelete(world: World, top: string, query: URLSearchParams): void {
  for (const [path, stored] of Object.entries(world.state.resources)) {
    if (path !== top && !path.startsWith(`${top}/`)) continue;
    const rule = typeOf(stored.token).softDelete;
    const purged =
      path === top && (query.get("forceToPurge") === "true" || query.get("force") === "true");
    if (!rule || purged) continue;
    const facts = world.facts(stored.id, stored.body, query);
    const days = Number(rule.days(facts));
    if (days > 0) world.state.deleted[path] = { ...stored, until: facts.now + days * 86_400_000 };
  }
}

function startOperation(
  world: World,
  id: string,
  kind: "write" | "delete",
  shows: string,
  fault: Fault["kind"] | undefined,
): Record<string, string> {
  const { state, settings } = world;
  const facts = world.facts(id, {}, new URLSearchParams());
  const group = typeOf(facts.token).longRunning?.group(id) ?? key(id);
  const polls = (settings.polls ?? 1) + (fault === "delay" ? (settings.delayPolls ?? 3) : 0);
  const operation = start(state, { kind, id, group, polls, fails: fault === "fail", shows });
  const base = settings.resourceManager ?? "https://management.azure.com";
  const [, , subscription = ""] = id.split("/");
  const place = `${base}/subscriptions/${subscription}/providers/Microsoft.MachineLearningServices/locations/${facts.location}`;
  const version = "api-version=2025-12-01";
  return {
    "Azure-AsyncOperation": `${place}/mfeOperationsStatus/${operation.id}?${version}`,
    ...(kind === "delete"
      ? { Location: `${place}/mfeOperationResults/${operation.id}?${version}` }
      : {}),
    "Retry-After": "0",
  };
}

/** Count the write and hand its fault to the change; a `kill` strikes after the change is made. */
function counted(
  world: World,
  change: (fault: "fail" | "delay" | undefined) => AzureResponse,
): AzureResponse {
  world.state.writes += 1;
  const { writes } = world.state;
  const fault = world.settings.faults?.find(({ operation }) => operation === writes)?.kind;
  const result = change(fault === "kill" ? undefined : fault);
  if (fault === "kill") throw new KillFault(writes);
  return result;
}

function faulty(fault: "fail" | "delay"): AzureResponse {
  return fault === "fail"
    ? refusal(
        refuse(
          500,
          "InternalServerError",
          "The server encountered an internal error (a fault of the sandbox settings).",
        ),
      )
    : refusal(
        refuse(
          429,
          "TooManyRequests",
          "Too many requests (a fault of the sandbox settings); retry.",
        ),
      );
}

/** DOC/how-to-troubleshoot-online-endpoints.md, OperationCanceled: operations on one endpoint exclude each other. */
function busy({ state, facts }: World, id: string): Refusal | undefined {
  const group = typeOf(facts(id, {}, new URLSearchParams()).token).longRunning?.group(id);
  const operation = group === undefined ? undefined : running(state, group);
  if (!operation) return undefined;
  poll(state, operation);
  return refuse(
    409,
    "OperationCanceled",
    `The operation was canceled: another operation on ${operation.resource} is in progress; retry when it has finished.`,
  );
}

function parentMissing({ facts, state }: World, id: string): Refusal | undefined {
  const group = resourceGroupOf(id);
  if (group && key(group) !== key(id) && !state.resources[key(group)]) {
    return refuse(
      404,
      "ResourceGroupNotFound",
      `Resource group '${group.split("/").at(-1)}' could not be found.`,
    );
  }
  const { token, parameters } = facts(id, {}, new URLSearchParams());
  const scope = parameters["scope"] ?? parameters["resourceUri"];
  const segments = id.slice(id.toLowerCase().lastIndexOf("/providers/")).split("/").length;
  const above = scope ?? (typeOf(token).impliedParent || segments <= 5 ? undefined : parentId(id));
  if (above === undefined || !/\/resourceGroups\//i.test(above) || state.resources[key(above)])
    return undefined;
  return refuse(
    404,
    scope ? "ResourceNotFound" : "ParentResourceNotFound",
    `The resource '${above}' was not found.`,
  );
}

const references: Rule = ({ token, body, before, find }) => {
  for (const path of typeOf(token).references ?? []) {
    const id = valueAt(body, path);
    if (
      typeof id !== "string" ||
      !id.startsWith("/subscriptions/") ||
      same(id, valueAt(before, path))
    )
      continue;
    if (!find(id)) return refuse(400, "BadRequest", `${path} names '${id}', which does not exist.`);
  }
  return undefined;
};

const immutable: Rule = ({ token, body, before, name }) => {
  if (!before) return undefined;
  for (const { path, source, code } of typeOf(token).immutable ?? []) {
    if (same(valueAt(before, path), valueAt(body, path))) continue;
    return refuse(
      409,
      code ?? "PropertyChangeNotAllowed",
      `Changing property '${path}' of '${name}' is not allowed (${source}).`,
    );
  }
  return undefined;
};

function first(rules: readonly Rule[], facts: Facts): Refusal | undefined {
  for (const rule of rules) {
    const problem = rule(facts);
    if (problem) return problem;
  }
  return undefined;
}

function notFound(id: string): Refusal {
  return refuse(404, "ResourceNotFound", `The resource '${id}' was not found.`);
}

function isRefusal(value: Json | Refusal): value is Refusal {
  return (
    typeof value["code" as keyof typeof value] === "string" &&
    typeof value["status" as keyof typeof value] === "number"
  );
}
