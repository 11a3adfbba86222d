import { create, isRefusal, read, remove } from "../../../packages/sandbox/devops/devops";
import { complete, push } from "../../../packages/sandbox/devops/push";
import { withRecorded } from "../../../packages/sandbox/devops/secrets";
import { signInOf } from "../../../packages/sandbox/devops/signIn";
import { thing } from "../../../packages/sandbox/devops/store";
import type { Json } from "../../../packages/sandbox/paths";
import { client, Organisation, tenant, token } from "./organisation";

/** A naive program, and what it meets. Each line makes one thing in a fresh organisation. */
const naive: [string, (org: Organisation) => string | undefined, string][] = [
  [
    "a check on an environment that is not there",
    (org) => org.refusal("CheckApproval", org.approval("77")),
    "CheckTarget there is no environment 77 in the project to protect",
  ],
  [
    "a check whose target has another type",
    (org) =>
      org.refusal("CheckExclusiveLock", {
        projectId: org.project,
        targetResourceId: org.environment().id,
        targetResourceType: "queue",
      }),
    "CheckTarget there is no queue 2 in the project to protect",
  ],
  [
    "an approver by e-mail",
    (org) =>
      org.refusal("CheckApproval", org.approval("1", { approvers: ["replace@youremail.com"] })),
    "BadInputs approvers[0] must be an id (UUID)",
  ],
  [
    "an approver whom nobody knows",
    (org) =>
      org.refusal("CheckApproval", org.approval(org.environment().id, { approvers: [client] })),
    `CheckApprovers ${client} is no identity of the organisation; resolve e-mails with getIdentityUsers`,
  ],
  [
    "reviewers by descriptor",
    (org) =>
      org.refusal("BranchPolicyAutoReviewers", {
        projectId: org.project,
        settings: { autoReviewerIds: ["vssgp.abc"], scopes: [{ matchType: "DefaultBranch" }] },
      }),
    "BadInputs settings.autoReviewerIds[0] must be an id (UUID)",
  ],
  [
    "reviewers whom nobody knows",
    (org) =>
      org.refusal("BranchPolicyAutoReviewers", {
        projectId: org.project,
        settings: { autoReviewerIds: [client], scopes: [{ matchType: "DefaultBranch" }] },
      }),
    `PolicyReviewers ${client} is no identity of the organisation`,
  ],
  [
    "an approval in milliseconds",
    (org) => org.refusal("CheckApproval", org.approval("1", { timeout: 3_600_000 })),
    "BadInputs timeout Too big: expected number to be <=43200",
  ],
  [
    "an approval that waits for nobody",
    (org) => org.refusal("CheckApproval", org.approval("1", { timeout: 0 })),
    "BadInputs timeout Too small: expected number to be >=1",
  ],
  [
    "more approvals than approvers",
    (org) =>
      org.refusal(
        "CheckApproval",
        org.approval(org.environment().id, { minimumRequiredApprovers: 2 }),
      ),
    "CheckApprovers minimumRequiredApprovers is 2, but there are 1 approvers",
  ],
  [
    "an environment of 128 characters",
    (org) => org.refusal("Environment", { name: "e".repeat(128), projectId: org.project }),
    "BadInputs name Too big: expected string to have <=127 characters",
  ],
  [
    "a second environment of one name",
    (org) => (
      org.environment("prod"),
      org.refusal("Environment", { name: "Prod", projectId: org.project })
    ),
    "NameTaken Environment Prod exists already, its id is 2",
  ],
  [
    "something in a project that is not there",
    (org) => org.refusal("Environment", { name: "dev", projectId: tenant }),
    `ProjectNotFound projectId: there is no Project ${tenant}`,
  ],
  [
    "a repository named as its project",
    (org) =>
      org
        .refusal("Git", {
          name: "genaiops",
          projectId: org.project,
          initialization: { initType: "Clean" },
        })
        ?.slice(0, 44),
    "NameTaken Git genaiops exists already, its i",
  ],
  [
    "a default branch that the import does not bring",
    (org) =>
      org.refusal("Git", {
        name: "flows",
        projectId: org.project,
        defaultBranch: "refs/heads/trunk",
        initialization: {
          initType: "Import",
          sourceType: "Git",
          sourceUrl: "https://github.com/contoso/flows.git",
        },
      }),
    "BranchNotFound refs/heads/trunk is no branch of flows; it has main, development",
  ],
  [
    "a default branch without commits",
    (org) =>
      org.refusal("Git", {
        name: "flows",
        projectId: org.project,
        defaultBranch: "refs/heads/main",
        initialization: { initType: "Uninitialized" },
      }),
    "BadInputs defaultBranch cannot be set while initType is Uninitialized",
  ],
  [
    "a beginning in lower case",
    (org) =>
      org
        .refusal("Git", {
          name: "flows",
          projectId: org.project,
          initialization: { initType: "clean" },
        })
        ?.slice(0, 45),
    "BadInputs initialization.initType Invalid opt",
  ],
  [
    "a branch with its full ref",
    (org) =>
      org.refusal("GitRepositoryBranch", {
        name: "refs/heads/development",
        refBranch: "main",
        repositoryId: org.repository().id,
      }),
    "BadInputs name must stand without refs/heads/",
  ],
  [
    "a branch from nothing",
    (org) =>
      org.refusal("GitRepositoryBranch", {
        name: "development",
        refBranch: "master",
        repositoryId: org.repository().id,
      }),
    "BranchNotFound there is no branch master to start from",
  ],
  [
    "a file that is there",
    (org) =>
      org.refusal("GitRepositoryFile", {
        file: "/README.md",
        content: "",
        branch: "refs/heads/main",
        repositoryId: org.repository().id,
      }),
    "FileExists /README.md exists on main; set overwriteOnCreate to take it over",
  ],
  [
    "a file on the branch that the provider takes when none is named",
    (org) =>
      org.refusal("GitRepositoryFile", {
        file: "a",
        content: "",
        repositoryId: org.repository().id,
      }),
    "BranchNotFound there is no branch master",
  ],
  [
    "a file seeded after the policies",
    (org) => {
      const repository = org.repository();
      org.make("BranchPolicyCommentResolution", org.policy({}));
      return org.refusal("GitRepositoryFile", {
        file: "new",
        content: "",
        branch: "refs/heads/main",
        repositoryId: repository.id,
      });
    },
    "TF402455 pushes to refs/heads/main are not permitted: BranchPolicyCommentResolution asks for a pull request",
  ],
  [
    "a default branch scope that names a repository",
    (org) =>
      org.refusal(
        "BranchPolicyWorkItemLinking",
        org.policy({}, { matchType: "DefaultBranch", repositoryId: org.repository().id }),
      ),
    "PolicyScope a scope with matchType DefaultBranch takes neither repositoryId nor repositoryRef",
  ],
  [
    "a scope in the singular",
    (org) =>
      org.refusal("BranchPolicyWorkItemLinking", {
        projectId: org.project,
        settings: { scope: [], scopes: [{ repositoryRef: "refs/heads/main" }] },
      }),
    "BadInputs settings.scope is no property that the type has",
  ],
  [
    "reviewers of the last iteration and a reset of votes",
    (org) =>
      org.refusal(
        "BranchPolicyMinReviewers",
        org.policy({
          reviewerCount: 1,
          onLastIterationRequireVote: true,
          onPushResetAllVotes: true,
        }),
      ),
    "BadInputs settings.onPushResetAllVotes cannot be set beside onLastIterationRequireVote",
  ],
  [
    "nobody as reviewer",
    (org) => org.refusal("BranchPolicyMinReviewers", org.policy({ reviewerCount: 0 })),
    "BadInputs settings.reviewerCount Too small: expected number to be >=1",
  ],
  [
    "a policy that allows no merge",
    (org) => org.refusal("BranchPolicyMergeTypes", org.policy({}))?.slice(0, 14),
    "PolicySettings",
  ],
  [
    "a build validation by a pipeline that is not there",
    (org) =>
      org.refusal(
        "BranchPolicyBuildValidation",
        org.policy({ buildDefinitionId: 12, displayName: "pr" }),
      ),
    "BuildDefinitionNotFound settings.buildDefinitionId: there is no BuildDefinition 12",
  ],
  [
    "a pipeline's id as text",
    (org) =>
      org.refusal(
        "BranchPolicyBuildValidation",
        org.policy({ buildDefinitionId: "12", displayName: "pr" }),
      ),
    "BadInputs settings.buildDefinitionId Invalid input: expected number, received string",
  ],
  [
    "a folder with slashes",
    (org) => org.refusal("BuildFolder", { path: "/flows", projectId: org.project }),
    "BadInputs path must begin with a backslash",
  ],
  [
    "a pipeline of a repository that is not there",
    (org) => org.refusal("BuildDefinition", org.pipelineInputs("ci", client)),
    `BuildRepository there is no repository ${client}`,
  ],
  [
    "a pipeline whose triggers come from two places",
    (org) =>
      org.refusal("BuildDefinition", {
        ...org.pipelineInputs("ci", org.repository().id),
        ciTrigger: { useYaml: true, override: { branchFilters: [{ includes: ["main"] }] } },
      }),
    "BadInputs ciTrigger.override cannot be set beside useYaml",
  ],
  [
    "an authorisation of a group that is not there",
    (org) =>
      org.refusal("PipelineAuthorization", {
        projectId: org.project,
        resourceId: "9",
        type: "variablegroup",
        pipelineId: Number(org.pipeline().id),
      }),
    "PipelinePermission there is no variablegroup 9 to open",
  ],
  [
    "an authorisation of a pipeline that is not there",
    (org) =>
      org.refusal("PipelineAuthorization", {
        projectId: org.project,
        resourceId: org.environment().id,
        type: "environment",
        pipelineId: 99,
      }),
    "BuildDefinitionNotFound pipelineId: there is no BuildDefinition 99",
  ],
  [
    "a group without variables",
    (org) =>
      org
        .refusal("VariableGroup", { name: "vg", projectId: org.project, variables: [] })
        ?.slice(0, 19),
    "BadInputs variables",
  ],
  [
    "a plain variable that says it is no secret",
    (org) =>
      org.refusal("VariableGroup", {
        name: "vg",
        projectId: org.project,
        variables: [{ name: "a", value: "1", isSecret: false }],
      }),
    "VariableGroup variable a says isSecret: false; leave isSecret out of a plain variable",
  ],
  [
    "a linked variable with a value",
    (org) => {
      const connection = org.make("ServiceEndpointAzureRM", org.connectionInputs());
      return org.refusal("VariableGroup", {
        ...org.linkedGroup(connection),
        variables: [{ name: "a", value: "1" }],
      });
    },
    "VariableGroup variable a takes nothing but its name: the value comes from the vault",
  ],
  [
    "a connection for two scopes",
    (org) =>
      org.refusal("ServiceEndpointAzureRM", {
        ...org.connectionInputs(),
        azurermManagementGroupId: "m",
        azurermManagementGroupName: "m",
      }),
    "BadInputs azurermManagementGroupId cannot be set beside azurermSubscriptionId",
  ],
  [
    "a connection with credentials and a resource group",
    (org) =>
      org.refusal("ServiceEndpointAzureRM", { ...org.connectionInputs(), resourceGroup: "rg" }),
    "BadInputs resourceGroup cannot be set beside credentials",
  ],
  [
    "a connection validated inside its own create",
    (org) =>
      org
        .refusal("ServiceEndpointAzureRM", {
          ...org.connectionInputs(),
          features: { validate: true },
        })
        ?.slice(0, 62),
    "EndpointValidation the connection was deleted again: AADSTS700",
  ],
  [
    "a queue of no pool",
    (org) => org.refusal("Queue", { projectId: org.project, agentPoolId: 4 }),
    "PoolNotFound agentPoolId: there is no Pool 4",
  ],
  [
    "an entitlement of a client id",
    (org) => org.refusal("ServicePrincipalEntitlement", { originId: client }),
    `ServicePrincipalNotFound ${client} is the object id of no service principal in the tenant`,
  ],
  [
    "permissions for an identity id",
    (org) =>
      org.refusal("GitPermissions", {
        projectId: org.project,
        principal: client,
        permissions: { GenericRead: "Allow" },
      }),
    `Principal ${client} is the descriptor of nobody in the organisation`,
  ],
  [
    "a second pipeline of one name in a folder",
    (org) => {
      const repository = org.repository().id;
      org.pipeline("ci", repository);
      return org.refusal("BuildDefinition", org.pipelineInputs("ci", repository));
    },
    "DefinitionExists pipeline ci exists in \\flows",
  ],
  [
    "a role on an environment by its number alone and wrong",
    (org) =>
      org
        .refusal("SecurityroleAssignment", {
          scope: "distributedtask.environmentreferencerole",
          resourceId: `${org.project}_9`,
          identityId: client,
          roleName: "User",
        })
        ?.slice(-38),
    "_9 is no <project id>_<environment id>",
  ],
  [
    "a role for somebody whom nobody knows",
    (org) =>
      org.refusal("SecurityroleAssignment", {
        scope: "distributedtask.environmentreferencerole",
        resourceId: `${org.project}_${org.environment().id}`,
        identityId: client,
        roleName: "User",
      }),
    `SecurityRole ${client} is no identity of the organisation`,
  ],
  [
    "one variable twice",
    (org) =>
      org.refusal("VariableGroup", {
        name: "vg",
        projectId: org.project,
        variables: [
          { name: "a", value: "1" },
          { name: "A", value: "2" },
        ],
      }),
    "VariableGroup variable a stands there twice",
  ],
  [
    "members of a group that is not there",
    (org) => org.refusal("GroupMembership", { group: "vssgp.none", members: ["aad.none"] }),
    "Membership vssgp.none is the descriptor of no group",
  ],
  [
    "a member whom nobody knows",
    (org) => org.refusal("Group", { displayName: "approvers", members: ["aad.none"] }),
    "Membership aad.none is the descriptor of nobody in the organisation",
  ],
  [
    "a permission that there is not",
    (org) =>
      org
        .refusal("GitPermissions", {
          projectId: org.project,
          principal: "x",
          permissions: { Push: "Allow" },
        })
        ?.slice(0, 21),
    "BadInputs permissions",
  ],
];

