import { join } from "node:path";
import { CommandError, EXIT } from "../exit";
import { giveBack, takeLock } from "../lock";

/**
 * Take a sandbox's folder for this process; the returned function gives it back. Two processes that each
 * keep the simulated Azure would write over what the other one made. A process that was killed holds
 * nothing. Beside a process that serves the simulated Azure, one other may use the `engine`.
 */
export function occupy(directory: string, what: "process" | "engine" = "process"): () => void {
  const file = join(directory, what);
  const owner = takeLock(file);
  if (owner === undefined) return () => giveBack(file);
  throw new CommandError(
    `another command (process ${owner}) is using ${directory}; wait for it to end, or stop it`,
    EXIT.failed,
  );
}
