import { refuse, type Refusal } from "../rules/rule";
import { filePath, newHead, shortBranch, thing } from "./store";
import { refusedPush } from "./types/repository";
import type { World } from "./type";

/** A push of one commit, as a person or a pipeline makes it; policies on the branch refuse it. */
export function push(
  world: World,
  repositoryId: string,
  branch: string,
  changes: {
    readonly write?: Readonly<Record<string, string>>;
    readonly remove?: readonly string[];
  },
): { readonly commit: string } | Refusal {
  const name = shortBranch(branch);
  const find = (kind: string, id: unknown) => thing(world.state, kind, id);
  const refused = refusedPush({ world, find }, repositoryId, name);
  return refused ?? commit(world, repositoryId, name, changes);
}

/** What the completion of a pull request does: a commit that no policy refuses. */
export function complete(
  world: World,
  repositoryId: string,
  branch: string,
  changes: {
    readonly write?: Readonly<Record<string, string>>;
    readonly remove?: readonly string[];
  },
): { readonly commit: string } | Refusal {
  return commit(world, repositoryId, shortBranch(branch), changes);
}

function commit(
  world: World,
  repositoryId: string,
  branch: string,
  { write = {}, remove = [] }: Parameters<typeof push>[3],
): { readonly commit: string } | Refusal {
  const branches = world.state.branches[repositoryId];
  const head = branches?.[branch];
  if (!branches || !head) return refuse(404, "BranchNotFound", `there is no branch ${branch}`);
  const files = { ...head.files };
  for (const path of remove) delete files[filePath(path)];
  for (const [path, content] of Object.entries(write)) files[filePath(path)] = content;
  const next = newHead(files, head.commit);
  branches[branch] = next;
  return { commit: next.commit };
}