it.each(naive)("refuses %s", (_, attempt, message) => {
  expect(attempt(new Organisation())).toBe(message);
});

it("changes nothing when it refuses", () => {
  const org = new Organisation();
  const before = JSON.stringify(org.world.state);
  for (const [kind, inputs] of [
    ["Environment", { name: "e".repeat(128), projectId: org.project }],
    ["CheckApproval", org.approval("77")],
    ["Queue", { projectId: org.project, agentPoolId: 4 }],
  ] as [string, Json][]) {
    expect(isRefusal(create(org.world, token(kind), inputs))).toBe(true);
  }
  expect(JSON.stringify(org.world.state)).toBe(before);
});

describe("a deleted project", () => {
  it("keeps its name for 28 days and takes all that it held with it", () => {
    const org = new Organisation({ now: Date.UTC(2026, 0, 1) });
    const repository = org.repository();
    const branch = org.make("GitRepositoryBranch", {
      name: "a",
      refBranch: "main",
      repositoryId: repository.id,
    });
    const environment = org.environment();
    expect(remove(org.world, token("Project"), org.project)).toBeUndefined();
    expect(read(org.world, token("Git"), repository.id)).toBeUndefined();
    expect(read(org.world, token("Environment"), environment.id)).toBeUndefined();
    expect(read(org.world, token("GitRepositoryBranch"), branch.id)).toBeUndefined();
    expect(org.world.state.branches).toEqual({});
    expect(org.refusal("Project", { name: "GenAIOps" })).toBe(
      "TF200019 the name GenAIOps belongs to a deleted project until 2026-01-29T00:00:00.000Z; restore that project or take another name",
    );
    const later = { ...org.world, settings: { ...org.world.settings, now: Date.UTC(2026, 0, 29) } };
    expect(create(later, token("Project"), { name: "genaiops" })).toHaveProperty("id");
  });
});

