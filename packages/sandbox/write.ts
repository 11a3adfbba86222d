import { answer, readBody, refusal, type AzureResponse } from "./answer";
import { complete, prepare, type Prepared } from "./complete";
import type { Facts } from "./facts";
import { armType, key, parentId, subscriptionOf } from "./ids";
import { poll, removeTree, running, start } from "./operations";
import { isRecord, merge, type Json } from "./paths";
import { authorized } from "./rules/authorization";
import { immutable, parentMissing, references } from "./rules/general";
import { locked } from "./rules/locks";
import { nameProblem } from "./rules/names";
import { firstRefusal, refuse, type Refusal, type Rule } from "./rules/rule";
import { keepDeleted, nameKept, purgeable } from "./softDelete";
import { KillFault, type AzureState, type Fault } from "./state";
import { matchResource, typeOf } from "./types/table";
import type { Request, World } from "./world";

/** PUT, PATCH and DELETE: checks in Azure's order, then the change, then its answer. */

const noObject = refuse(
  400,
  "InvalidRequestContent",
  "The request content was invalid: a JSON object is expected.",
);

export function put(world: World, id: string, request: Request): AzureResponse {
  return write(world, id, request, (facts) =>
    isRecord(request.sent) ? prepare(facts, request.sent) : { refusal: noObject },
  );
}

export function patch(world: World, id: string, request: Request): AzureResponse {
  return write(world, id, request, (facts) => {
    const { before, token } = facts;
    if (!before)
      return { refusal: refuse(404, "ResourceNotFound", `The resource '${id}' was not found.`) };
    if (!isRecord(request.sent)) return { refusal: noObject };
    const { patch: allowed } = typeOf(token);
    // The SDK model of an endpoint's PATCH, PartialMinimalTrackedResourceWithIdentity, knows tags and identity.
    const unknown = Object.keys(request.sent).find((name) => allowed && !allowed.includes(name));
    if (unknown === undefined) return prepare(facts, merge(before, request.sent) as Json);
    return {
      refusal: refuse(
        400,
        "BadRequest",
        `Could not find member '${unknown}' on object of this type; PATCH takes ${allowed?.join(" and ")}.`,
      ),
    };
  });
}

const afterBody: readonly Rule[] = [nameProblem, references, immutable];

function write(
  world: World,
  id: string,
  request: Request,
  bodyOf: (facts: Facts) => Prepared,
): AzureResponse {
  const { state } = world;
  const before = state.resources[key(id)];
  const early = world.facts(id, before?.body ?? {}, request);
  const type = typeOf(early.token);
  const beforeBody = [authorized(type.writers), parentMissing, locked("write")];
  const refused = firstRefusal(beforeBody, early) ?? busy(world, early);
  if (refused) return refusal(refused);
  const prepared = bodyOf(early);
  if (prepared.refusal) return refusal(prepared.refusal);
  const facts = world.facts(id, prepared.body, request);
  const problem =
    firstRefusal([...afterBody, ...(type.writeRules ?? [])], facts) ?? nameKept(facts);
  if (problem) return refusal(problem);
  return counted(world, (fault) => {
    if (!type.longRunning && fault) return faulty(fault);
    const stored = { token: facts.token, id: before?.id ?? id, body: complete(facts) };
    state.resources[key(id)] = stored;
    delete state.deleted[key(id)];
    if (!before) bring(world, facts);
    if (type.impliedParent) refreshParent(world, facts);
    const status = before ? 200 : 201;
    if (!type.longRunning) return answer(status, readBody(stored));
    const headers = startOperation(world, facts, "write", before ? "Updating" : "Creating", fault);
    return answer(status, readBody(stored), headers);
  });
}

/** Resources that come with a new one: a workspace's own datastore and its container. */
function bring(world: World, facts: Facts): void {
  for (const { token, id: idOf, body } of typeOf(facts.token).brings ?? []) {
    const id = idOf(facts);
    if (world.state.resources[key(id)]) continue;
    const child = world.facts(id, body(facts), { query: new URLSearchParams() });
    world.state.resources[key(id)] = { token, id, body: complete(child) };
  }
}

/** A version's container comes with its first version and counts its versions. */
function refreshParent(world: World, { id }: Facts): void {
  const above = parentId(id);
  const token = matchResource(above)?.token;
  if (!token) return;
  const body = world.state.resources[key(above)]?.body ?? { properties: {} };
  const { id: _, name: __, type: ___, ...own } = structuredClone(body);
  world.state.resources[key(above)] = {
    token,
    id: above,
    body: complete(world.facts(above, own, { query: new URLSearchParams() })),
  };
}

export function remove(world: World, id: string, request: Request): AzureResponse {
  const { state } = world;
  const stored = state.resources[key(id)];
  if (!stored) return purgeable(world, id, request) ? purge(state, id) : answer(204);
  const facts = world.facts(id, stored.body, request);
  const type = typeOf(stored.token);
  const rules = [authorized(type.writers), locked("delete"), ...(type.deleteRules ?? [])];
  const refused = firstRefusal(rules, facts) ?? busy(world, facts);
  if (refused) return refusal(refused);
  return counted(world, (fault) => {
    if (!type.longRunning && fault) return faulty(fault);
    if (type.longRunning)
      return answer(202, undefined, startOperation(world, facts, "delete", "Deleting", fault));
    keepDeleted(world, id, request);
    removeTree(state, key(id));
    if (type.always) reset(world, facts);
    return answer(200);
  });
}

function purge(state: AzureState, id: string): AzureResponse {
  delete state.deleted[key(id)];
  return answer(200);
}

/** A setting that comes with its parent does not go away: it falls back to its defaults. */
function reset(world: World, { id, token }: Facts): void {
  const facts = world.facts(id, { properties: {} }, { query: new URLSearchParams() });
  world.state.resources[key(id)] = { token, id, body: complete({ ...facts, before: undefined }) };
}

function startOperation(
  { state, settings }: World,
  { id, token, location }: Facts,
  kind: "write" | "delete",
  shows: string,
  fault: Fault["kind"] | undefined,
): Record<string, string> {
  const group = typeOf(token).longRunning?.group(id) ?? key(id);
  const polls = (settings.polls ?? 1) + (fault === "delay" ? (settings.delayPolls ?? 3) : 0);
  const operation = start(state, { kind, id, group, polls, fails: fault === "fail", shows });
  const base = settings.resourceManager ?? "https://management.azure.com";
  const [namespace = ""] = armType(id).split("/");
  const place = `${base}/subscriptions/${subscriptionOf(id)}/providers/${namespace}/locations/${location}`;
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
  const because = "(a fault of the sandbox settings)";
  return fault === "fail"
    ? refusal(
        refuse(500, "InternalServerError", `The server encountered an internal error ${because}.`),
      )
    : refusal(refuse(429, "TooManyRequests", `Too many requests ${because}; retry.`));
}

/** DOC/how-to-troubleshoot-online-endpoints.md, OperationCanceled: operations on one endpoint exclude each other. */
function busy({ state }: World, { id, token }: Facts): Refusal | undefined {
  const group = typeOf(token).longRunning?.group(id);
  const operation = group === undefined ? undefined : running(state, group);
  if (!operation) return undefined;
  poll(state, operation);
  return refuse(
    409,
    "OperationCanceled",
    `The operation was canceled: another operation on ${operation.resource} is in progress; retry when it has finished.`,
  );
}
