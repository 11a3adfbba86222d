import { declare } from "../../support/declared";
import { joiner, owner, withDevOps } from "./settings";

const azuredevops = (name: string) =>
  `azuredevops:index/${name[0]?.toLowerCase()}${name.slice(1)}:${name}`;

test("people approve within an hour, and never their own run", async () => {
  const approval = { approvers: ["lead@contoso.com", "owner@contoso.com"] };
  const { one, invokes } = await declare(withDevOps({ ...joiner, approval }));
  expect(one(azuredevops("CheckApproval")).inputs).toEqual({
    projectId: "${getProject(shop).id}",
    targetResourceType: "environment",
    targetResourceId: "<devops-gate.id>",
    approvers: [
      "${getIdentityUsers(lead@contoso.com, MailAddress).id}",
      "${getIdentityUsers(owner@contoso.com, MailAddress).id}",
    ],
    minimumRequiredApprovers: 1,
    requesterCanApprove: false,
    timeout: 60,
    instructions: expect.stringContaining(
      "https://dev.azure.com/contoso/shop/_build?definitionScope=%5Cdev",
    ),
  });
  expect(invokes.map(([token, { name }]) => [token.split(":").at(-1), name]).sort()).toEqual([
    ["getGitRepository", "shop-flows"],
    ["getGroup", "Contributors"],
    ["getGroup", "Contributors"],
    ["getIdentityUsers", "lead@contoso.com"],
    ["getIdentityUsers", "owner@contoso.com"],
    ["getProject", "shop"],
    ["getStorageKey", undefined],
  ]);
});

test("only the environment's guarded branches deploy: environment, connection and linked secrets", async () => {
  const secrets = [{ name: "token" }];
  const { all, one } = await declare(withDevOps({ ...joiner, secrets }));
  const checks = all(azuredevops("CheckBranchControl")).map(({ inputs }) => inputs);
  for (const check of checks) {
    expect(check).toMatchObject({
      allowedBranches: "refs/heads/main,refs/heads/release/*",
      verifyBranchProtection: true,
      displayName: "Only from guarded branches",
    });
  }
  expect(checks.map((check) => [check.targetResourceType, check.targetResourceId])).toEqual([
    ["environment", "<devops-gate.id>"],
    ["endpoint", "<devops-connection.id>"],
    ["variablegroup", "<devops-variables.secrets.id>"],
  ]);
  expect(one(azuredevops("CheckExclusiveLock")).inputs).toMatchObject({
    targetResourceId: "<devops-gate.id>",
  });
});

test("policies guard the environment's branches, a folder of them by its prefix", async () => {
  const policies = { reviewers: 3, mergeTypes: ["squash", "rebase"], workItems: false };
  const { one, all } = await declare(withDevOps({ ...joiner, policies }));
  const repositoryId = "${getGitRepository(shop-flows, ${getProject(shop).id}).id}";
  const scopes = [
    { repositoryId, repositoryRef: "refs/heads/main", matchType: "Exact" },
    { repositoryId, repositoryRef: "refs/heads/release/", matchType: "Prefix" },
  ];
  expect(one(azuredevops("BranchPolicyMinReviewers")).inputs.settings).toEqual({
    scopes,
    reviewerCount: 3,
    submitterCanVote: false,
    lastPusherCannotApprove: true,
    onPushResetApprovedVotes: true,
    allowCompletionWithRejectsOrWaits: false,
  });
  expect(one(azuredevops("BranchPolicyMergeTypes")).inputs.settings).toEqual({
    scopes,
    allowSquash: true,
    allowBasicNoFastForward: false,
    allowRebaseAndFastForward: true,
    allowRebaseWithMerge: false,
  });
  expect(one(azuredevops("BranchPolicyCommentResolution")).inputs.settings).toEqual({ scopes });
  expect(all(azuredevops("BranchPolicyWorkItemLinking"))).toEqual([]);
});

