import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { shortBranch } from "../devops/store";
import type { World } from "../devops/type";
import type { Agent } from "./agent";
import { PipelineError } from "./value";

/**
 * Checks out what a run is about from the simulated repository, as a Git work tree. For a pull request the
 * target branch is there as `origin/<branch>`, as after a fetch of the whole history.
 */
export function checkoutFrom(world: World): Agent["checkout"] {
  return async (folder, { repository, sourceBranch, pullRequest }) => {
    const filesOf = (branch: string) => {
      const head = world.state.branches[repository.id]?.[shortBranch(branch)];
      if (!head) throw new PipelineError(`there is no branch ${branch} to check out`);
      return head.files;
    };
    const git = (...args: string[]) =>
      execFileSync("git", args, { cwd: folder, env: identity, stdio: "pipe" });
    const commit = (files: Readonly<Record<string, string>>) => {
      clear(folder);
      write(folder, files);
      git("add", "--all");
      git("commit", "--quiet", "--allow-empty", "--message", "State of a branch");
    };
    git("init", "--quiet");
    if (pullRequest) {
      commit(filesOf(pullRequest.target));
      git("update-ref", `refs/remotes/origin/${shortBranch(pullRequest.target)}`, "HEAD");
    }
    commit(filesOf(pullRequest?.source ?? sourceBranch));
  };
}

const identity = {
  PATH: process.env.PATH ?? "",
  GIT_AUTHOR_NAME: "agent",
  GIT_AUTHOR_EMAIL: "agent@sandbox",
  GIT_COMMITTER_NAME: "agent",
  GIT_COMMITTER_EMAIL: "agent@sandbox",
  GIT_CONFIG_GLOBAL: "/dev/null",
};

function clear(folder: string): void {
  for (const name of readdirSync(folder))
    if (name !== ".git") rmSync(join(folder, name), { recursive: true });
}

function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
}
