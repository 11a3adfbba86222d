import { z } from "zod";
import { refuse } from "../../rules/rule";
import { identities } from "../identities";
import { flag, folder, text, uuid } from "../inputs";
import type { DevOpsType, Rule, Types } from "../type";

/** Names of permissions: learn.microsoft.com/azure/devops/organizations/security/namespace-reference. */

const project = [
  "GENERIC_READ",
  "GENERIC_WRITE",
  "DELETE",
  "PUBLISH_TEST_RESULTS",
  "ADMINISTER_BUILD",
  "START_BUILD",
  "EDIT_BUILD_STATUS",
  "UPDATE_BUILD",
  "DELETE_TEST_RESULTS",
  "VIEW_TEST_RESULTS",
  "MANAGE_TEST_ENVIRONMENTS",
  "MANAGE_TEST_CONFIGURATIONS",
  "WORK_ITEM_DELETE",
  "WORK_ITEM_MOVE",
  "WORK_ITEM_PERMANENTLY_DELETE",
  "RENAME",
  "MANAGE_PROPERTIES",
  "MANAGE_SYSTEM_PROPERTIES",
  "BYPASS_PROPERTY_CACHE",
  "BYPASS_RULES",
  "SUPPRESS_NOTIFICATIONS",
  "UPDATE_VISIBILITY",
  "CHANGE_PROCESS",
  "AGILETOOLS_BACKLOG",
  "AGILETOOLS_PLANS",
] as const;
const git = [
  "Administer",
  "GenericRead",
  "GenericContribute",
  "ForcePush",
  "CreateBranch",
  "CreateTag",
  "ManageNote",
  "PolicyExempt",
  "CreateRepository",
  "DeleteRepository",
  "RenameRepository",
  "EditPolicies",
  "RemoveOthersLocks",
  "ManagePermissions",
  "PullRequestContribute",
  "PullRequestBypassPolicy",
  "ViewAdvSecAlerts",
  "DismissAdvSecAlerts",
  "ManageAdvSecScanning",
] as const;
const build = [
  "ViewBuilds",
  "EditBuildQuality",
  "RetainIndefinitely",
  "DeleteBuilds",
  "ManageBuildQualities",
  "DestroyBuilds",
  "UpdateBuildInformation",
  "QueueBuilds",
  "ManageBuildQueue",
  "StopBuilds",
  "ViewBuildDefinition",
  "EditBuildDefinition",
  "DeleteBuildDefinition",
  "OverrideBuildCheckInValidation",
  "AdministerBuildPermissions",
  "CreateBuildDefinition",
  "EditPipelineQueueConfigurationPermission",
] as const;
const endpoint = ["Use", "Administer", "Create", "ViewAuthorization", "ViewEndpoint"] as const;
const library = ["View", "Administer", "Create", "ViewSecrets", "Use", "Owner"] as const;

/** A principal is a subject descriptor, not an id. */
const principalExists: Rule = ({ world, inputs }) =>
  identities(world).some(({ descriptor }) => descriptor === inputs.principal)
    ? undefined
    : refuse(
        404,
        "Principal",
        `${String(inputs.principal)} is the descriptor of nobody in the organisation`,
      );

function permissions(
  names: readonly [string, ...string[]],
  on: Readonly<Record<string, z.ZodType>> = {},
  more: Partial<DevOpsType> = {},
): DevOpsType {
  const own = Object.keys(on);
  return {
    inputs: z.strictObject({
      ...on,
      permissions: z.partialRecord(z.enum(names), z.enum(["Allow", "Deny", "NotSet"])),
      principal: text,
      projectId: uuid,
      replace: flag.default(true),
    }),
    replaces: ["principal", "projectId", ...own],
    id: ({ inputs }) =>
      ["projectId", ...own, "principal"].map((name) => String(inputs[name] ?? "all")).join("/"),
    ...more,
    references: { projectId: "Project", ...more.references },
    writeRules: [principalExists],
  };
}

/** Roles of an environment: learn.microsoft.com/azure/devops/pipelines/policies/permissions. */
const roleTarget: Rule = ({ inputs, find }) => {
  if (inputs.scope !== "distributedtask.environmentreferencerole") return undefined;
  const id = String(inputs.resourceId).split("_").at(-1);
  return find("Environment", id)
    ? undefined
    : refuse(
        404,
        "SecurityRole",
        `${String(inputs.resourceId)} is no <project id>_<environment id>`,
      );
};

const roleHolder: Rule = ({ world, inputs }) =>
  identities(world).some(({ id }) => id === inputs.identityId)
    ? undefined
    : refuse(
        404,
        "SecurityRole",
        `${String(inputs.identityId)} is no identity of the organisation`,
      );

export const permissionTypes: Types = {
  ProjectPermissions: permissions(project),
  GitPermissions: permissions(
    git,
    { branchName: text.optional(), repositoryId: uuid.optional() },
    {
      references: { repositoryId: "Git" },
      checks: [
        ({ branchName, repositoryId }) =>
          branchName !== undefined && repositoryId === undefined
            ? [{ path: "repositoryId", reason: "must be set beside branchName" }]
            : [],
      ],
    },
  ),
  BuildDefinitionPermissions: permissions(
    build,
    { buildDefinitionId: text },
    { references: { buildDefinitionId: "BuildDefinition" } },
  ),
  BuildFolderPermissions: permissions(build, { path: folder }),
  ServiceendpointPermissions: permissions(
    endpoint,
    { serviceendpointId: uuid.optional() },
    { references: { serviceendpointId: "ServiceEndpointAzureRM" } },
  ),
  VariableGroupPermissions: permissions(
    library,
    { variableGroupId: text },
    { references: { variableGroupId: "VariableGroup" } },
  ),
  LibraryPermissions: permissions(library),
  SecurityroleAssignment: {
    inputs: z.strictObject({
      identityId: uuid,
      resourceId: text,
      roleName: z.enum(["Administrator", "Creator", "Reader", "User"]),
      scope: text,
    }),
    replaces: ["resourceId"],
    id: ({ inputs }) => [inputs.scope, inputs.resourceId, inputs.identityId].map(String).join("/"),
    writeRules: [roleTarget, roleHolder],
  },
};
