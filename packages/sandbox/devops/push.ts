import { refuse, type Refusal } from "../rules/rule";
import type { Json } from "../paths";
import { identities } from "./identities";
import { filePath, newHead, shortBranch, thing, things } from "./store";
import { refusedPush } from "./types/repository";
import type { World } from "./type";

/** Texts of files by their paths, and paths of files that go. */
interface Changes {
  readonly write?: Readonly<Record<string, string>>;
  readonly remove?: readonly string[];
}

/** A push of one commit, as a person or a pipeline makes it; policies on the branch refuse it. */
export function push(
  world: World,
  repositoryId: string,
  branch: string,
  changes: Changes,
): { readonly commit: string } | Refusal {
  const name = shortBranch(branch);
  const find = (kind: string, id: unknown) => thing(world.state, kind, id);
  const refused = refusedPush({ world, find }, repositoryId, name);
  return refused ?? commit(world, repositoryId, name, changes);
}

/**
 * A push that begins a branch, by somebody in these groups of the project. No policy on the branch looks at
 * what it begins with; who may not create branches in its folder is refused:
 * learn.microsoft.com/azure/devops/repos/git/require-branch-folders.
 */
export function begin(
  world: World,
  repositoryId: string,
  branch: string,
  files: Readonly<Record<string, string>>,
  groups: readonly string[],
): { readonly commit: string } | Refusal {
  const name = shortBranch(branch);
  const branches = world.state.branches[repositoryId];
  if (!branches) return refuse(404, "RepositoryNotFound", `there is no repository ${repositoryId}`);
  if (branches[name]) return refuse(409, "BranchExists", `there is a branch ${name} already`);
  const folder = name.split("/").slice(0, -1).join("/");
  const denied = things(world.state, "GitPermissions").some(
    ({ properties }) =>
      properties.repositoryId === repositoryId &&
      (properties.branchName === undefined || shortBranch(properties.branchName) === folder) &&
      (properties.permissions as Json).CreateBranch === "Deny" &&
      identities(world).some(
        (group) => group.descriptor === properties.principal && groups.includes(group.name),
      ),
  );
  if (denied)
    return refuse(
      403,
      "TF401027",
      `You need the Git 'CreateBranch' permission to perform this action on ${name}.`,
    );
  const head = newHead(files);
  branches[name] = head;
  return { commit: head.commit };
}

/** What the completion of a pull request does: a commit that no policy refuses. */
export function complete(
  world: World,
  repositoryId: string,
  branch: string,
  changes: Changes,
): { readonly commit: string } | Refusal {
  return commit(world, repositoryId, shortBranch(branch), changes);
}

function commit(
  world: World,
  repositoryId: string,
  branch: string,
  { write = {}, remove = [] }: Changes,
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
