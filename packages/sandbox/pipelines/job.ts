import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { holds, overall, type Result } from "./conditions";
import type { Scope } from "./evaluate";
import { ACCESS_TOKEN, jobVariables, type Folders } from "./predefined";
import { runStep, stepName, type StepContext, type StepRecord } from "./step";
import type { Job } from "./structure";
import { Variables } from "./variables";

export interface JobRecord {
  readonly name: string;
  readonly result: Result;
  readonly steps: readonly StepRecord[];
  readonly outputs: Readonly<Record<string, string>>;
}

export const skippedJob = (name: string): JobRecord => ({
  name,
  result: "Skipped",
  steps: [],
  outputs: {},
});

/** Runs the steps of a job one after another in folders of its own. */
export async function runJob(
  job: Job,
  stage: string,
  declared: Variables,
  context: Omit<StepContext, "folders" | "variables" | "outputs">,
): Promise<JobRecord> {
  const { agent, facts, log } = context;
  const folders = makeFolders(join(agent.work, String(facts.buildId), `${stage}.${job.name}`));
  const variables = new Variables(declared);
  variables.setAll(jobVariables(folders, { stage, job: job.name }));
  variables.set(ACCESS_TOKEN, agent.accessToken, true);
  const outputs: Record<string, string> = {};
  const hidden = (text: string) => log(mask(text, variables.secrets()));
  const inside = { ...context, folders, variables, outputs, log: hidden };
  const steps: StepRecord[] = [];
  let status: Result = "Succeeded";
  for (const step of job.steps) {
    variables.set("Agent.JobStatus", status);
    const names: Scope["names"] = { variables: variables.lookup() };
    const skip = !step.enabled || !holds(step.condition, names, { job: status });
    const record: StepRecord = skip
      ? { name: variables.expand(stepName(step)), result: "Skipped" }
      : await runStep(step, inside);
    log(`${record.result.padEnd(20)} ${stage}.${job.name}: ${record.name}\n`);
    steps.push(record);
    status = overall([status, record.result]);
  }
  return { name: job.name, result: status, steps, outputs };
}

function makeFolders(workspace: string): Folders {
  const folders = {
    workspace,
    sources: join(workspace, "s"),
    artifacts: join(workspace, "a"),
    temporary: join(workspace, "_temp"),
  };
  for (const folder of Object.values(folders)) mkdirSync(folder, { recursive: true });
  return folders;
}

/** Secrets never reach a log, as on an agent. */
function mask(text: string, secrets: readonly string[]): string {
  return secrets.reduce((masked, secret) => masked.replaceAll(secret, "***"), text);
}
