import { resourceClass } from "./resource";
import type { Args, State } from "./shape";

interface ProjectInputs {
  /**
   * Optional. Text shown on the project's page.
   * @default - no description
   */
  description?: string;
  /**
   * Optional. `boards`, `repositories`, `pipelines`, `testplans`, `artifacts`, each `enabled` or
   * `disabled`. Not to be set here and by `ProjectFeatures` at once.
   * @default - every feature is enabled
   */
  features?: Record<string, string>;
  /**
   * Optional. Unique in the organisation; the name of a deleted project stays taken for 28 days.
   * @default - the resource's name and a random suffix: set it
   */
  name?: string;
  /**
   * Optional. `Git` or `Tfvc`; a change replaces the project.
   * @default - Git
   */
  versionControl?: string;
  /**
   * Optional. `private` or `public`.
   * @default - private
   */
  visibility?: string;
  /**
   * Optional. Process of the work items: `Agile`, `Basic`, `CMMI`, `Scrum` or one of the
   * organisation's own; a change replaces the project.
   * @default - the organisation's default process
   */
  workItemTemplate?: string;
}

interface ProjectAnswers {
  name: string;
  /** Id (UUID) of the process behind `workItemTemplate`. */
  processTemplateId: string;
}

export type ProjectArgs = Args<ProjectInputs>;
export type ProjectState = State<ProjectInputs, ProjectAnswers>;

/**
 * A project: the frame around repositories, pipelines and service connections. Its id is a UUID,
 * which every other resource takes as `projectId`. Deleting it deletes all that it holds.
 */
export class Project extends resourceClass<ProjectInputs, ProjectAnswers>("project:Project", {
  description: "optional",
  features: "optional",
  name: "optional",
  versionControl: "optional",
  visibility: "optional",
  workItemTemplate: "optional",
  processTemplateId: "computed",
}) {}

interface ProjectFeaturesInputs {
  /**
   * Required. `boards`, `repositories`, `pipelines`, `testplans`, `artifacts`, each `enabled` or
   * `disabled`; one that is left out is left alone.
   */
  features: Record<string, string>;
  /** Required. The project (UUID); a change replaces. */
  projectId: string;
}

export type ProjectFeaturesArgs = Args<ProjectFeaturesInputs>;
export type ProjectFeaturesState = State<ProjectFeaturesInputs, unknown>;

/** Switches features of a project that another stack owns. Destroying it enables them again. */
export class ProjectFeatures extends resourceClass<ProjectFeaturesInputs>(
  "projectFeatures:ProjectFeatures",
  { features: "required", projectId: "required" },
) {}

interface ProjectPipelineSettingsInputs {
  /**
   * Optional. Job tokens of YAML and classic build pipelines reach this project only.
   * @default - what the project has now
   */
  enforceJobScope?: boolean;
  /**
   * Optional. The same for classic release pipelines.
   * @default - what the project has now
   */
  enforceJobScopeForRelease?: boolean;
  /**
   * Optional. Job tokens reach only the repositories that the YAML names.
   * @default - what the project has now
   */
  enforceReferencedRepoScopedToken?: boolean;
  /**
   * Optional. Only variables marked settable can be set when a run is queued.
   * @default - what the project has now
   */
  enforceSettableVar?: boolean;
  /** Required. The project (UUID); a change replaces. */
  projectId: string;
  /**
   * Optional. Publishes metadata of the artifacts that pipelines produce.
   * @default - what the project has now
   */
  publishPipelineMetadata?: boolean;
  /**
   * Optional. Status badges can be read only by those who may sign in.
   * @default - what the project has now
   */
  statusBadgesArePrivate?: boolean;
}

type ProjectPipelineSettingsAnswers = Required<ProjectPipelineSettingsInputs>;

export type ProjectPipelineSettingsArgs = Args<ProjectPipelineSettingsInputs>;
export type ProjectPipelineSettingsState = State<
  ProjectPipelineSettingsInputs,
  ProjectPipelineSettingsAnswers
>;

/**
 * The pipeline settings of a project. A setting that the organisation enforces cannot be relaxed
 * here. Destroying it changes nothing in the project.
 */
export class ProjectPipelineSettings extends resourceClass<
  ProjectPipelineSettingsInputs,
  ProjectPipelineSettingsAnswers
>("projectPipelineSettings:ProjectPipelineSettings", {
  enforceJobScope: "optional",
  enforceJobScopeForRelease: "optional",
  enforceReferencedRepoScopedToken: "optional",
  enforceSettableVar: "optional",
  projectId: "required",
  publishPipelineMetadata: "optional",
  statusBadgesArePrivate: "optional",
}) {}
