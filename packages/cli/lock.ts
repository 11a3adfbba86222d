import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { CommandError, EXIT } from "./exit";

/** Hold a folder for this process alone. Returns how to give it back; refuses where another process holds it. */
export function holdFolder(folder: string): () => void {
  mkdirSync(folder, { recursive: true });
  const lock = path.join(folder, "lock");
  const holder = takeLock(lock);
  if (holder === undefined) return () => giveBack(lock);
  throw new CommandError(
    `Process ${holder} is working on this flow already; wait for it or end it.`,
    EXIT.refused,
  );
}

/**
 * Take a lock, a file in a folder that exists, for this process. Returns who holds it, or undefined where this process
 * does now; a process that has ended holds nothing. The file appears with its content at once, so that nobody takes
 * one that is just being written for one that is broken.
 */
export function takeLock(lock: string): number | undefined {
  const own = `${lock}.${process.pid}`;
  writeFileSync(own, String(process.pid));
  try {
    while (!isNew(own, lock)) {
      const holder = holderOf(lock);
      if (holder === undefined) continue;
      if (isRunning(holder)) return holder;
      takeAway(lock, holder);
    }
    return undefined;
  } finally {
    rmSync(own, { force: true });
  }
}

export function giveBack(lock: string): void {
  rmSync(lock, { force: true });
}

function isNew(own: string, lock: string): boolean {
  return unless("EEXIST", () => linkSync(own, lock)) !== undefined;
}

function holderOf(lock: string): number | undefined {
  return unless("ENOENT", () => Number(readFileSync(lock, "utf8")))?.result;
}

/** Another process may have done so meanwhile, and hold the folder: its lock is put back. */
function takeAway(lock: string, holder: number): void {
  const aside = `${lock}.${process.pid}.aside`;
  if (unless("ENOENT", () => renameSync(lock, aside)) === undefined) return;
  if (!Object.is(holderOf(aside), holder)) isNew(aside, lock);
  rmSync(aside, { force: true });
}

/** What the work gives, or undefined where it fails with this code of the system. */
function unless<Result>(code: string, work: () => Result): { result: Result } | undefined {
  try {
    return { result: work() };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== code) throw error;
    return undefined;
  }
}

/** Whether another process with this id runs. In a container a new process may well have the id of a dead one. */
export function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
