import type { ConnectionValues } from "./connections";
import { Counter } from "./counter";
import type { RunOptions } from "./place";
import { managedPython } from "./python";
import { Worker, WorkerError } from "./worker";
import type { WorkerSettings } from "./worker";

/** Work through tasks in the Python that `requirements` describe, with the lines done so far on the terminal. */
export async function runCounted<Task>({
  options,
  what,
  lines,
  requirements,
  connections,
  tasks,
  work,
}: {
  options: Pick<RunOptions, "root" | "parallel" | "concurrency" | "lineSeconds" | "signal" | "say">;
  /** What the terminal calls it. */
  what: string;
  /** Of all tasks. */
  lines: number;
  requirements: readonly string[];
  connections: ConnectionValues;
  tasks: readonly Task[];
  work: (worker: Worker, task: Task) => Promise<void>;
}): Promise<void> {
  const { root, parallel, concurrency, lineSeconds, signal, say } = options;
  const python = await managedPython({ root, requirements, say });
  const counter = new Counter(what, lines);
  const settings: WorkerSettings = {
    python,
    root,
    connections: connections.values,
    secrets: connections.secrets,
    concurrency,
    lineSeconds,
    onLine: (failed) => counter.line(failed),
    onWait: (text) => counter.wait(text),
  };
  try {
    await runTasks({ tasks, parallel, signal, settings, work });
  } finally {
    counter.end();
  }
}

/**
 * Work through tasks with at most `parallel` Python processes. The first error ends it: no further task is
 * begun; what is under way ends by itself, since it is paid for, save where the connection is wrong.
 */
async function runTasks<Task>({
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
