import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CommandError, EXIT } from "../exit";

/**
 * Take a sandbox's folder for this process; the returned function gives it back. Two processes that each
 * keep the simulated Azure would write over what the other one made. A process that was killed holds
 * nothing. Beside a process that serves the simulated Azure, one other may use the `engine`.
 */
export function occupy(directory: string, what: "process" | "engine" = "process"): () => void {
  const file = join(directory, what);
  for (;;) {
    try {
      writeFileSync(file, String(process.pid), { flag: "wx" });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const owner = Number(readFileSync(file, "utf8"));
    if (isRunning(owner)) {
      throw new CommandError(
        `another command (process ${owner}) is using ${directory}; wait for it to end, or stop it`,
        EXIT.failed,
      );
    }
    rmSync(file, { force: true });
  }
}

/** Whether another process with this id runs. */
export function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
