import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { managedPython, root } from "../flows/python/support";
import { missingLine, type Step, stepsOf } from "./support/walkthrough";

/** docs/walkthrough.md, read and followed as a reader would, on the real engine and the real prompt flow. */

const page = readFileSync(path.join(root, "docs/walkthrough.md"), "utf8");
const steps = stepsOf(page);
const python = managedPython();

test("the page shows every verb of a flow's life, in order", () => {
  const verbs = steps.flatMap(({ text }) =>
    [...text.matchAll(/genaiops (sandbox \w+|[a-z-]+)/g)].map(([, verb]) => verb),
  );
  expect(verbs.filter((verb, index) => verb !== verbs[index - 1])).toEqual([
    ...["new", "validate", "run", "evaluate", "report", "sandbox serve", "sandbox up", "register"],
    ...["sandbox up", "test-endpoint", "run", "evaluate", "report", "register"],
    ...["sandbox up", "test-endpoint", "sandbox up", "rollout", "compare", "test-endpoint"],
    "sandbox destroy",
  ]);
});

test.each([
  ["a\nb 12 ms", "x\na\ny\nb 7 ms\n", undefined],
  ["a\nb", "b\na\n", "b"],
  ["…/report.html", "/tmp/x/report.html", undefined],
  ["x: …\n…\ny", "x: 1\ny", undefined],
  ["passed", "failed", "passed"],
  ["ok, 200 in 3 ms", "500 in 3 ms", "ok, 200 in 3 ms"],
])("of %j in %j the first missing line is %j", (shown, seen, missing) => {
  expect(missingLine(shown, seen)).toBe(missing);
});

(python === undefined ? describe.skip : describe)("a reader who follows the page", () => {
  const home = mkdtempSync(path.join(tmpdir(), "genaiops-walkthrough-"));
  const folder = path.join(home, "genaiops-walkthrough");
  const terminals: Terminal[] = [];
  let here: Terminal;

  beforeAll(() => {
    const source = repositoryOf(path.join(home, "source"));
    writeFileSync(path.join(home, "gitconfig"), "[user]\nname = Reader\nemail = r@example.com\n");
    here = new Terminal(home, {
      ...process.env,
      REPOSITORY: source,
      GENAIOPS_PYTHON: python,
      GIT_CONFIG_GLOBAL: path.join(home, "gitconfig"),
      // What stands in the cache of packages need not be fetched again.
      npm_config_prefer_offline: "true",
    });
    terminals.push(here);
  });
  afterAll(async () => {
    await Promise.all(terminals.map((terminal) => terminal.close()));
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  });

  test.each(steps.map((step) => [`line ${step.line}: ${firstLine(step)}`, step] as const))(
    "%s",
    async (_, step) => {
      const seen = await follow(step);
      if (step.shown === undefined) return;
      const missing = missingLine(step.shown, seen);
      if (missing !== undefined) {
        throw new Error(`docs/walkthrough.md shows ${JSON.stringify(missing)}; seen was\n${seen}`);
      }
    },
    900_000,
  );

  async function follow({ kind, text, file, shown = "" }: Step): Promise<string> {
    if (kind === "here") return here.run(text);
    if (kind === "beside") {
      const terminal = new Terminal(folder, { ...process.env, GENAIOPS_PYTHON: python });
      terminals.push(terminal);
      return terminal.leave(text, (seen) => missingLine(shown, seen) === undefined);
    }
    if (kind === "file") writeFileSync(path.join(folder, file!), text);
    else execFileSync("git", ["apply", "-"], { cwd: folder, input: text, stdio: "pipe" });
    return "";
  }
});

function firstLine({ kind, text, file }: Step): string {
  const edited = /^\+\+\+ b\/(.*)$/m.exec(text)?.[1];
  return kind === "patch" ? `edit ${edited}` : (file ?? text.split("\n")[0]!);
}

/** The working files as a repository that can be cloned, so that the page is held to what stands here. */
function repositoryOf(source: string): string {
  mkdirSync(source);
  const list = execFileSync("git", ["ls-files", "-co", "--exclude-standard"], { cwd: root });
  const archive = spawnSync("tar", ["-cf", "-", "--ignore-failed-read", "-T", "-"], {
    cwd: root,
    input: list,
    maxBuffer: 1 << 28,
  });
  execFileSync("tar", ["-xf", "-"], { cwd: source, input: archive.stdout });
  const git = (...args: string[]) => execFileSync("git", args, { cwd: source, stdio: "pipe" });
  git("init", "--quiet", "--initial-branch", "development");
  git("add", "--all");
  git("-c", "user.name=T", "-c", "user.email=t@example.com", "commit", "--quiet", "-m", "Begin");
  return source;
}

/** A shell that keeps its variables from block to block and ends with the first command that fails. */
class Terminal {
  private seen = "";
  private readonly shell: ChildProcess;
  private readonly ended: Promise<unknown>;

  constructor(cwd: string, env: NodeJS.ProcessEnv) {
    // A process group of its own: Ctrl-C reaches what runs in the shell, too.
    this.shell = spawn("bash", { cwd, env, detached: true, stdio: ["pipe", "pipe", "inherit"] });
    this.shell.stdout!.on("data", (data) => (this.seen += data));
    this.ended = once(this.shell, "close");
    this.shell.stdin!.write("exec 2>&1\nset -eo pipefail\n");
  }

  /** Run a block to its end and return what it printed. */
  async run(block: string): Promise<string> {
    const end = `end of block ${Math.random()}`;
    const from = this.seen.length;
    this.shell.stdin!.write(`${block}\necho '${end}'\n`);
    await this.until((seen) => seen.includes(end));
    return this.seen.slice(from, this.seen.indexOf(end, from));
  }

  /** Start a block that goes on, and return what it printed once that is enough. */
  async leave(block: string, enough: (seen: string) => boolean): Promise<string> {
    this.shell.stdin!.write(block);
    await this.until(enough);
    return this.seen;
  }

  private async until(enough: (seen: string) => boolean): Promise<void> {
    while (!enough(this.seen)) {
      const data = once(this.shell.stdout!, "data");
      if ((await Promise.race([data, this.ended.then(() => "ended")])) === "ended") {
        throw new Error(`the shell ended after\n${this.seen}`);
      }
    }
  }

  /** Press Ctrl-C, and go. */
  async close(): Promise<void> {
    if (this.shell.exitCode === null) {
      this.shell.stdin!.end();
      process.kill(-this.shell.pid!, "SIGINT");
    }
    await this.ended;
  }
}
