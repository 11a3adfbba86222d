import type { Stored } from "../devops/state";
import type { World } from "../devops/type";
import type { Json } from "../paths";
import type { Agent } from "./agent";
import { checksOf, pass, type Ask } from "./checks";
import { holds, overall, resultsBefore, type Result } from "./conditions";
import type { Scope } from "./evaluate";
import { runJob, skippedJob, type JobRecord } from "./job";
import type { Locks } from "./locks";
import { runVariables, templateLookup, type RunFacts } from "./predefined";
import { closedTo, findUsed, nameOf, usedBy } from "./resources";
import { structureOf, type Pipeline, type Stage, type Variable } from "./structure";
import { expand, type Source } from "./template";
import type { Value } from "./value";
import { runtimeValue, Variables } from "./variables";

export interface StageRecord {
  readonly name: string;
  readonly result: Result;
  /** Why it did not start. */
  readonly why?: string;
  readonly jobs: readonly JobRecord[];
}

export interface Run {
  readonly facts: RunFacts;
  readonly result: Result;
  readonly stages: readonly StageRecord[];
  readonly log: string;
  /** Simulated minutes that stages waited for people. */
  readonly minutes: number;
}

export interface RunOptions {
  readonly world: World;
  readonly definition: Stored;
  readonly facts: RunFacts;
  readonly source: Source;
  readonly agent: Agent;
  readonly locks: Locks;
  readonly ask: Ask;
  /** Given when the run is queued. */
  readonly parameters?: Readonly<Record<string, Value>>;
}

interface DefinitionVariable {
  readonly name: string;
  readonly value?: string;
  readonly isSecret?: boolean;
}

/** Expanded and checked, before anything runs. */
export function loadPipeline({
  definition,
  facts,
  source,
  parameters,
}: Omit<RunOptions, "agent" | "locks" | "ask" | "world">): {
  readonly pipeline: Pipeline;
  readonly files: readonly string[];
} {
  const file = String((definition.properties.repository as Json).ymlPath);
  const stored = (definition.properties.variables ?? []) as DefinitionVariable[];
  const variables = templateLookup(
    facts,
    stored.map(({ name }) => name),
  );
  const expanded = expand({ source, file, variables, ...(parameters && { parameters }) });
  return { pipeline: structureOf(file, expanded.pipeline), files: expanded.files };
}

/** Runs a declared pipeline, stage after stage: learn.microsoft.com/azure/devops/pipelines/process/runs. */
export async function runPipeline(options: RunOptions): Promise<Run> {
  const { definition, facts } = options;
  const { pipeline } = loadPipeline(options);
  const variables = new Variables();
  variables.setAll(runVariables(facts));
  for (const { name, value, isSecret } of (definition.properties.variables ??
    []) as DefinitionVariable[])
    variables.set(name, value ?? "", isSecret === true);
  const inside = new StageRunner(options, pipeline, variables);
  for (const stage of pipeline.stages) await inside.run(stage);
  return {
    facts,
    result: overall(inside.records.map(({ result }) => result)),
    stages: inside.records,
    log: inside.log,
    minutes: inside.minutes,
  };
}

class StageRunner {
  readonly records: StageRecord[] = [];
  log = "";
  minutes = 0;
  readonly #results = new Map<string, Result>();

  constructor(
    private readonly options: RunOptions,
    private readonly pipeline: Pipeline,
    private readonly variables: Variables,
  ) {}

  async run(stage: Stage): Promise<void> {
    const record = await this.#record(stage);
    this.records.push(record);
    this.#results.set(stage.name, record.result);
    const why = record.why === undefined ? "" : ` (${record.why})`;
    this.log += `${record.result.padEnd(20)} ${stage.name}${why}\n`;
  }

