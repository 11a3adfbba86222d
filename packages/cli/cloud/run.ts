import { setMaxListeners } from "node:events";
import { loadExperiment } from "../../../config/readExperiment";
import { CommandError, EXIT } from "../exit";
import { runExperiment } from "../experiment/execute";
import type { OpenPlace, RunOptions, Task } from "../experiment/place";
import { located, MEND } from "../experiment/located";
import { keyRuns, prepareExperiment } from "../experiment/prepare";
import type { KeyedRun, Prepared } from "../experiment/prepare";
import type { RunEntry } from "../experiment/results";
import { WorkerError } from "../experiment/worker";
import { explained } from "../openWorkspace";
import { workspaceConnections } from "./connections";
import { fetchRegistered } from "./datasets";
import { JobInputs } from "./inputs";
import { isLive, jobBody } from "./job";
import type { FoundJob } from "./jobs";
import { Jobs } from "./jobs";
import { jobPlace, openStack } from "./place";
import type { CloudStack, JobPlace } from "./place";
import { CloudResults } from "./results";

/** Run an experiment as jobs of the environment's workspace, one for each run. Leaves what a local run leaves. */
export async function runInCloud(options: RunOptions): Promise<RunEntry[]> {
  // Every job waits for the same signal.
  setMaxListeners(0, options.signal);
  return explained(async () => {
    const stack = await openForExperiment(options);
    return runExperiment(options, cloudPlace(stack));
  });
}

/** Stop the jobs of an experiment as it is now. What they have finished stays. Returns their names. */
export async function cancelInCloud(options: RunOptions): Promise<string[]> {
  return explained(async () => {
    const { root, flow, env, say } = options;
    const stack = await openForExperiment(options);
    const prepared = prepareExperiment(root, flow, env);
    const { addresses } = await connectionsOf(stack, prepared);
    const { runs } = await keyRuns({ ...options, prepared, addresses });
    const jobs = new Jobs(stack.azure, stack.workspace.id, flow);
    const cancelled: string[] = [];
    for (const { key } of runs) {
      const job = await jobs.last(key);
      if (job === undefined || !isLive(job.status)) continue;
      await jobs.cancel(job.name);
      say(`cancelled ${job.name}`);
      cancelled.push(job.name);
    }
    return cancelled;
  });
}

async function openForExperiment({ root, flow, env, say }: RunOptions): Promise<CloudStack> {
  const { experiment } = loadExperiment(root, flow, env);
  const stack = await openStack(root, env);
  if (experiment !== undefined) await fetchRegistered({ ...stack, root, env, experiment, say });
  return stack;
}

async function connectionsOf({ azure, workspace }: CloudStack, prepared: Prepared) {
  const connections = await workspaceConnections(azure, workspace.id, prepared);
  return {
    connections,
    addresses: Object.fromEntries(connections.map(({ name, ...fields }) => [name, fields])),
  };
}

function cloudPlace(stack: CloudStack): OpenPlace {
  return async (options, prepared) => {
    const { connections, addresses } = await connectionsOf(stack, prepared);
    const place = await jobPlace(stack, options.flow);
    const { azure, workspace } = stack;
    const { flow } = prepared.experiment;
    const inputs = new JobInputs(azure, workspace, options, flow, connections);
    const results = new CloudResults(azure, workspace, options.flow);
    const jobs = new Jobs(azure, workspace.id, options.flow);
    const work = new CloudWork(options, prepared, place, { inputs, results, jobs });
    return { addresses, runChunks: (tasks) => work.runChunks(tasks) };
  };
}

/** The work of one experiment in the cloud. */
class CloudWork {
  constructor(
    private readonly options: RunOptions,
    private readonly prepared: Prepared,
    private readonly place: JobPlace,
    private readonly parts: { inputs: JobInputs; results: CloudResults; jobs: Jobs },
  ) {}

  /** All jobs run side by side, as many as the compute has nodes for. What fails is told when all have ended. */
  async runChunks(tasks: readonly Task[]): Promise<void> {
    const runs = [...new Set(tasks.map(({ run }) => run))];
    const ends = await Promise.allSettled(
      runs.map((run) =>
        this.run(
          run,
          tasks.filter((task) => task.run === run),
        ),
      ),
    );
    const failure = ends.find((end) => end.status === "rejected");
    if (failure !== undefined) throw failure.reason;
  }

  private async run(run: KeyedRun, tasks: readonly Task[]): Promise<void> {
    const { jobs } = this.parts;
    const before = await jobs.last(run.key);
    const live = before !== undefined && isLive(before.status);
    const missing = live
      ? tasks
      : await this.fetch(tasks, { unlessFailed: this.options.retryFailed });
    if (missing.length === 0) {
      this.options.say(`${run.name}: done in the cloud before`);
      return;
    }
    const job = live ? before : await this.submit(run, missing, (before?.attempt ?? 0) + 1);
    const ended = await jobs.ended(run.key, job, {
      signal: this.options.signal,
      onStatus: (now) => this.options.say(`${run.name}: job ${now.name} ${now.status}`),
    });
    const left = await this.fetch(missing);
    if (left.length > 0) throw await this.failure(run, ended, left);
  }

  private async submit(run: KeyedRun, tasks: readonly Task[], attempt: number): Promise<FoundJob> {
    const { flow, env } = this.options;
    const { inputs, results, jobs } = this.parts;
    const addresses = await inputs.send(run, tasks, attempt);
    const job = await jobs.submit(
      run.key,
      attempt,
      jobBody({
        ...this.place,
        displayName: run.name,
        experimentName: this.prepared.experiment.name,
        tags: { flow, environment: env, run: run.name },
        inputs: addresses,
        results: inputs.uri(results.path(run.key)),
      }),
    );
    if (job.studio !== undefined) this.options.say(`${run.name}: ${job.studio}`);
    return job;
  }

  /** Brings chunks here. Returns those that are not in the cloud. */
  private async fetch(
    tasks: readonly Task[],
    options?: { unlessFailed: boolean },
  ): Promise<Task[]> {
    const missing: Task[] = [];
    for (const task of tasks) {
      if (!(await this.parts.results.fetch(task, options))) missing.push(task);
    }
    return missing;
  }

  private async failure(run: KeyedRun, job: FoundJob, left: readonly Task[]): Promise<unknown> {
    const lines = left.reduce((sum, { chunk }) => sum + chunk.lines, 0);
    const told = await this.parts.results.failure(run.key, job.attempt);
    const where = `${run.name}, job ${job.name}`;
    if (told instanceof WorkerError) return located(told, this.prepared, where, MEND.cloud);
    return new CommandError(
      `${where} ended as ${job.status} with ${lines} lines to do; its log says why${
        job.studio === undefined ? "" : `: ${job.studio}`
      }\nThe same command runs what is left in another job.`,
      EXIT.failed,
    );
  }
}
