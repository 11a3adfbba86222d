import * as azuredevops from "@pulumi/azuredevops";
import type * as pulumi from "@pulumi/pulumi";
import { PIPELINE_VARIABLES } from "../../config/devopsNames";
import type { DevOpsSettings } from "../../config/devopsSettings";
import type { Agents } from "./agents";
import { branchScopes } from "./branchPolicies";
import { numericId } from "./numericId";
import type { Project } from "./project";
import type { Repository } from "./repository";

/** What a pipeline may use: nothing else is opened to it. */
export interface Protected {
  readonly type: "endpoint" | "environment" | "queue" | "variablegroup";
  readonly id: pulumi.Input<string>;
}

/** By a stable key. */
export type ProtectedByKey = Readonly<Record<string, Protected>>;

/** What the pipelines of one environment have in common. */
export interface PipelineBase {
  readonly stack: string;
  readonly project: Project;
  readonly repository: Repository;
  readonly settings: Pick<DevOpsSettings, "branches" | "policies" | "state">;
}

/** What the pipelines of unreviewed code, or of reviewed code, run on and may use. */
export interface PipelineRights {
  /** Required. What runs its jobs. */
  readonly agents: Agents;
  /** Required. What it may use, its agents beside. */
  readonly opened: ProtectedByKey;
  /** Optional. Variable groups whose variables all of its jobs have. @default those that its YAML names */
  readonly variableGroups?: readonly pulumi.CustomResource[];
}

export interface PipelineArgs extends PipelineRights {
  /** Required. Unique in its folder. */
  readonly pipelineName: string;
  readonly folder: pulumi.Input<string>;
  /** Required. Path of its YAML in the repository. */
  readonly yaml: string;
  /** Conditional. The flow that it is for. @default - the whole environment */
  readonly flow?: string;
  /** Optional. Paths whose push to one of the environment's branches starts it. @default - no push does */
  readonly pushedPaths?: readonly string[];
  /** Optional. Hour (UTC) at which it starts every night. @default - never */
  readonly nightlyHour?: number;
}

/** Declares a pipeline and opens to it, and to no other by it, what it uses. */
export function createPipeline(
  name: string,
  base: PipelineBase,
  args: PipelineArgs,
  opts: pulumi.CustomResourceOptions,
): azuredevops.BuildDefinition {
  const { project, repository, settings } = base;
  const { agents } = args;
  const pipeline = new azuredevops.BuildDefinition(
    name,
    {
      projectId: project.id,
      name: args.pipelineName,
      path: args.folder,
      agentPoolName: agents.pool,
      ...(agents.image ? { agentSpecification: agents.image } : {}),
      jobAuthorizationScope: "project",
      repository: {
        repoType: "TfsGit",
        repoId: repository.id,
        branchName: `refs/heads/${usualBranch(settings.branches)}`,
        ymlPath: args.yaml,
        reportBuildStatus: true,
      },
      ...triggers(settings.branches, args),
      variables: variables(base, args),
      ...(args.variableGroups?.length
        ? { variableGroups: args.variableGroups.map(numericId) }
        : {}),
      features: [{ skipFirstRun: true }],
    },
    { ...opts, dependsOn: [...repository.content] },
  );
  const opened: ProtectedByKey = {
    ...(agents.queueId ? { agents: { type: "queue", id: agents.queueId } } : {}),
    ...args.opened,
  };
  for (const [key, { type, id }] of Object.entries(opened)) {
    new azuredevops.PipelineAuthorization(
      `${name}.${key}`,
      { projectId: project.id, pipelineId: numericId(pipeline), type, resourceId: id },
      opts,
    );
  }
  return pipeline;
}

/** A pull request into one of the environment's branches must pass the pipeline. */
export function requirePipeline(
  name: string,
  { project, repository, settings }: PipelineBase,
  pipeline: azuredevops.BuildDefinition,
  { displayName, paths }: { readonly displayName: string; readonly paths?: readonly string[] },
  opts: pulumi.CustomResourceOptions,
): void {
  new azuredevops.BranchPolicyBuildValidation(
    name,
    {
      projectId: project.id,
      enabled: true,
      blocking: true,
      settings: {
        scopes: branchScopes(repository, settings.branches),
        buildDefinitionId: numericId(pipeline),
        displayName,
        ...(paths ? { filenamePatterns: [...paths] } : {}),
        manualQueueOnly: false,
        queueOnSourceUpdateOnly: true,
        validDuration: settings.policies.validMinutes,
      },
    },
    { ...opts, dependsOn: [...repository.content] },
  );
}

/** The branch that a pipeline takes when nobody names one. */
function usualBranch(branches: readonly string[]): string {
  return branches.find((branch) => !branch.endsWith("*")) ?? "main";
}

/** Triggers stand here and not in the YAML, which every flow and environment shares. */
function triggers(branches: readonly string[], { pushedPaths, nightlyHour }: PipelineArgs) {
  const usual = [{ includes: [usualBranch(branches)] }];
  return {
    ...(pushedPaths
      ? {
          ciTrigger: {
            override: {
              batch: true,
              branchFilters: [{ includes: [...branches] }],
              pathFilters: [{ includes: [...pushedPaths] }],
              maxConcurrentBuildsPerBranch: 1,
            },
          },
        }
      : {}),
    ...(nightlyHour === undefined
      ? {}
      : {
          schedules: [
            {
              branchFilters: usual,
              daysToBuilds: ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
              startHours: nightlyHour,
              startMinutes: 0,
              timeZone: "(UTC) Coordinated Universal Time",
              scheduleOnlyWithChanges: false,
            },
          ],
        }),
  };
}

function variables({ stack, settings: { state } }: PipelineBase, { flow }: PipelineArgs) {
  const values: Readonly<Record<keyof typeof PIPELINE_VARIABLES, string | undefined>> = {
    environment: stack,
    flow,
    state: state && `azblob://${state.container}?storage_account=${state.storageAccount}`,
  };
  return Object.entries(PIPELINE_VARIABLES).flatMap(([key, name]) => {
    const value = values[key as keyof typeof PIPELINE_VARIABLES];
    return value === undefined ? [] : [{ name, value, allowOverride: false, isSecret: false }];
  });
}
