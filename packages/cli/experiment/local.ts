import path from "node:path";
import { ProblemsError } from "../../../config/problem";
import { ChunkStore } from "./chunks";
import { readConnections } from "./connections";
import { Counter } from "./counter";
import { located } from "./located";
import type { Place, RunOptions, Task } from "./place";
import { runTasks } from "./pool";
import { connectionProblems, copyFlow } from "./prepare";
import type { Prepared } from "./prepare";
import { managedPython } from "./python";

/** Python processes of this machine, with the connections of `.env` and the environment. */
export async function localPlace(options: RunOptions, prepared: Prepared): Promise<Place> {
  const connections = readConnections(options.root, prepared.experiment.connections, process.env);
  const problems = connectionProblems(prepared, connections);
  if (problems.length > 0) throw new ProblemsError(problems);
  return {
    addresses: connections.addresses,
    runChunks: (tasks) => runChunks(options, prepared, connections, tasks),
  };
}

async function runChunks(
  options: RunOptions,
  prepared: Prepared,
  connections: ReturnType<typeof readConnections>,
  tasks: readonly Task[],
): Promise<void> {
  const { root, say, signal } = options;
  const folder = copyFlow(root, prepared.experiment.flow);
  const python = await managedPython({
    root,
    requirements: [path.join(folder, "requirements.txt")],
    say,
  });
  const total = tasks.reduce((sum, { chunk }) => sum + chunk.lines, 0);
  const counter = new Counter(options.flow, total);
  try {
    await runTasks({
      tasks,
      parallel: options.parallel,
      signal,
      settings: {
        python,
        root,
        connections: connections.values,
        secrets: connections.secrets,
        concurrency: options.concurrency,
        lineSeconds: options.lineSeconds,
        onLine: (failed) => counter.line(failed),
        onWait: (text) => counter.wait(text),
      },
      work: async (worker, { run, chunk }) => {
        const store = new ChunkStore(run.folder);
        try {
          await worker.run({
            flow: folder,
            variant: run.variant,
            parameters: run.parameters,
            inputs: { data: chunk.file },
            mapping: run.dataset.mappings,
            out: store.begin(chunk),
            run: `${run.name}.${chunk.name}`,
          });
          await store.finish(chunk);
        } catch (error) {
          const lines = `lines ${chunk.from + 1} to ${chunk.from + chunk.lines}`;
          throw located(error, prepared, `${run.name}, ${lines}`);
        }
      },
    });
  } finally {
    counter.end();
  }
}
