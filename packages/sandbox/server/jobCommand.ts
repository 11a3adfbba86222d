import { type ChildProcess, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";

/** Runs a job's command. Ends with its exit code, or undefined when it was stopped. */
export type RunCommand = (command: JobCommand) => Promise<number | undefined>;

export interface JobCommand {
  /** The job's command with the places of its inputs and outputs filled in. */
  readonly command: string;
  /** All that it sees of this machine. */
  readonly environment: Readonly<Record<string, string>>;
  /** A folder of its own, empty. */
  readonly folder: string;
  /** File for what it prints. */
  readonly log: string;
  /** Aborted when the job is cancelled, or the sandbox ends. */
  readonly signal: AbortSignal;
}

/** In bash, with the Python that `GENAIOPS_PYTHON` names in place of the image's. */
export const runInBash: RunCommand = async ({ command, environment, folder, log, signal }) => {
  const python = process.env["GENAIOPS_PYTHON"];
  const output = fs.openSync(log, "a");
  const child: ChildProcess = spawn("bash", ["-c", command], {
    cwd: folder,
    env: {
      PATH: [...(python ? [path.dirname(python)] : []), process.env["PATH"]].join(path.delimiter),
      ...environment,
    },
    stdio: ["ignore", output, output],
    detached: true,
  });
  const stop = () => {
    if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  };
  signal.addEventListener("abort", stop);
  if (signal.aborted) stop();
  try {
    return await new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => resolve(code ?? undefined));
    });
  } finally {
    signal.removeEventListener("abort", stop);
    fs.closeSync(output);
  }
};
