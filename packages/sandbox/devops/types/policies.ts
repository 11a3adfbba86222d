import { z } from "zod";
import { refuse } from "../../rules/rule";
import { identities } from "../identities";
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

/** Identity ids, not descriptors; reviewers of a pull request are people and groups. */
const reviewersExist: Rule = ({ world, inputs }) => {
  const known = identities(world).map(({ id }) => id);
  const ids = (inputs.settings as { autoReviewerIds: string[] }).autoReviewerIds;
  const strangers = ids.filter((id) => !known.includes(id));
  return strangers.length === 0
    ? undefined
    : refuse(404, "PolicyReviewers", `${strangers.join(", ")} is no identity of the organisation`);
};

export const policyTypes: Types = {
  BranchPolicyAutoReviewers: policy(
    {
      autoReviewerIds: z.array(uuid).min(1),
      message: text.optional(),
      minimumNumberOfReviewers: positive.default(1),
      pathFilters: z.array(text).optional(),
      submitterCanVote: flag.default(false),
    },
    { writeRules: [reviewersExist] },
  ),
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
