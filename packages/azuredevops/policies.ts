import { resourceClass } from "./resource";
import type { Args } from "./shape";

/** Which branches a policy watches. */
export interface PolicyScope {
  /**
   * Optional. `Exact`, `Prefix` (`refs/heads/release` watches `release/*`) or `DefaultBranch`.
   * @default - Exact
   */
  matchType?: string;
  /**
   * Conditional. The repository (UUID); without it every repository of the project. Left out if
   * `matchType` is `DefaultBranch`.
   */
  repositoryId?: string;
  /**
   * Conditional. Full ref, `refs/heads/main`. Required unless `matchType` is `DefaultBranch`, which
   * refuses it at creation (preview accepts it).
   */
  repositoryRef?: string;
}

interface PolicyInputs<Settings> {
  /**
   * Optional. Whether an unmet policy blocks completion; otherwise it is a hint.
   * @default - true
   */
  blocking?: boolean;
  /**
   * Optional. Whether the policy is evaluated.
   * @default - true
   */
  enabled?: boolean;
  /** Required. The project (UUID); a change replaces. */
  projectId: string;
  /** Required. The branches watched and what is asked of a pull request. */
  settings: Settings;
}

const policyRoles = {
  blocking: "optional",
  enabled: "optional",
  projectId: "required",
  settings: "required",
} as const;

export interface BranchPolicyBuildValidationSettings {
  /** Required. Id of the pipeline that runs. */
  buildDefinitionId: number;
  /** Required. Name of the check on the pull request. */
  displayName: string;
  /**
   * Optional. Paths that call for the run, `/flows/a/*`; a leading `!` excludes, and order matters.
   * @default - every change calls for it
   */
  filenamePatterns?: string[];
  /**
   * Optional. Waits for somebody to queue the run.
   * @default - false
   */
  manualQueueOnly?: boolean;
  /**
   * Optional. Whether only a push to the source branch runs it again, and not one to the target.
   * @default - true
   */
  queueOnSourceUpdateOnly?: boolean;
  /** Required. At least one. */
  scopes: PolicyScope[];
  /**
   * Optional. Minutes that a passed run counts. 0 is for ever if `queueOnSourceUpdateOnly`, and
   * until the target branch moves if not.
   * @default - 720
   */
  validDuration?: number;
}

export type BranchPolicyBuildValidationArgs = Args<
  PolicyInputs<BranchPolicyBuildValidationSettings>
>;
export type BranchPolicyBuildValidationState = Partial<BranchPolicyBuildValidationArgs>;

/** Runs a pipeline on a pull request and asks that it passes. */
export class BranchPolicyBuildValidation extends resourceClass<
  PolicyInputs<BranchPolicyBuildValidationSettings>
>("branchPolicyBuildValidation:BranchPolicyBuildValidation", policyRoles, {
  formerTypes: ["azuredevops:Policy/branchPolicyBuildValidation:BranchPolicyBuildValidation"],
}) {}

export interface BranchPolicyMinReviewersSettings {
  /**
   * Optional. Completes although somebody waits or rejects.
   * @default - false
   */
  allowCompletionWithRejectsOrWaits?: boolean;
  /**
   * Optional. The approval of whoever pushed last does not count.
   * @default - false
   */
  lastPusherCannotApprove?: boolean;
  /**
   * Optional. Asks for an approval of every iteration.
   * @default - false
   */
  onEachIterationRequireVote?: boolean;
  /**
   * Optional. Asks for an approval of the last iteration. Excludes both resets below.
   * @default - false
   */
  onLastIterationRequireVote?: boolean;
  /**
   * Optional. A push withdraws every vote, rejections too, and with them the approvals. Excludes
   * `onLastIterationRequireVote`.
   * @default - false
   */
  onPushResetAllVotes?: boolean;
  /**
   * Optional. A push withdraws the approvals. Excludes `onLastIterationRequireVote`.
   * @default - false
   */
  onPushResetApprovedVotes?: boolean;
  /** Conditional. How many must approve, 1 or more. Required unless the policy is disabled. */
  reviewerCount?: number;
  /** Required. At least one. */
  scopes: PolicyScope[];
  /**
   * Optional. Whether the author's own approval counts.
   * @default - false
   */
  submitterCanVote?: boolean;
}