test("the deployer has each right by name, and none to give itself more", async () => {
  const { all } = await declare(withDevOps(joiner));
  const rights = ["ProjectPermissions", "GitPermissions", "BuildFolderPermissions"]
    .concat("ServiceendpointPermissions", "VariableGroupPermissions")
    .flatMap((name) => all(azuredevops(name)))
    .filter(({ name }) => name.startsWith("devops-member."))
    .map(({ name, inputs }) => {
      expect(inputs.principal).toBe("<devops-member.descriptor>");
      return [
        name,
        Object.keys(inputs.permissions as object)
          .sort()
          .join(" "),
      ];
    });
  expect(Object.fromEntries(rights)).toEqual({
    "devops-member.project": "GENERIC_READ",
    "devops-member.repository": "GenericRead",
    "devops-member.main": "EditPolicies",
    "devops-member.release": "EditPolicies",
    "devops-member.pipelines":
      "CreateBuildDefinition DeleteBuildDefinition EditBuildDefinition EditPipelineQueueConfigurationPermission ViewBuildDefinition ViewBuilds",
    "devops-member.deploy": "Administer Use ViewEndpoint",
    "devops-member.pull-request": "Administer Use ViewEndpoint",
    "devops-member.variables": "Administer Use View",
  });
  const branches = all(azuredevops("GitPermissions")).flatMap(({ name, inputs }) =>
    name.startsWith("devops-member.") ? [inputs.branchName] : [],
  );
  expect(branches).toEqual(["refs/heads/main", "refs/heads/release", undefined]);
  const { all: without } = await declare(withDevOps({ ...owner, member: false }));
  expect(without(azuredevops("ServicePrincipalEntitlement"))).toEqual([]);
});

test("who makes the repository lets the project's build service comment there, and takes no right away", async () => {
  const { one, all } = await declare(withDevOps(owner));
  expect(one(azuredevops("GitPermissions"), "devops-repository.comments").inputs).toEqual({
    projectId: "<devops-project.id>",
    repositoryId: "<devops-repository.id>",
    principal: '${getUsers(<devops-project.id>, ["svc"]).users[0].descriptor}',
    permissions: { PullRequestContribute: "Allow" },
    replace: false,
  });
  const names = all(azuredevops("GitPermissions")).map(({ name }) => name);
  expect(names).toEqual([
    "devops-member.development",
    "devops-member.repository",
    "devops-repository.comments",
  ]);
});

test("a job's own vote counts for nobody: a group of people approves", async () => {
  const policies = { reviewers: 2, reviewerGroup: "Flow owners" };
  const { one } = await declare(withDevOps({ ...owner, policies }));
  const repositoryId = "<devops-repository.id>";
  expect(one(azuredevops("BranchPolicyAutoReviewers")).inputs).toEqual({
    projectId: "<devops-project.id>",
    enabled: true,
    blocking: true,
    settings: {
      scopes: [{ repositoryId, repositoryRef: "refs/heads/development", matchType: "Exact" }],
      autoReviewerIds: ["${getGroup(Flow owners, <devops-project.id>).groupId}"],
      minimumNumberOfReviewers: 2,
      submitterCanVote: false,
      message: "2 of Flow owners approve",
    },
  });
});

test("contributors edit no pipeline and begin no branch that is deployed from", async () => {
  const { one, all } = await declare(withDevOps(joiner));
  const principal = "${getGroup(Contributors, ${getProject(shop).id}).descriptor}";
  expect(
    one(azuredevops("BuildFolderPermissions"), "devops-contributors.pipelines").inputs,
  ).toEqual({
    projectId: "${getProject(shop).id}",
    principal,
    replace: false,
    path: "\\dev",
    permissions: {
      CreateBuildDefinition: "Deny",
      EditBuildDefinition: "Deny",
      DeleteBuildDefinition: "Deny",
      EditPipelineQueueConfigurationPermission: "Deny",
      AdministerBuildPermissions: "Deny",
    },
  });
  expect(one(azuredevops("GitPermissions"), "devops-contributors.release").inputs).toMatchObject({
    principal,
    replace: false,
    branchName: "refs/heads/release",
    permissions: { CreateBranch: "Deny" },
  });
  // A single branch is there already, and who should begin others may be let to.
  const names = (of: typeof all) => of(azuredevops("GitPermissions")).map(({ name }) => name);
  const ofDeployer = ["devops-member.main", "devops-member.release", "devops-member.repository"];
  expect(names(all)).toEqual(["devops-contributors.release", ...ofDeployer]);
  const { all: open } = await declare(
    withDevOps({ ...joiner, policies: { newBranches: "contributors" } }),
  );
  expect(names(open)).toEqual(ofDeployer);
});
