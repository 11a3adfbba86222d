import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { CommandError, EXIT } from "../exit";

/** How the change of a step becomes part of the repository's history. */
export interface Publisher {
  /** Why nothing can be published from this work tree, or undefined. Asked before the first change. */
  obstacle(file: string): Promise<string | undefined>;
  /** Text of the file in the history, which a step changes; undefined where it has none. */
  published(file: string): Promise<string | undefined>;
  /** Publish what stands in the file. Called again after an interruption, it must not do it twice. */
  publish(file: string, message: string, body: string): Promise<void>;
}

const run = promisify(execFile);

/** Runs a program in the repository and returns what it printed; a failure carries what it said. */
export type Run = (
  program: string,
  args: readonly string[],
  options?: { readonly index?: string },
) => Promise<string>;

export function programsIn(root: string): Run {
  return async (program, args, { index } = {}) => {
    const env = index === undefined ? process.env : { ...process.env, GIT_INDEX_FILE: index };
    try {
      const { stdout } = await run(program, [...args], { cwd: root, env, maxBuffer: 1 << 26 });
      return stdout;
    } catch (error) {
      const { stderr = "", message, code } = error as Error & { stderr?: string; code?: string };
      const why = code === "ENOENT" ? `${program} is not installed` : stderr.trim() || message;
      throw new CommandError(`${program} ${args[0] ?? ""} failed: ${why}`, EXIT.failed);
    }
  };
}

/** Nothing but the file changes: `--no-commit`. */
export const noPublisher: Publisher = {
  obstacle: async () => undefined,
  published: async () => undefined,
  publish: async () => undefined,
};

/** One commit on the present branch for each step; nothing else of the work tree goes in. */
export function commits(programs: Run): Publisher {
  const published = (file: string) =>
    programs("git", ["show", `HEAD:./${file}`]).catch(() => undefined);
  return {
    published,
    obstacle: async (file) => {
      const inside = await programs("git", ["rev-parse", "--is-inside-work-tree"]).catch(() => "");
      if (inside.trim() !== "true") {
        return "this folder is no git work tree; add --no-commit or run it in one";
      }
      return (await published(file)) === undefined
        ? `${file} is not committed; commit it first`
        : undefined;
    },
    publish: async (file, message, body) => {
      const changed = await programs("git", ["status", "--porcelain", "--", file]);
      if (changed.trim() === "") return;
      await programs("git", ["commit", "--quiet", "--only", "-m", message, "-m", body, "--", file]);
    },
  };
}

/**
 * One pull request for each step, which completes itself when its policies are content. Its commit stands on
 * the newest state of the branch at `origin` and holds this file alone; the work tree and its branch stay.
 */
export function pullRequests(root: string, programs: Run): Publisher {
  const git = async (args: readonly string[], index?: string) =>
    (await programs("git", args, { index })).trim();
  const target = () => git(["rev-parse", "--abbrev-ref", "HEAD"]);
  const published = async (file: string) => {
    const branch = await target();
    await git([
      "fetch",
      "--quiet",
      "origin",
      `+refs/heads/${branch}:refs/remotes/origin/${branch}`,
    ]);
    return programs("git", ["show", `origin/${branch}:./${file}`]).catch(() => undefined);
  };
  return {
    published,
    obstacle: async (file) => {
      const missing = await commits(programs).obstacle(file);
      if (missing !== undefined) return missing;
      return (await published(file)) === undefined
        ? `${file} is not at origin on the branch ${await target()}; push it first`
        : undefined;
    },
    publish: async (file, message, body) => {
      if ((await published(file)) === readFileSync(path.join(root, file), "utf8")) return;
      const into = await target();
      const branch = `rollout/${message.toLowerCase().replace(/[^a-z0-9]+/g, "-")}`;
      const commit = await commitOn(git, `origin/${into}`, file, message, body);
      await git(["push", "--quiet", "--force", "origin", `${commit}:refs/heads/${branch}`]);
      const open = await programs("az", openPullRequests(branch));
      if (open.trim() === "") await programs("az", createPullRequest(branch, into, message, body));
    },
  };
}

/** A commit with the file as it stands in the work tree, made in an index of its own. */
async function commitOn(
  git: (args: readonly string[], index?: string) => Promise<string>,
  parent: string,
  file: string,
  message: string,
  body: string,
): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), "rollout-"));
  const index = path.join(folder, "index");
  try {
    const prefix = await git(["rev-parse", "--show-prefix"]);
    const blob = await git(["hash-object", "-w", "--", file]);
    await git(["read-tree", parent], index);
    await git(["update-index", "--cacheinfo", `100644,${blob},${prefix}${file}`], index);
    const tree = await git(["write-tree"], index);
    return await git(["commit-tree", tree, "-p", parent, "-m", message, "-m", body]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** github.com/Azure/azure-devops-cli-extension: `az repos pr`. The organisation is that of `origin`. */
const openPullRequests = (branch: string) =>
  [
    "repos",
    "pr",
    "list",
    "--detect",
    "true",
    "--status",
    "active",
    "--source-branch",
    branch,
  ].concat(["--query", "[].pullRequestId", "--output", "tsv"]);

const createPullRequest = (branch: string, into: string, title: string, description: string) =>
  ["repos", "pr", "create", "--detect", "true", "--source-branch", branch].concat(
    ["--target-branch", into, "--title", title, "--description", description],
    ["--auto-complete", "true", "--delete-source-branch", "true", "--output", "none"],
  );
