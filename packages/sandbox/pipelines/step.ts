import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { signInOf } from "../devops/signIn";
import type { World } from "../devops/type";
import type { Agent } from "./agent";
import type { Result } from "./conditions";
import type { Folders, RunFacts } from "./predefined";
import { findUsed } from "./resources";
import { runScript } from "./script";
import type { Step } from "./structure";
import { taskInputs, type TaskInputs } from "./tasks";
import type { Variables } from "./variables";

/** What a step leaves behind. */
export interface StepRecord {
  readonly name: string;
  readonly result: Result;
  /** What it ran; absent where nothing could run. */
  readonly script?: string;
  /** A task that only exists on an agent, with its checked inputs. */
  readonly notRun?: { readonly task: string; readonly inputs: TaskInputs };
  /** A published artifact, by name: the path on the agent. */
  readonly artifact?: { readonly name: string; readonly path: string };
}

/** What the steps of a job share. */
export interface StepContext {
  readonly world: World;
  readonly agent: Agent;
  readonly facts: RunFacts;
  readonly projectId: unknown;
  readonly folders: Folders;
  readonly variables: Variables;
  /** Output variables, `<step>.<name>`. */
  readonly outputs: Record<string, string>;
  readonly log: (text: string) => void;
}

export function stepName(step: Step): string {
  if (step.displayName !== undefined) return step.displayName;
  return "script" in step
    ? (step.script.split("\n")[0] ?? "")
    : "task" in step
      ? step.task
      : "checkout";
}

export async function runStep(step: Step, context: StepContext): Promise<StepRecord> {
  const { agent, facts, folders, variables } = context;
  const name = variables.expand(stepName(step));
  if ("checkout" in step) {
    if (step.checkout === "self") await agent.checkout(folders.sources, facts);
    return { name, result: "Succeeded" };
  }
  if ("script" in step) {
    const env = expandAll(step.env, variables);
    return script(step, name, variables.expand(step.script), env, step.workingDirectory, context);
  }
  const inputs = taskInputs(step.task, expandAll(step.inputs, variables));
  switch (step.task) {
    case "AzureCLI@2":
      return azureCli(step, name, inputs, context);
    case "PublishPipelineArtifact@1":
      return publish(step.task, name, inputs, context);
    default:
      return { name, result: "Succeeded", notRun: { task: step.task, inputs } };
  }
}

function expandAll(texts: Readonly<Record<string, string>>, variables: Variables) {
  return Object.fromEntries(
    Object.entries(texts).map(([name, text]) => [name, variables.expand(text)]),
  );
}

async function script(
  step: Step,
  name: string,
  text: string,
  env: Readonly<Record<string, string>>,
  workingDirectory: string | undefined,
  context: StepContext,
): Promise<StepRecord> {
  const { agent, folders, variables, outputs, log } = context;
  const done = await runScript({
    script: text,
    folder: resolve(folders.sources, variables.expand(workingDirectory ?? ".")),
    temporary: folders.temporary,
    environment: { ...agent.environment, ...variables.environment(), TF_BUILD: "True", ...env },
  });
  for (const { name: variable, value, output, secret } of done.set) {
    variables.set(variable, value, secret);
    if (output && step.name !== undefined) outputs[`${step.name}.${variable}`] = value;
  }
  log(done.text);
  const failed = step.continueOnError ? "SucceededWithIssues" : "Failed";
  return { name, script: text, result: done.exitCode === 0 ? "Succeeded" : failed };
}

/** The task's script under the sandbox's login: what `addSpnToEnvironment` hands over, and nothing of `az`. */
async function azureCli(
  step: Step,
  name: string,
  inputs: TaskInputs,
  context: StepContext,
): Promise<StepRecord> {
  const { world, projectId, agent, variables, log } = context;
  const { thing } = findUsed(world, projectId, "endpoint", String(inputs.azureSubscription));
  const refused = signInOf(world, thing);
  if (refused !== undefined) {
    log(`login failed: ${refused}\n`);
    return { name, result: "Failed" };
  }
  const { credentials, azurermSpnTenantid } = thing.properties;
  const idToken = agent.federatedToken(thing);
  variables.set("agent.idToken", idToken, true);
  const env = {
    servicePrincipalId: (credentials as { serviceprincipalid: string }).serviceprincipalid,
    idToken,
    tenantId: String(azurermSpnTenantid),
  };
  const handed = inputs.addSpnToEnvironment === "true" ? env : {};
  return script(step, name, String(inputs.inlineScript), handed, inputs.workingDirectory, context);
}

function publish(task: string, name: string, inputs: TaskInputs, context: StepContext): StepRecord {
  const path = resolve(context.folders.sources, String(inputs.targetPath));
  if (!existsSync(path)) {
    context.log(`there is nothing to publish at ${inputs.targetPath}\n`);
    return { name, result: "Failed" };
  }
  return {
    name,
    result: "Succeeded",
    notRun: { task, inputs },
    artifact: { name: inputs.artifact ?? "", path },
  };
}
