import { PipelineError, type Value } from "./value";

/** What a run knows about where it came from. */
export interface RunFacts {
  readonly buildId: number;
  readonly reason: "IndividualCI" | "PullRequest" | "Schedule" | "Manual";
  /** Full ref; of a pull request its merge, `refs/pull/7/merge`. */
  readonly sourceBranch: string;
  readonly commit: string;
  /** E-mail of who caused the run. */
  readonly requestedFor: string;
  readonly pullRequest?: { readonly id: number; readonly source: string; readonly target: string };
  readonly definition: string;
  readonly project: string;
  readonly repository: { readonly id: string; readonly name: string };
  /** Address of the organisation. */
  readonly organisation: string;
}

/** Folders of a job on its agent. */
export interface Folders {
  readonly workspace: string;
  readonly sources: string;
  readonly artifacts: string;
  readonly temporary: string;
}

/**
 * Predefined variables: learn.microsoft.com/azure/devops/pipelines/build/variables. Those of a run that
 * templates know stand in the first list; the second is known when a job runs.
 */
function templateVariables(facts: RunFacts): Readonly<Record<string, string>> {
  return {
    "Build.BuildId": String(facts.buildId),
    "Build.BuildNumber": String(facts.buildId),
    "Build.DefinitionName": facts.definition,
    "Build.Reason": facts.reason,
    "Build.Repository.ID": facts.repository.id,
    "Build.Repository.Name": facts.repository.name,
    "Build.RequestedForEmail": facts.requestedFor,
    "Build.SourceBranch": facts.sourceBranch,
    "Build.SourceBranchName": facts.sourceBranch.split("/").at(-1) ?? "",
    "Build.SourceVersion": facts.commit,
    "System.CollectionUri": `${facts.organisation}/`,
    "System.TeamProject": facts.project,
  };
}

export function runVariables(facts: RunFacts): Readonly<Record<string, string>> {
  const { pullRequest } = facts;
  return {
    ...templateVariables(facts),
    ...(pullRequest && {
      "System.PullRequest.PullRequestId": String(pullRequest.id),
      "System.PullRequest.SourceBranch": pullRequest.source,
      "System.PullRequest.TargetBranch": pullRequest.target,
    }),
  };
}

export function jobVariables(
  folders: Folders,
  names: { readonly stage: string; readonly job: string },
): Readonly<Record<string, string>> {
  return {
    "Agent.TempDirectory": folders.temporary,
    "Build.ArtifactStagingDirectory": folders.artifacts,
    "Build.SourcesDirectory": folders.sources,
    "Pipeline.Workspace": folders.workspace,
    "System.DefaultWorkingDirectory": folders.sources,
    "System.JobAttempt": "1",
    "System.JobName": names.job,
    "System.StageAttempt": "1",
    "System.StageName": names.stage,
  };
}

/** Predefined, secret, and in a script only where it is handed over by name. */
export const ACCESS_TOKEN = "System.AccessToken";

/**
 * The `variables` of a template expression. What a definition stores is not among them: templates are
 * expanded before those values are there (process/template-expressions, "Context").
 */
export function templateLookup(
  facts: RunFacts,
  stored: readonly string[],
): (name: string) => Value {
  const known = templateVariables(facts);
  return (name) => {
    const same = (other: string) => other.toLowerCase() === name.toLowerCase();
    const found = Object.keys(known).find(same);
    if (found !== undefined) return known[found] ?? null;
    throw new PipelineError(
      stored.some(same)
        ? `variable ${name} is stored on the pipeline and not known to template expressions`
        : `variable ${name} is not known to template expressions`,
    );
  };
}
