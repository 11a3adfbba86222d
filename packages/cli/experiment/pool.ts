import { Worker, WorkerError } from "./worker";
import type { WorkerSettings } from "./worker";

/**
 * Work through tasks with at most `parallel` Python processes. The first error ends it: no further task is
 * begun; what is under way ends by itself, since it is paid for, save where the connection is wrong.
 */
export async function runTasks<Task>({
  tasks,
  parallel,
  settings,
  work,
  signal,
}: {
  tasks: readonly Task[];
  parallel: number;
  settings: WorkerSettings;
  work: (worker: Worker, task: Task) => Promise<void>;
  /** Ends every process at once. */
  signal: AbortSignal;
}): Promise<void> {
  const queue = [...tasks];
  const workers = new Set<Worker>();
  let failure: unknown;
  const killAll = () => workers.forEach((worker) => worker.kill());
  signal.addEventListener("abort", killAll);

  const slot = async () => {
    const worker = new Worker(settings);
    workers.add(worker);
    try {
      for (let task = queue.shift(); task !== undefined; task = queue.shift()) {
        if (failure !== undefined || signal.aborted) return;
        await work(worker, task);
      }
    } catch (error) {
      failure ??= error;
      if (error instanceof WorkerError && error.kind === "connection") killAll();
    } finally {
      workers.delete(worker);
      worker.close();
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(parallel, tasks.length) }, slot));
  } finally {
    signal.removeEventListener("abort", killAll);
  }
  if (failure !== undefined) throw failure;
}