export type BranchPolicyMinReviewersArgs = Args<PolicyInputs<BranchPolicyMinReviewersSettings>>;
export type BranchPolicyMinReviewersState = Partial<BranchPolicyMinReviewersArgs>;

/** Asks for a number of approvals. */
export class BranchPolicyMinReviewers extends resourceClass<
  PolicyInputs<BranchPolicyMinReviewersSettings>
>("branchPolicyMinReviewers:BranchPolicyMinReviewers", policyRoles) {}

export interface BranchPolicyAutoReviewersSettings {
  /** Required. Identity ids (UUID) of people and groups. */
  autoReviewerIds: string[];
  /** Optional. What the pull request shows beside them. @default - nothing */
  message?: string;
  /** Optional. How many of them must approve; for groups and a blocking policy. @default - 1 */
  minimumNumberOfReviewers?: number;
  /** Optional. Paths whose change asks for them, excluded ones with a leading `!`. @default - all */
  pathFilters?: string[];
  /** Required. At least one. */
  scopes: PolicyScope[];
  /**
   * Optional. Whether the author's own approval counts.
   * @default - false
   */
  submitterCanVote?: boolean;
}

export type BranchPolicyAutoReviewersArgs = Args<PolicyInputs<BranchPolicyAutoReviewersSettings>>;
export type BranchPolicyAutoReviewersState = Partial<BranchPolicyAutoReviewersArgs>;

/** Adds reviewers, and asks for their approval where it is blocking. */
export class BranchPolicyAutoReviewers extends resourceClass<
  PolicyInputs<BranchPolicyAutoReviewersSettings>
>("branchPolicyAutoReviewers:BranchPolicyAutoReviewers", policyRoles) {}

export interface BranchPolicyCommentResolutionSettings {
  /** Required. At least one. */
  scopes: PolicyScope[];
}

export type BranchPolicyCommentResolutionArgs = Args<
  PolicyInputs<BranchPolicyCommentResolutionSettings>
>;
export type BranchPolicyCommentResolutionState = Partial<BranchPolicyCommentResolutionArgs>;

/** Asks that every comment is resolved. */
export class BranchPolicyCommentResolution extends resourceClass<
  PolicyInputs<BranchPolicyCommentResolutionSettings>
>("branchPolicyCommentResolution:BranchPolicyCommentResolution", policyRoles) {}

export interface BranchPolicyWorkItemLinkingSettings {
  /** Required. At least one. */
  scopes: PolicyScope[];
}

export type BranchPolicyWorkItemLinkingArgs = Args<
  PolicyInputs<BranchPolicyWorkItemLinkingSettings>
>;
export type BranchPolicyWorkItemLinkingState = Partial<BranchPolicyWorkItemLinkingArgs>;

/** Asks that a work item is linked. */
export class BranchPolicyWorkItemLinking extends resourceClass<
  PolicyInputs<BranchPolicyWorkItemLinkingSettings>
>("branchPolicyWorkItemLinking:BranchPolicyWorkItemLinking", policyRoles) {}

export interface BranchPolicyMergeTypesSettings {
  /**
   * Optional. A merge commit that keeps every commit.
   * @default - false
   */
  allowBasicNoFastForward?: boolean;
  /**
   * Optional. Commits replayed on the target, no merge commit.
   * @default - false
   */
  allowRebaseAndFastForward?: boolean;
  /**
   * Optional. Commits replayed on the target, then a merge commit.
   * @default - false
   */
  allowRebaseWithMerge?: boolean;
  /**
   * Optional. One commit for the whole pull request.
   * @default - false
   */
  allowSquash?: boolean;
  /** Required. At least one. */
  scopes: PolicyScope[];
}

export type BranchPolicyMergeTypesArgs = Args<PolicyInputs<BranchPolicyMergeTypesSettings>>;
export type BranchPolicyMergeTypesState = Partial<BranchPolicyMergeTypesArgs>;

/** Limits how a pull request may be merged; at least one way must be left. */
export class BranchPolicyMergeTypes extends resourceClass<
  PolicyInputs<BranchPolicyMergeTypesSettings>
>("branchPolicyMergeTypes:BranchPolicyMergeTypes", policyRoles) {}
