import { answer, refusal, type AzureResponse } from "./answer";
import type { Facts } from "./facts";
import { key, lastName } from "./ids";
import type { Refusal } from "./rules/rule";
import type { Deleted } from "./state";
import { matchResource, table, typeOf } from "./types/table";
import type { Request, World } from "./world";

/** Soft-deleted resources keep their names; the table says for how long, and how they come back. */

const dayMs = 86_400_000;

/** Before a resource and all below it goes: keep what its type soft-deletes. */
export function keepDeleted(world: World, id: string, request: Request): void {
  const top = key(id);
  for (const [path, stored] of Object.entries(world.state.resources)) {
    if (path !== top && !path.startsWith(`${top}/`)) continue;
    const rule = typeOf(stored.token).softDelete;
    const forced =
      path === top && ["forceToPurge", "force"].some((name) => request.query.get(name) === "true");
    if (!rule || forced) continue;
    const facts = world.facts(stored.id, stored.body, request);
    world.state.deleted[path] = { ...stored, until: facts.now + rule.days(facts) * dayMs };
  }
}

/** The refusal of a create whose name a soft-deleted resource has; undefined where it is free or recovers. */
export function nameKept(facts: Facts): Refusal | undefined {
  const { softDelete } = typeOf(facts.token);
  if (!softDelete || facts.before) return undefined;
  const kept = facts
    .deleted(facts.token)
    .find(({ id }) =>
      softDelete.unique === "global"
        ? lastName(id).toLowerCase() === facts.name.toLowerCase()
        : key(id) === key(facts.id),
    );
  return kept && softDelete.onCreate(facts, kept);
}

/** DELETE with forceToPurge on the path of a soft-deleted workspace purges it: DOC/concept-soft-delete.md */
export function purgeable({ state }: World, id: string, { query }: Request): boolean {
  return state.deleted[key(id)] !== undefined && query.get("forceToPurge") === "true";
}

/** Purge by a path of its own, `…/deletedVaults/{name}/purge`; undefined where the path is none. */
export function purgeAt(world: World, method: string, path: string): AzureResponse | undefined {
  for (const [token, { softDelete }] of Object.entries(table)) {
    if (softDelete?.purge?.method !== method) continue;
    const deleted = Object.values(world.state.deleted).find(
      (candidate) =>
        candidate.token === token &&
        key(purgePath(softDelete.purge?.path ?? "", candidate)) === key(path),
    );
    if (!deleted) continue;
    const refused = softDelete.onPurge?.(deleted);
    if (refused) return refusal(refused);
    delete world.state.deleted[key(deleted.id)];
    return answer(200);
  }
  return undefined;
}

function purgePath(template: string, { id, body }: Deleted): string {
  const values: Record<string, string> = {
    ...matchResource(id)?.parameters,
    name: lastName(id),
    location: String(body["location"]),
  };
  return template.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? "");
}
