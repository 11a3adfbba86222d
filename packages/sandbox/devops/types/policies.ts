import { z } from "zod";
import { refuse } from "../../rules/rule";
import { branchRef, flag, positive, text, uuid } from "../inputs";
import type { Check, DevOpsType, Rule, Types } from "../type";

/** learn.microsoft.com/azure/devops/repos/git/branch-policies; limits as the provider checks them. */

const scope = z.strictObject({
  matchType: z.enum(["Exact", "Prefix", "DefaultBranch"]).default("Exact"),
  repositoryId: uuid.optional(),
  repositoryRef: branchRef.optional(),
});
const scopes = z.array(scope).min(1);

type Scope = z.infer<typeof scope>;

/** The provider finds this out in create, not in a preview. */
const scopeFits: Rule = ({ inputs }) => {
  const { scopes: found } = inputs.settings as { scopes: Scope[] };
  for (const { matchType, repositoryId, repositoryRef } of found) {
    const named = repositoryId !== undefined || repositoryRef !== undefined;
    if (matchType === "DefaultBranch" && named)
      return refuse(
        400,
        "PolicyScope",
        "a scope with matchType DefaultBranch takes neither repositoryId nor repositoryRef",
      );
    if (matchType !== "DefaultBranch" && repositoryRef === undefined)
      return refuse(
        400,
        "PolicyScope",
        `a scope with matchType ${matchType} needs a repositoryRef`,
      );
  }
  return undefined;
};

function policy(settings: z.ZodRawShape, more: Partial<DevOpsType> = {}): DevOpsType {
  return {
    inputs: z.strictObject({
      blocking: flag.default(true),
      enabled: flag.default(true),
      projectId: uuid,
      settings: z.strictObject({ ...settings, scopes }),
    }),
    replaces: ["projectId"],
    id: "number",
    ...more,
    references: {
      projectId: "Project",
      "settings.scopes.*.repositoryId": "Git",
      ...more.references,
    },
    writeRules: [scopeFits, ...(more.writeRules ?? [])],
  };
}

const votes: Check = ({ settings }) => {
  const given = (settings ?? {}) as Record<string, unknown>;
  const resets = ["onPushResetApprovedVotes", "onPushResetAllVotes"];
  if (given.onLastIterationRequireVote !== true) return [];
  return resets
    .filter((reset) => given[reset] === true)
    .map((reset) => ({
      path: `settings.${reset}`,
      reason: "cannot be set beside onLastIterationRequireVote",
    }));
};

const mergeTypes = [
  "allowBasicNoFastForward",
  "allowRebaseAndFastForward",
  "allowRebaseWithMerge",
  "allowSquash",
];

const someMergeType: Rule = ({ inputs }) =>
  mergeTypes.some((name) => (inputs.settings as Record<string, unknown>)[name] === true)
    ? undefined
    : refuse(
        400,
        "PolicySettings",
        `one of ${mergeTypes.join(", ")} must be allowed, or nothing can be merged`,
      );

export const policyTypes: Types = {
  BranchPolicyBuildValidation: policy(
    {
      buildDefinitionId: positive,
      displayName: text,
      filenamePatterns: z.array(text).optional(),
      manualQueueOnly: flag.default(false),
      queueOnSourceUpdateOnly: flag.default(true),
      validDuration: z.int().min(0).default(720),
    },
    { references: { "settings.buildDefinitionId": "BuildDefinition" } },
  ),
  BranchPolicyMinReviewers: policy(
    {
      allowCompletionWithRejectsOrWaits: flag.default(false),
      lastPusherCannotApprove: flag.default(false),
      onEachIterationRequireVote: flag.default(false),
      onLastIterationRequireVote: flag.default(false),
      onPushResetAllVotes: flag.default(false),
      onPushResetApprovedVotes: flag.default(false),
      reviewerCount: positive.optional(),
      submitterCanVote: flag.default(false),
    },
    { checks: [votes] },
  ),
  BranchPolicyCommentResolution: policy({}),
  BranchPolicyWorkItemLinking: policy({}),
  BranchPolicyMergeTypes: policy(
    Object.fromEntries(mergeTypes.map((name) => [name, flag.default(false)])),
    { writeRules: [someMergeType] },
  ),
};
