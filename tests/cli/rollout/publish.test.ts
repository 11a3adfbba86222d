import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { commits, programsIn, pullRequests, type Run } from "../../../packages/cli/rollout/publish";

let folder: string;
let work: string;
const git = (at: string, ...args: string[]) =>
  execFileSync("git", args, { cwd: at, encoding: "utf8", stdio: "pipe" }).trim();
const write = (text: string) => writeFileSync(path.join(work, "Pulumi.dev.yaml"), text);

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "genaiops-publish-"));
  const origin = path.join(folder, "origin");
  work = path.join(folder, "work");
  git(folder, "init", "--quiet", "--bare", "--initial-branch", "main", origin);
  git(folder, "clone", "--quiet", origin, work);
  git(work, "config", "user.email", "engineer@example.com");
  git(work, "config", "user.name", "Engineer");
  git(work, "checkout", "--quiet", "-B", "main");
  write("weight: 0\n");
  writeFileSync(path.join(work, "other.txt"), "1\n");
  git(work, "add", "--all");
  git(work, "commit", "--quiet", "-m", "Begin");
  git(work, "push", "--quiet", "origin", "main");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("a commit holds the file alone, and is made once", async () => {
  const publisher = commits(programsIn(work));
  expect(await publisher.obstacle("Pulumi.dev.yaml")).toBeUndefined();
  expect(await publisher.obstacle("Pulumi.prod.yaml")).toBe(
    "Pulumi.prod.yaml is not committed; commit it first",
  );
  write("weight: 10\n");
  writeFileSync(path.join(work, "other.txt"), "2\n");
  git(work, "add", "other.txt");
  for (const _ of [1, 2]) await publisher.publish("Pulumi.dev.yaml", "green at 10", "why");
  expect(git(work, "log", "--format=%s")).toBe("green at 10\nBegin");
  expect(git(work, "show", "--format=", "--name-only")).toBe("Pulumi.dev.yaml");
  expect(git(work, "status", "--porcelain")).toBe("M  other.txt");
  expect(await publisher.published("Pulumi.dev.yaml")).toBe("weight: 10\n");
});

test("a pull request stands on origin's newest state, completes itself, and is opened once", async () => {
  const asked: string[][] = [];
  let open = "";
  const inWork = programsIn(work);
  const programs: Run = async (program, args, options) => {
    if (program !== "az") return inWork(program, args, options);
    asked.push([...args]);
    return args[2] === "list" ? open : "";
  };
  const publisher = pullRequests(work, programs);
  // Somebody else pushes meanwhile.
  const other = path.join(folder, "other");
  git(folder, "clone", "--quiet", path.join(folder, "origin"), other);
  writeFileSync(path.join(other, "later.txt"), "");
  git(other, "add", "--all");
  git(other, "-c", "user.email=a@b.c", "-c", "user.name=A", "commit", "--quiet", "-m", "Later");
  git(other, "push", "--quiet", "origin", "main");

  write("weight: 10\n");
  await publisher.publish("Pulumi.dev.yaml", "web dev: green at 10 percent", "why");
  open = "7\n";
  await publisher.publish("Pulumi.dev.yaml", "web dev: green at 10 percent", "why");
  const branch = "rollout/web-dev-green-at-10-percent";
  expect(asked.filter(([, , verb]) => verb === "create")).toEqual([
    [
      ...["repos", "pr", "create", "--detect", "true", "--source-branch", branch],
      ...[
        "--target-branch",
        "main",
        "--title",
        "web dev: green at 10 percent",
        "--description",
        "why",
      ],
      ...["--auto-complete", "true", "--delete-source-branch", "true", "--output", "none"],
    ],
  ]);
  const origin = path.join(folder, "origin");
  expect(git(origin, "log", "--format=%s", branch)).toBe(
    "web dev: green at 10 percent\nLater\nBegin",
  );
  expect(git(origin, "show", "--format=", "--name-only", branch)).toBe("Pulumi.dev.yaml");
  // The work tree keeps its branch, its index and its file.
  expect(git(work, "log", "--format=%s")).toBe("Begin");
  expect(git(work, "status", "--porcelain")).toBe("M Pulumi.dev.yaml");
  expect(readFileSync(path.join(work, "Pulumi.dev.yaml"), "utf8")).toBe("weight: 10\n");
  // Completed, there is nothing to publish any more.
  git(origin, "update-ref", "refs/heads/main", `refs/heads/${branch}`);
  const before = asked.length;
  await publisher.publish("Pulumi.dev.yaml", "web dev: green at 10 percent", "why");
  expect(asked).toHaveLength(before);
});

test("a program that is missing or fails says so", async () => {
  const programs = programsIn(work);
  await expect(programs("no-such-program", ["x"])).rejects.toThrow(
    "no-such-program x failed: no-such-program is not installed",
  );
  await expect(programs("git", ["show", "nothing"])).rejects.toThrow(/^git show failed: fatal:/);
});