  async #record(stage: Stage): Promise<StageRecord> {
    const { world, definition, facts, ask, locks } = this.options;
    const { projectId } = definition.properties;
    const none = (result: Result, why: string): StageRecord => ({
      name: stage.name,
      result,
      why,
      jobs: [],
    });
    const before = resultsBefore(stage, this.pipeline.stages, this.#results);
    if (!holds(stage.condition, this.#names(this.variables, stage.dependsOn), before))
      return none("Skipped", "condition");
    const used = usedBy(world, projectId, this.pipeline, stage);
    const closed = closedTo(world, definition.id, used);
    if (closed.length > 0)
      return none("Failed", `not opened to the pipeline: ${closed.map(nameOf).join(", ")}`);
    const passed = pass(world, facts, stage.name, used, ask);
    this.minutes += passed.minutes;
    if (!passed.passed) return none(passed.skipped ? "Skipped" : "Failed", passed.why);
    const keys = checksOf(world, "CheckExclusiveLock", used).map(({ check }) => check.id);
    const held: string[] = [];
    try {
      for (const key of keys) {
        if (!(await locks.take(key, stage.lockBehavior)))
          return none("Canceled", "a later run took its place before the lock");
        held.push(key);
      }
      const jobs = await this.#jobs(stage);
      return { name: stage.name, result: overall(jobs.map(({ result }) => result)), jobs };
    } finally {
      for (const key of held) locks.release(key);
    }
  }

  async #jobs(stage: Stage): Promise<JobRecord[]> {
    const { world, definition, facts, agent } = this.options;
    const { projectId } = definition.properties;
    const base = this.#declared(
      this.variables,
      [...this.pipeline.variables, ...stage.variables],
      {},
    );
    const records: JobRecord[] = [];
    for (const job of stage.jobs) {
      const results = new Map(records.map(({ name, result }) => [name, result]));
      const dependencies = Object.fromEntries(
        records
          .filter(({ name }) => job.dependsOn.includes(name))
          .map(({ name, result, outputs }) => [name, { result, outputs }]),
      );
      const names = { dependencies, stageDependencies: this.#jobsOf(stage.dependsOn) };
      const variables = this.#declared(base, job.variables, names);
      const scope = { ...names, variables: variables.lookup() };
      const wanted = holds(job.condition, scope, resultsBefore(job, stage.jobs, results));
      records.push(
        wanted
          ? await runJob(job, stage.name, variables, {
              world,
              agent,
              facts,
              projectId,
              log: (text) => void (this.log += text),
            })
          : skippedJob(job.name),
      );
    }
    return records;
  }

  /** Variables with those that a scope declares; of a linked group the names alone are known here. */
  #declared(outer: Variables, declared: readonly Variable[], names: Scope["names"]): Variables {
    const { world, definition } = this.options;
    const variables = new Variables(outer);
    for (const variable of declared) {
      if (!("group" in variable)) {
        const scope = { names: { ...names, variables: variables.lookup() } };
        variables.set(variable.name, runtimeValue(variable.value, scope));
        continue;
      }
      const { thing } = findUsed(
        world,
        definition.properties.projectId,
        "variablegroup",
        variable.group,
      );
      for (const { name, value, isSecret } of thing.properties.variables as DefinitionVariable[])
        if (value !== undefined) variables.set(name, value, isSecret === true);
    }
    return variables;
  }

  #jobsOf(stages: readonly string[]): { [stage: string]: Value } {
    return Object.fromEntries(
      this.records
        .filter(({ name }) => stages.includes(name))
        .map(({ name, jobs }) => [
          name,
          Object.fromEntries(
            jobs.map((job) => [job.name, { result: job.result, outputs: job.outputs }]),
          ),
        ]),
    );
  }

  /** What a stage's condition knows; outputs are `<job>.<step>.<variable>`. */
  #names(variables: Variables, dependsOn: readonly string[]): Scope["names"] {
    const dependencies = Object.fromEntries(
      this.records
        .filter(({ name }) => dependsOn.includes(name))
        .map(({ name, result, jobs }) => [
          name,
          {
            result,
            outputs: Object.fromEntries(
              jobs.flatMap((job) =>
                Object.entries(job.outputs).map(([key, value]) => [`${job.name}.${key}`, value]),
              ),
            ),
          },
        ]),
    );
    return { variables: variables.lookup(), dependencies };
  }
}
