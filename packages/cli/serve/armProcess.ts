import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream, mkdirSync, rmSync, type WriteStream } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import type { Launch } from "./launch";

/** Where an arm stands. */
export type ArmState = "starting" | "ready" | "unhealthy" | "ended";

/** What a process gets to end by itself, in milliseconds. */
const GRACE = 5_000;
const PROBE_TIMEOUT = 2_000;
/** Characters of a log's line that are shown. */
const LINE = 240;

/** The process of one arm. Its output goes to a file, without the secrets. */
export class ArmProcess {
  readonly #child: ChildProcess;
  readonly #log: WriteStream;
  readonly #tail: string[] = [];
  /** Settles when the process is gone, with what is known of its end. */
  readonly ended: Promise<string>;
  state: ArmState = "starting";

  constructor(
    readonly port: number,
    launch: Launch,
    /** Holds what the process writes for itself; removed with it. */
    private readonly folder: string,
    readonly logFile: string,
    private readonly secrets: readonly string[],
  ) {
    mkdirSync(folder, { recursive: true });
    mkdirSync(path.dirname(logFile), { recursive: true });
    this.#log = createWriteStream(logFile);
    this.#child = spawn(launch.command, launch.args, {
      cwd: launch.cwd,
      env: launch.env,
      stdio: ["ignore", "pipe", "pipe"],
      // Its own group: Ctrl-C reaches the command alone, which then ends the group as a whole.
      detached: process.platform !== "win32",
    });
    for (const stream of [this.#child.stdout!, this.#child.stderr!]) {
      createInterface({ input: stream }).on("line", (line) => this.#note(line));
    }
    this.ended = new Promise((done) => {
      this.#child.once("error", (error) => done(`cannot be started: ${error.message}`));
      this.#child.once("close", (code, signal) => done(`ended with ${signal ?? code}`));
    }).then((how) => {
      this.state = "ended";
      this.#log.end();
      rmSync(this.folder, { recursive: true, force: true });
      return String(how);
    });
    process.once("exit", this.#kill);
  }

  /** The last lines of its output. */
  get tail(): string {
    return this.#tail.join("\n");
  }

  /** Ask `GET /health`, and remember the answer as the state. */
  async probe(): Promise<ArmState> {
    if (this.state === "ended") return this.state;
    const healthy = await fetch(`http://127.0.0.1:${this.port}/health`, {
      signal: AbortSignal.timeout(PROBE_TIMEOUT),
    }).then(
      async (answer) => {
        await answer.arrayBuffer();
        return answer.ok;
      },
      () => false,
    );
    // The process may have ended while it was asked.
    const state = this.state as ArmState;
    if (state === "ended") return state;
    if (healthy) this.state = "ready";
    else if (state === "ready") this.state = "unhealthy";
    return this.state;
  }

  /** Ask the process and its children to end; after a while, end them. */
  async stop(): Promise<void> {
    this.#signal("SIGTERM");
    const timer = setTimeout(this.#kill, GRACE);
    await this.ended;
    clearTimeout(timer);
    process.off("exit", this.#kill);
  }

  #kill = (): void => this.#signal("SIGKILL");

  #signal(signal: NodeJS.Signals): void {
    const { pid } = this.#child;
    if (pid === undefined || this.state === "ended") return;
    try {
      if (process.platform === "win32") this.#child.kill(signal);
      else process.kill(-pid, signal);
    } catch (error) {
      // It has just ended by itself.
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }

  #note(line: string): void {
    const shown = this.secrets.reduce((text, secret) => text.replaceAll(secret, "[secret]"), line);
    this.#log.write(`${shown}\n`);
    this.#tail.push(shown.length > LINE ? `${shown.slice(0, LINE)} …` : shown);
    if (this.#tail.length > 12) this.#tail.shift();
  }
}
