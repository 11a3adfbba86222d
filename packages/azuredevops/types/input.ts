import type { InputShape } from "../shape";
import type * as connection from "../connection";
import type * as library from "../library";
import type * as blocks from "../pipelineBlocks";
import type * as policies from "../policies";
import type * as repository from "../repository";
import type * as identity from "../lookupsIdentity";

export type BranchPolicyBuildValidationSettings =
  InputShape<policies.BranchPolicyBuildValidationSettings>;
export type BranchPolicyBuildValidationSettingsScope = InputShape<policies.PolicyScope>;
export type BranchPolicyCommentResolutionSettings =
  InputShape<policies.BranchPolicyCommentResolutionSettings>;
export type BranchPolicyCommentResolutionSettingsScope = InputShape<policies.PolicyScope>;
export type BranchPolicyMergeTypesSettings = InputShape<policies.BranchPolicyMergeTypesSettings>;
export type BranchPolicyMergeTypesSettingsScope = InputShape<policies.PolicyScope>;
export type BranchPolicyMinReviewersSettings =
  InputShape<policies.BranchPolicyMinReviewersSettings>;
export type BranchPolicyMinReviewersSettingsScope = InputShape<policies.PolicyScope>;
export type BranchPolicyWorkItemLinkingSettings =
  InputShape<policies.BranchPolicyWorkItemLinkingSettings>;
export type BranchPolicyWorkItemLinkingSettingsScope = InputShape<policies.PolicyScope>;
export type BuildDefinitionBuildCompletionTrigger =
  InputShape<blocks.BuildDefinitionBuildCompletionTrigger>;
export type BuildDefinitionBuildCompletionTriggerBranchFilter = InputShape<blocks.Filter>;
export type BuildDefinitionCiTrigger = InputShape<blocks.BuildDefinitionCiTrigger>;
export type BuildDefinitionCiTriggerOverride = InputShape<blocks.BuildDefinitionCiTriggerOverride>;
export type BuildDefinitionCiTriggerOverrideBranchFilter = InputShape<blocks.Filter>;
export type BuildDefinitionCiTriggerOverridePathFilter = InputShape<blocks.Filter>;
export type BuildDefinitionFeature = InputShape<blocks.BuildDefinitionFeature>;
export type BuildDefinitionJob = InputShape<blocks.BuildDefinitionJob>;
export type BuildDefinitionJobDependency = InputShape<blocks.BuildDefinitionJobDependency>;
export type BuildDefinitionJobTarget = InputShape<blocks.BuildDefinitionJobTarget>;
export type BuildDefinitionJobTargetExecutionOptions =
  InputShape<blocks.BuildDefinitionJobTargetExecutionOptions>;
export type BuildDefinitionPullRequestTrigger =
  InputShape<blocks.BuildDefinitionPullRequestTrigger>;
export type BuildDefinitionPullRequestTriggerForks =
  InputShape<blocks.BuildDefinitionPullRequestTriggerForks>;
export type BuildDefinitionPullRequestTriggerOverride =
  InputShape<blocks.BuildDefinitionPullRequestTriggerOverride>;
export type BuildDefinitionPullRequestTriggerOverrideBranchFilter = InputShape<blocks.Filter>;
export type BuildDefinitionPullRequestTriggerOverridePathFilter = InputShape<blocks.Filter>;
export type BuildDefinitionRepository = InputShape<blocks.BuildDefinitionRepository>;
export type BuildDefinitionSchedule = InputShape<blocks.BuildDefinitionSchedule>;
export type BuildDefinitionScheduleBranchFilter = InputShape<blocks.Filter>;
export type BuildDefinitionVariable = InputShape<blocks.BuildDefinitionVariable>;
export type GitInitialization = InputShape<repository.GitInitialization>;
export type ServiceEndpointAzureRMCredentials =
  InputShape<connection.ServiceEndpointAzureRMCredentials>;
export type ServiceEndpointAzureRMFeatures = InputShape<connection.ServiceEndpointAzureRMFeatures>;
export type VariableGroupKeyVault = InputShape<library.VariableGroupKeyVault>;
export type VariableGroupVariable = InputShape<library.VariableGroupVariable>;
export type GetUsersFeatures = identity.GetUsersFeatures;
export type GetUsersFeaturesArgs = InputShape<identity.GetUsersFeatures>;