describe("a branch with a policy", () => {
  it.each([
    ["its own", { repositoryRef: "refs/heads/release/1" }, true],
    ["by prefix", { repositoryRef: "refs/heads/release", matchType: "Prefix" }, true],
    ["of the default branch", { matchType: "DefaultBranch" }, false],
    ["of another branch", { repositoryRef: "refs/heads/main" }, false],
  ])("refuses pushes under a policy %s: %p", (_, scope, refuses) => {
    const org = new Organisation();
    const repository = org.repository();
    org.make("GitRepositoryBranch", {
      name: "release/1",
      refBranch: "main",
      repositoryId: repository.id,
    });
    org.make("BranchPolicyCommentResolution", org.policy({}, scope));
    expect(isRefusal(push(org.world, repository.id, "release/1", { write: { a: "1" } }))).toBe(
      refuses,
    );
  });

  it("takes what a pull request completes, and pushes while the policy is off or a hint", () => {
    const org = new Organisation();
    const repository = org.repository();
    const policy = org.make("BranchPolicyCommentResolution", org.policy({}));
    expect(isRefusal(complete(org.world, repository.id, "main", { write: { "/a": "1" } }))).toBe(
      false,
    );
    expect(org.world.state.branches[repository.id]?.main?.files).toEqual({
      "README.md": "",
      a: "1",
    });
    for (const more of [{ enabled: false }, { blocking: false }]) {
      expect(
        org.refusedUpdate("BranchPolicyCommentResolution", policy.id, {
          ...org.policy({}),
          ...more,
        }),
      ).toBeUndefined();
      expect(isRefusal(push(org.world, repository.id, "main", { write: { b: "1" } }))).toBe(false);
    }
  });

  it("cannot be deleted", () => {
    const org = new Organisation();
    const repository = org.repository();
    const release = org.make("GitRepositoryBranch", {
      name: "release/1",
      refBranch: "main",
      repositoryId: repository.id,
    });
    const policy = org.make(
      "BranchPolicyCommentResolution",
      org.policy({}, { repositoryRef: "refs/heads/release/1" }),
    );
    expect(remove(org.world, token("GitRepositoryBranch"), release.id)?.code).toBe("TF402455");
    remove(org.world, token("BranchPolicyCommentResolution"), policy.id);
    expect(remove(org.world, token("GitRepositoryBranch"), release.id)).toBeUndefined();
    expect(Object.keys(org.world.state.branches[repository.id] ?? {})).toEqual(["main"]);
  });
});

