import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { root } from "./support";

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A repository of its own with one flow, so that a test may edit it and finds nothing of other tests. */
export class Repository {
  readonly folder = mkdtempSync(path.join(tmpdir(), "genaiops-flows-"));

  constructor(
    readonly flow: string,
    private readonly python: string,
  ) {
    cpSync(path.join(root, "flows", flow), path.join(this.folder, "flows", flow), {
      recursive: true,
    });
  }

  path(...parts: string[]): string {
    return path.join(this.folder, ...parts);
  }

  read(...parts: string[]): string {
    return readFileSync(this.path(...parts), "utf8");
  }

  write(file: string, content: string | Buffer): void {
    writeFileSync(this.path("flows", this.flow, file), content);
  }

  edit(file: string, change: (text: string) => string): void {
    this.write(file, change(this.read("flows", this.flow, file)));
  }

  /** The command as a user types it, in a process of its own. */
  start(verb: string, args: readonly string[], environment: NodeJS.ProcessEnv): ChildProcess {
    return spawn(
      process.execPath,
      [
        path.join(root, "packages/cli/bin/genaiops.js"),
        verb,
        this.flow,
        "--env",
        "dev",
        "--cwd",
        this.folder,
        ...args,
      ],
      {
        env: {
          PATH: process.env.PATH,
          HOME: process.env.HOME,
          GENAIOPS_PYTHON: this.python,
          ...environment,
        },
      },
    );
  }

  async genaiops(
    verb: string,
    args: readonly string[],
    environment: NodeJS.ProcessEnv,
  ): Promise<Ended> {
    return ended(this.start(verb, args, environment));
  }

  /** Every file that the commands left, relative to the repository. */
  left(): string[] {
    return readdirSync(this.path(".genaiops"), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(this.folder, path.join(entry.parentPath, entry.name)));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

export function ended(child: ChildProcess): Promise<Ended> {
  let out = "";
  let err = "";
  child.stdout?.on("data", (text) => (out += text));
  child.stderr?.on("data", (text) => (err += text));
  return new Promise((done) => child.once("close", (code) => done({ code, out, err })));
}
