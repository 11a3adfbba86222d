import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Head } from "../devops/state";
import { shortBranch } from "../devops/store";
import type { World } from "../devops/type";
import type { Agent } from "./agent";
import { PipelineError } from "./value";

/**
 * Checks out what a run is about from the simulated repository, as a Git work tree. For a pull request the
 * target branch is there as `origin/<branch>`, as after a fetch of the whole history. Each commit is stored
 * once below `folder`, and its checkouts share what Git keeps of it.
 */
export function checkoutFrom(world: World, folder: string): Agent["checkout"] {
  const stored = new Set<string>();
  return async (target, { repository, sourceBranch, pullRequest }) => {
    const headOf = (branch: string): Head => {
      const head = world.state.branches[repository.id]?.[shortBranch(branch)];
      if (!head) throw new PipelineError(`there is no branch ${branch} to check out`);
      return head;
    };
    const source = headOf(pullRequest?.source ?? sourceBranch);
    const base = pullRequest && {
      head: headOf(pullRequest.target),
      branch: shortBranch(pullRequest.target),
    };
    const origin = join(folder, [base?.head.commit, source.commit].join("-"));
    if (!stored.has(origin)) store(origin, source, base);
    stored.add(origin);
    git(folder, "clone", "--quiet", "--shared", "--branch", SOURCE, origin, target);
  };
}

const SOURCE = "checked-out";

/** The commits of a run, as the repository that its checkouts are clones of. */
function store(origin: string, source: Head, base?: { head: Head; branch: string }): void {
  mkdirSync(origin, { recursive: true });
  git(origin, "init", "--quiet", "--initial-branch", SOURCE);
  if (base) {
    commit(origin, base.head);
    git(origin, "branch", base.branch);
  }
  commit(origin, source);
}

function commit(folder: string, { files }: Head): void {
  for (const name of readdirSync(folder))
    if (name !== ".git") rmSync(join(folder, name), { recursive: true });
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  git(folder, "add", "--all");
  git(folder, "commit", "--quiet", "--allow-empty", "--message", "State of a branch");
}

function git(folder: string, ...args: string[]): void {
  execFileSync("git", args, { cwd: folder, env: identity, stdio: "pipe" });
}

const identity = {
  PATH: process.env.PATH ?? "",
  GIT_AUTHOR_NAME: "agent",
  GIT_AUTHOR_EMAIL: "agent@sandbox",
  GIT_COMMITTER_NAME: "agent",
  GIT_COMMITTER_EMAIL: "agent@sandbox",
  GIT_CONFIG_GLOBAL: "/dev/null",
};
