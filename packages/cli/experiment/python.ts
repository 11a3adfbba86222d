import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CommandError, EXIT } from "../exit";
import { giveBack, takeLock } from "../lock";

/** The pinned packages that every flow runs with. */
export const PINNED = path.join(__dirname, "../python/requirements.txt");

/** The oldest Python that the pinned packages install on. */
const OLDEST = [3, 11] as const;

/**
 * The Python that runs a flow: `GENAIOPS_PYTHON` where it is set, for example in an image that has the packages,
 * else an environment below `.genaiops/` with the pinned packages and the flow's own, made on first use. An
 * environment counts once its last file is written, so that none is taken half-made.
 */
export async function managedPython({
  root,
  requirements,
  say,
}: {
  root: string;
  /** Files, absolute, beside the pinned ones. */
  requirements: readonly string[];
  say: (text: string) => void;
}): Promise<string> {
  const own = process.env.GENAIOPS_PYTHON;
  if (own !== undefined && own !== "") return own;
  const files = [PINNED, ...requirements.filter((file) => existsSync(file))];
  const base = findPython();
  const hash = createHash("sha256").update(base.version);
  // A flow that pins what is pinned already needs no environment of its own.
  for (const line of ownLines(files)) hash.update(`${line}\n`);
  const folder = path.join(root, ".genaiops", `python-${hash.digest("hex").slice(0, 12)}`);
  const python = path.join(
    folder,
    process.platform === "win32" ? "Scripts/python.exe" : "bin/python",
  );
  const whole = path.join(folder, "complete.json");
  await withLock(`${folder}.lock`, say, async () => {
    if (existsSync(whole)) return;
    rmSync(folder, { recursive: true, force: true });
    say(`making the Python environment ${path.relative(root, folder)}, once; this takes minutes`);
    await command(base.command, ["-m", "venv", folder], say);
    await command(
      python,
      [
        "-m",
        "pip",
        "install",
        "--disable-pip-version-check",
        "--no-input",
        ...files.flatMap((file) => ["-r", file]),
      ],
      say,
    );
    writeFileSync(
      whole,
      `${JSON.stringify({ python: base.version, requirements: ownLines(files) })}\n`,
    );
  });
  return python;
}

/** The requirements as a set: comments and repetitions change nothing. */
function ownLines(files: readonly string[]): string[] {
  const lines = files.flatMap((file) => readFileSync(file, "utf8").split(/\r?\n/));
  const wanted = lines.map((line) => line.replace(/\s+#.*$/, "").trim());
  return [...new Set(wanted.filter((line) => line !== "" && !line.startsWith("#")))].sort();
}

/** The first Python on the path that is new enough. */
export function findPython(): { command: string; version: string } {
  const candidates = ["python3", "python3.13", "python3.12", "python3.11", "python"];
  const found: string[] = [];
  for (const command of candidates) {
    const { stdout, status } = spawnSync(
      command,
      ["-c", "import sys, venv; print('%d.%d.%d' % sys.version_info[:3])"],
      { encoding: "utf8" },
    );
    if (status !== 0) continue;
    const version = stdout.trim();
    found.push(version);
    const [major = 0, minor = 0] = version.split(".").map(Number);
    if (major === OLDEST[0] && minor >= OLDEST[1]) return { command, version };
  }
  throw new CommandError(
    `Prompt flow needs Python ${OLDEST.join(".")} or newer with venv; found ${
      found.length === 0 ? "none" : [...new Set(found)].join(", ")
    } on the path. Install it (Debian: apt install python3 python3-venv) or set GENAIOPS_PYTHON.`,
    EXIT.failed,
  );
}

async function command(
  file: string,
  args: readonly string[],
  say: (text: string) => void,
): Promise<void> {
  const child = spawn(file, args, { stdio: ["ignore", "pipe", "pipe"] });
  const last: string[] = [];
  const listen = (data: Buffer) => {
    for (const line of data.toString("utf8").split("\n").filter(Boolean)) {
      last.push(line);
      if (last.length > 15) last.shift();
      const step =
        /^(Collecting|Downloading|Installing collected packages|Successfully installed)\s?(\S*)/.exec(
          line,
        );
      if (step) say(step[1] === "Collecting" ? `  ${step[1]} ${step[2]}` : `  ${step[1]}`);
    }
  };
  child.stdout.on("data", listen);
  child.stderr.on("data", listen);
  const code = await new Promise<number | null>((done, fail) => {
    child.once("error", fail);
    child.once("close", done);
  });
  if (code !== 0) {
    throw new CommandError(
      `The Python environment cannot be made: ${path.basename(file)} ${args.slice(0, 3).join(" ")} ended with ${code}:\n${last.join("\n")}`,
      EXIT.failed,
    );
  }
}

/** One process at a time makes an environment; a lock of a process that is gone counts for nothing. */
async function withLock(
  lock: string,
  say: (text: string) => void,
  work: () => Promise<void>,
): Promise<void> {
  mkdirSync(path.dirname(lock), { recursive: true });
  for (let waited = 0; ; waited += 1) {
    const holder = takeLock(lock);
    if (holder === undefined) break;
    if (waited === 0) say(`waiting for process ${holder}, which makes the Python environment`);
    await sleep(500);
  }
  try {
    await work();
  } finally {
    giveBack(lock);
  }
}
