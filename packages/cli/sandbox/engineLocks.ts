import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Stack } from "@pulumi/pulumi/automation";
import { CommandError, EXIT } from "../exit";
import { isRunning } from "../lock";

/**
 * Give up the lock of an engine that was killed: nobody else works on this state, and the command that the
 * engine names, `pulumi cancel`, does not know of it. An engine that still runs keeps its lock.
 */
export async function releaseLocks(
  stack: Pick<Stack, "cancel">,
  stateFolder: string,
  project: string,
  stackName: string,
): Promise<void> {
  const folder = join(stateFolder, ".pulumi/locks/organization", project, stackName);
  const locks = existsSync(folder)
    ? readdirSync(folder).filter((file) => file.endsWith(".json"))
    : [];
  if (locks.length === 0) return;
  for (const lock of locks) {
    const { pid } = JSON.parse(readFileSync(join(folder, lock), "utf8")) as { pid: number };
    if (!isRunning(pid)) continue;
    throw new CommandError(
      `the engine of a command that was killed still works on ${stackName} (process ${pid}); ` +
        "wait for it to end, or stop it",
      EXIT.failed,
    );
  }
  await stack.cancel();
}
