import { CommandError, EXIT } from "./exit";

/**
 * Do work that Ctrl-C or SIGTERM aborts. `stopped` is what is then said of it, with exit code 1;
 * without it, being stopped is how the work ends, and no fault.
 */
export async function interruptible<Result>(
  work: (signal: AbortSignal) => Promise<Result>,
  stopped?: string,
): Promise<Result> {
  const controller = new AbortController();
  const stop = () => controller.abort();
  process.once("SIGINT", stop).once("SIGTERM", stop);
  try {
    return await work(controller.signal);
  } catch (error) {
    if (stopped === undefined || !controller.signal.aborted) throw error;
    throw new CommandError(stopped, EXIT.failed);
  } finally {
    process.off("SIGINT", stop).off("SIGTERM", stop);
  }
}
