import { guid } from "../ids";
import { same, type Json } from "../paths";
import type { DevOpsState, Head, Stored } from "./state";

/** Small steps on the state that types and commands share. */

export function thing(state: DevOpsState, kind: string, id: unknown): Stored | undefined {
  return state.things[`${kind}/${String(id)}`];
}

/** In the order of their keys, so that equal states give equal answers. */
export function things(state: DevOpsState, kind: string): Stored[] {
  return Object.keys(state.things)
    .sort()
    .flatMap((key) => (state.things[key]?.kind === kind ? [state.things[key] as Stored] : []));
}

/** What a project or repository holds goes with it. */
export function dropBelow(state: DevOpsState, ownerId: string): void {
  for (const [key, { kind, id, properties }] of Object.entries(state.things)) {
    if (properties.projectId !== ownerId && properties.repositoryId !== ownerId) continue;
    delete state.things[key];
    if (kind === "Git") {
      delete state.branches[id];
      dropBelow(state, id);
    }
  }
}

/** A commit whose id follows from what it holds and what it follows. */
export function newHead(files: Record<string, string>, parent = ""): Head {
  const commit = guid("commit", parent, JSON.stringify(files)).replaceAll("-", "");
  return { commit: commit.padEnd(40, "0"), files };
}

export function shortBranch(ref: unknown): string {
  return String(ref).replace(/^refs\/heads\//, "");
}

export function filePath(path: unknown): string {
  return String(path).replace(/^\/+/, "");
}

/** Enabled, blocking policies whose scope holds the branch. */
export function policiesOn(state: DevOpsState, repository: Stored, branch: string): Stored[] {
  const ref = `refs/heads/${branch}`;
  return Object.values(state.things).filter(({ kind, properties }) => {
    if (!kind.startsWith("BranchPolicy")) return false;
    if (properties.projectId !== repository.properties.projectId) return false;
    if (properties.enabled === false || properties.blocking === false) return false;
    const { scopes } = properties.settings as { scopes: Json[] };
    return scopes.some((scope) => holds(scope, repository, ref));
  });
}

function holds(
  { matchType, repositoryId, repositoryRef }: Json,
  repository: Stored,
  ref: string,
): boolean {
  if (matchType === "DefaultBranch") return repository.properties.defaultBranch === ref;
  if (repositoryId !== undefined && repositoryId !== repository.id) return false;
  const watched = String(repositoryRef);
  return matchType === "Prefix" ? ref.startsWith(watched) : same(ref, watched);
}