describe("a vault-linked variable group", () => {
  it.each([
    [
      "an untrusted connection",
      false,
      true,
      "openai-key",
      "KeyVault key vault kv-flows cannot be read: AADSTS700213",
    ],
    [
      "a connection that may not read the vault",
      true,
      false,
      "openai-key",
      `KeyVault ${client} may not get and list the secrets of key vault kv-flows`,
    ],
    [
      "a secret that is not there yet",
      true,
      true,
      "search-key",
      "KeyVault key vault kv-flows has no secret search-key; create it first",
    ],
  ])("is refused with %s", (_, trusted, readable, secret, message) => {
    const org = new Organisation();
    const connection = org.make("ServiceEndpointAzureRM", org.connectionInputs());
    if (trusted) org.trust(connection);
    org.vault(readable);
    expect(
      org.refusal("VariableGroup", org.linkedGroup(connection, secret))?.slice(0, message.length),
    ).toBe(message);
  });

  it("is made once the connection is trusted and may read the secret", () => {
    const org = new Organisation();
    const connection = org.make("ServiceEndpointAzureRM", org.connectionInputs());
    org.trust(connection);
    org.vault(true);
    expect(
      org.make("VariableGroup", org.linkedGroup(connection, "openai-key")).outputs,
    ).toMatchObject({
      keyVault: { name: "kv-flows", searchDepth: 20 },
      variables: [{ name: "openai-key" }],
    });
  });
});

