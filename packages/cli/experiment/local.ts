import path from "node:path";
import { ProblemsError } from "../../../config/problem";
import { ChunkStore } from "./chunks";
import { readConnections } from "./connections";
import type { ConnectionValues } from "./connections";
import { located } from "./located";
import type { Place, RunOptions, Task } from "./place";
import { runCounted } from "./pool";
import { connectionProblems, copyFlow } from "./prepare";
import type { Prepared } from "./prepare";

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
  connections: ConnectionValues,
  tasks: readonly Task[],
): Promise<void> {
  const folder = copyFlow(options.root, prepared.experiment.flow);
  await runCounted({
    options,
    what: options.flow,
    lines: tasks.reduce((sum, { chunk }) => sum + chunk.lines, 0),
    requirements: [path.join(folder, "requirements.txt")],
    connections,
    tasks,
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
}
