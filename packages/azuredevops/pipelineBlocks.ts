/** Names or patterns on either side of a filter; an exclusion wins. */
export interface Filter {
  /** Optional. What is left out. @default - nothing */
  excludes?: string[];
  /** Optional. What is let in. @default - everything */
  includes?: string[];
}

export interface BuildDefinitionBuildCompletionTrigger {
  /** Required. Branches of the finished run that count. */
  branchFilters: Filter[];
  /** Required. Id of the pipeline that is waited for. */
  buildDefinitionId: number;
}

export interface BuildDefinitionCiTriggerOverride {
  /** Optional. One run for all pushes that came during a run. @default - true */
  batch?: boolean;
  /** Required. Branches, short names. */
  branchFilters: Filter[];
  /** Optional. Runs of one branch at a time. @default - 1 */
  maxConcurrentBuildsPerBranch?: number;
  /** Optional. Paths. @default - every path */
  pathFilters?: Filter[];
  /** Optional. Seconds between looks at a repository that cannot call back. @default - 0 */
  pollingInterval?: number;
  /** Output: id of the job that looks. */
  pollingJobId?: string;
}

export interface BuildDefinitionCiTrigger {
  /** Conditional. Triggers instead of those in the YAML. Excludes `useYaml`. */
  override?: BuildDefinitionCiTriggerOverride;
  /** Optional. Takes the triggers from the YAML. Excludes `override`. @default - false */
  useYaml?: boolean;
}

export interface BuildDefinitionFeature {
  /** Optional. Creation queues no run; a first run that fails is a warning only. @default - true */
  skipFirstRun?: boolean;
}

export interface BuildDefinitionJobDependency {
  /** Required. Reference name of the job that comes first. */
  scope: string;
}

export interface BuildDefinitionJobTargetExecutionOptions {
  /** Optional. Goes on when a part fails. @default - false */
  continueOnError?: boolean;
  /** Conditional. Parts at a time, if `type` is `Multi-Configuration` or `Multi-Agent`. */
  maxConcurrency?: number;
  /** Conditional. Variables to multiply by, if `type` is `Multi-Configuration`. */
  multipliers?: string;
  /** Required. `None`, `Multi-Configuration` or `Multi-Agent`. */
  type: string;
}

export interface BuildDefinitionJobTarget {
  /** Optional. What an agent must offer. @default - nothing */
  demands?: string[];
  /** Required. How often the job runs. */
  executionOptions: BuildDefinitionJobTargetExecutionOptions;
  /** Required. `AgentJob` or `AgentlessJob`. */
  type: string;
}

export interface BuildDefinitionJob {
  /** Optional. Lets scripts use the job's token. @default - false */
  allowScriptsAuthAccessOption?: boolean;
  /** Required. Expression that decides whether the job runs, `succeeded()`. */
  condition: string;
  /** Optional. Jobs that come first. @default - none */
  dependencies?: BuildDefinitionJobDependency[];
  /** Optional. `project` or `projectCollection`. @default - projectCollection */
  jobAuthorizationScope?: string;
  /** Optional. Minutes to wind up after cancellation. @default - 0 */
  jobCancelTimeoutInMinutes?: number;
  /** Optional. Minutes. @default - 0, no limit of its own */
  jobTimeoutInMinutes?: number;
  /** Required. Name shown. */
  name: string;
  /** Required. Name by which other jobs refer to it. */
  refName: string;
  /** Required. Where the job runs. */
  target: BuildDefinitionJobTarget;
}

export interface BuildDefinitionPullRequestTriggerForks {
  /** Required. Runs for pull requests from forks. */
  enabled: boolean;
  /** Required. Hands secrets to those runs: unreviewed code would see them. */
  shareSecrets: boolean;
}

export interface BuildDefinitionPullRequestTriggerOverride {
  /** Optional. A push cancels the run before it. @default - true */
  autoCancel?: boolean;
  /** Required. Target branches. */
  branchFilters: Filter[];
  /** Optional. Paths. @default - every path */
  pathFilters?: Filter[];
}

export interface BuildDefinitionPullRequestTrigger {
  /** Optional. `All`, `NonTeamMembers` or `None`: whose runs wait for a comment. @default - none */
  commentRequired?: string;
  /** Required. What pull requests from forks may do. */
  forks: BuildDefinitionPullRequestTriggerForks;
  /** Conditional. Branch that holds the YAML, if `useYaml`. @default - "Managed by Terraform" */
  initialBranch?: string;
  /** Conditional. Triggers instead of those in the YAML. Excludes `useYaml`. */
  override?: BuildDefinitionPullRequestTriggerOverride;
  /** Optional. Takes the triggers from the YAML. Excludes `override`. @default - false */
  useYaml?: boolean;
}

export interface BuildDefinitionRepository {
  /** Optional. Full ref of the default branch of the pipeline. @default - master: set it */
  branchName?: string;
  /** Conditional. Address of a GitHub Enterprise server. Excludes `url`. */
  githubEnterpriseUrl?: string;
  /** Required. UUID of an Azure repository, `owner/name` on GitHub. */
  repoId: string;
  /** Required. `TfsGit` (Azure Repos), `GitHub`, `GitHubEnterprise`, `Bitbucket` or `Git`. */
  repoType: string;
  /** Optional. Reports the run's result to the repository. @default - true */
  reportBuildStatus?: boolean;
  /** Conditional. Connection (UUID) to a repository that is not in Azure Repos. */
  serviceConnectionId?: string;
  /** Conditional. Address, if `repoType` is `Git`. Excludes `githubEnterpriseUrl`. */
  url?: string;
  /** Conditional. Path of the YAML from the root. Required unless there are `jobs`. */
  ymlPath?: string;
}

export interface BuildDefinitionSchedule {
  /** Required. Branches that are built. */
  branchFilters: Filter[];
  /** Required. `Mon`, `Tue`, `Wed`, `Thu`, `Fri`, `Sat`, `Sun`. */
  daysToBuilds: string[];
  /** Output: id of the job that keeps the time. */
  scheduleJobId?: string;
  /** Optional. Runs only when something changed. @default - true */
  scheduleOnlyWithChanges?: boolean;
  /** Optional. Hour of the day, 0 to 23. @default - 0 */
  startHours?: number;
  /** Optional. Minute of the hour, 0 to 59. @default - 0 */
  startMinutes?: number;
  /** Optional. Time zone, `(UTC) Coordinated Universal Time`. @default - UTC */
  timeZone?: string;
}

export interface BuildDefinitionVariable {
  /** Optional. Whether it can be set when a run is queued. @default - true */
  allowOverride?: boolean;
  /** Optional. Whether the value is `secretValue`. @default - false */
  isSecret?: boolean;
  /** Required. */
  name: string;
  /** Conditional. Secret: the value if `isSecret`. */
  secretValue?: string;
  /** Conditional. The value of a plain variable. */
  value?: string;
}
