import { resourceClass } from "./resource";
import type { Args, State } from "./shape";
import type {
  BuildDefinitionBuildCompletionTrigger,
  BuildDefinitionCiTrigger,
  BuildDefinitionFeature,
  BuildDefinitionJob,
  BuildDefinitionPullRequestTrigger,
  BuildDefinitionRepository,
  BuildDefinitionSchedule,
  BuildDefinitionVariable,
} from "./pipelineBlocks";

interface BuildDefinitionInputs {
  /**
   * Optional. Pool of jobs that name none in the YAML.
   * @default - Azure Pipelines
   */
  agentPoolName?: string;
  /**
   * Conditional. Image of a hosted agent, `ubuntu-latest`. Required if `repoType` is `Git`.
   * @default - what the YAML says
   */
  agentSpecification?: string;
  /**
   * Optional. Pipelines whose end starts this one.
   * @default - none
   */
  buildCompletionTriggers?: BuildDefinitionBuildCompletionTrigger[];
  /**
   * Optional. What a push starts.
   * @default - no run by a push
   */
  ciTrigger?: BuildDefinitionCiTrigger;
  /**
   * Optional. What happens around creation.
   * @default - the first run is skipped
   */
  features?: BuildDefinitionFeature[];
  /**
   * Optional. What a job's token reaches: `project` or `projectCollection`.
   * @default - projectCollection, the wider one: set it
   */
  jobAuthorizationScope?: string;
  /**
   * Optional. Jobs of a classic pipeline; only without `repository.ymlPath`.
   * @default - none: the YAML has them
   */
  jobs?: BuildDefinitionJob[];
  /**
   * Optional. Unique in its folder.
   * @default - the resource's name and a random suffix: set it
   */
  name?: string;
  /**
   * Optional. Folder, beginning with a backslash: `\flows\web-classification`.
   * @default - "\", the root
   */
  path?: string;
  /** Required. The project (UUID); a change replaces. */
  projectId: string;
  /**
   * Optional. What a pull request of GitHub or Bitbucket starts; with Azure Repos a branch policy
   * does that.
   * @default - no run by a pull request
   */
  pullRequestTrigger?: BuildDefinitionPullRequestTrigger;
  /**
   * Optional. `enabled`, `paused` (runs wait) or `disabled`.
   * @default - enabled
   */
  queueStatus?: string;
  /** Required. Where the YAML lies. */
  repository: BuildDefinitionRepository;
  /**
   * Optional. Times at which it runs; a schedule in the YAML takes precedence.
   * @default - none
   */
  schedules?: BuildDefinitionSchedule[];
  /**
   * Optional. Ids of variable groups linked to the whole pipeline.
   * @default - those that the YAML names
   */
  variableGroups?: number[];
  /**
   * Optional. Variables of the pipeline.
   * @default - those that the YAML names
   */
  variables?: BuildDefinitionVariable[];
}

interface BuildDefinitionAnswers {
  name: string;
  /** Grows with every change of the definition. */
  revision: number;
}

export type BuildDefinitionArgs = Args<BuildDefinitionInputs>;
export type BuildDefinitionState = State<BuildDefinitionInputs, BuildDefinitionAnswers>;

/** A pipeline. Its id is a number, as text. */
export class BuildDefinition extends resourceClass<BuildDefinitionInputs, BuildDefinitionAnswers>(
  "buildDefinition:BuildDefinition",
  {
    agentPoolName: "optional",
    agentSpecification: "optional",
    buildCompletionTriggers: "optional",
    ciTrigger: "optional",
    features: "optional",
    jobAuthorizationScope: "optional",
    jobs: "optional",
    name: "optional",
    path: "optional",
    projectId: "required",
    pullRequestTrigger: "optional",
    queueStatus: "optional",
    repository: "required",
    schedules: "optional",
    variableGroups: "optional",
    variables: "optional",
    revision: "computed",
  },
  { secrets: ["variables[].secretValue"] },
) {}

interface BuildFolderInputs {
  /**
   * Optional. Text shown with the folder.
   * @default - no description
   */
  description?: string;
  /** Required. Path, beginning with a backslash; folders above it are made too. */
  path: string;
  /** Required. The project (UUID); a change replaces. */
  projectId: string;
}

export type BuildFolderArgs = Args<BuildFolderInputs>;
export type BuildFolderState = State<BuildFolderInputs, unknown>;

/** A folder of pipelines. Destroying it deletes the pipelines in it. */
export class BuildFolder extends resourceClass<BuildFolderInputs>("buildFolder:BuildFolder", {
  description: "optional",
  path: "required",
  projectId: "required",
}) {}

interface PipelineAuthorizationInputs {
  /**
   * Optional. Id of the pipeline, 1 or more; a change replaces.
   * @default - all pipelines of the project, also those to come: set it
   */
  pipelineId?: number;
  /**
   * Optional. The project (UUID) of the pipeline, if another one; a change replaces.
   * @default - projectId
   */
  pipelineProjectId?: string;
  /** Required. The project (UUID) of the resource; a change replaces. */
  projectId: string;
  /**
   * Required. Id, as text, of what is opened; `<project id>.<repository id>` for a repository. A
   * change replaces.
   */
  resourceId: string;
  /**
   * Required. `endpoint`, `queue`, `variablegroup`, `environment` or `repository`; a change
   * replaces.
   */
  type: string;
}

export type PipelineAuthorizationArgs = Args<PipelineAuthorizationInputs>;
export type PipelineAuthorizationState = Partial<PipelineAuthorizationArgs>;

/** Opens a protected resource to a pipeline, so that its first run does not wait for a person. */
export class PipelineAuthorization extends resourceClass<PipelineAuthorizationInputs>(
  "pipelineAuthorization:PipelineAuthorization",
  {
    pipelineId: "optional",
    pipelineProjectId: "optional",
    projectId: "required",
    resourceId: "required",
    type: "required",
  },
) {}
