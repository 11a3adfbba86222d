import * as azuredevops from "@pulumi/azuredevops";
import * as pulumi from "@pulumi/pulumi";
import type { DevOpsSettings } from "../../config/devopsSettings";
import type { Project } from "./project";
import type { Repository } from "./repository";

export interface BranchPoliciesArgs {
  readonly project: Project;
  readonly repository: Repository;
  readonly settings: Pick<DevOpsSettings, "branches" | "policies">;
}

/** What a pull request into one of the environment's branches must meet, beside the runs that it starts. */
export class BranchPolicies extends pulumi.ComponentResource {
  constructor(name: string, args: BranchPoliciesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("genaiops:devops:BranchPolicies", name, {}, opts);
    const { project, repository, settings } = args;
    const { policies } = settings;
    const scopes = branchScopes(repository, settings.branches);
    const common = { projectId: project.id, enabled: true, blocking: true };
    // A branch with policies refuses pushes: its first files stand before.
    const after = {
      parent: this,
      deletedWith: project.created,
      dependsOn: [...repository.content],
    };
    new azuredevops.BranchPolicyMinReviewers(
      `${name}.reviewers`,
      {
        ...common,
        settings: {
          scopes,
          reviewerCount: policies.reviewers,
          submitterCanVote: false,
          lastPusherCannotApprove: true,
          onPushResetApprovedVotes: true,
          allowCompletionWithRejectsOrWaits: false,
        },
      },
      after,
    );
    // A job's own token may vote like whoever comments, but is in no group of people: votes of people count.
    const reviewers = azuredevops.getGroupOutput(
      { name: policies.reviewerGroup, projectId: project.id },
      { parent: this },
    );
    new azuredevops.BranchPolicyAutoReviewers(
      `${name}.people`,
      {
        ...common,
        settings: {
          scopes,
          autoReviewerIds: [reviewers.groupId],
          minimumNumberOfReviewers: policies.reviewers,
          submitterCanVote: false,
          message: `${policies.reviewers} of ${policies.reviewerGroup} approve`,
        },
      },
      after,
    );
    if (policies.comments) {
      const all = { ...common, settings: { scopes } };
      new azuredevops.BranchPolicyCommentResolution(`${name}.comments`, all, after);
    }
    if (policies.workItems) {
      const all = { ...common, settings: { scopes } };
      new azuredevops.BranchPolicyWorkItemLinking(`${name}.work-items`, all, after);
    }
    const allowed = (type: MergeType) => policies.mergeTypes.includes(type);
    new azuredevops.BranchPolicyMergeTypes(
      `${name}.merge-types`,
      {
        ...common,
        settings: {
          scopes,
          allowSquash: allowed("squash"),
          allowBasicNoFastForward: allowed("merge"),
          allowRebaseAndFastForward: allowed("rebase"),
          allowRebaseWithMerge: allowed("rebaseMerge"),
        },
      },
      after,
    );
    this.registerOutputs({});
  }
}

type MergeType = DevOpsSettings["policies"]["mergeTypes"][number];

/** The branches as policies name them; `release/*` is every branch below `refs/heads/release/`. */
export function branchScopes(repository: Repository, branches: readonly string[]) {
  return branches.map((branch) => ({
    repositoryId: repository.id,
    repositoryRef: `refs/heads/${branch.replace(/\*$/, "")}`,
    matchType: branch.endsWith("/*") ? "Prefix" : "Exact",
  }));
}