describe("signing in by federation", () => {
  it("fails with any issuer or subject but the connection's own", () => {
    const org = new Organisation();
    const connection = org.make("ServiceEndpointAzureRM", org.connectionInputs());
    const stored = thing(org.world.state, "ServiceEndpointAzureRM", connection.id)!;
    org.trust(connection, `sc://contoso/genaiops/deploy`);
    expect(signInOf(org.world, stored)).toMatch(
      /^AADSTS700213: no federated identity credential of /,
    );
    org.trust(connection);
    expect(signInOf(org.world, stored)).toBeUndefined();
  });
});

describe("a secret", () => {
  const variables = [
    { name: "open", value: "shown" },
    { name: "shut", isSecret: true, secretValue: "canary-31" },
  ];

  it("is stored as a digest, and known again by who gave it", () => {
    const org = new Organisation();
    const inputs = { name: "vg", projectId: org.project, variables };
    const made = org.make("VariableGroup", inputs);
    expect(made.outputs.variables).toEqual(variables);
    expect(JSON.stringify(org.world.state)).not.toContain("canary-31");
    const live = read(org.world, token("VariableGroup"), made.id);
    const paths = ["variables.*.secretValue"];
    expect(withRecorded(live, made.outputs, paths)).toEqual(made.outputs);
    expect(withRecorded(live, { variables: [{}, { secretValue: "other" }] }, paths)).toMatchObject({
      variables: [{ value: "shown" }, { secretValue: undefined }],
    });
  });
});
