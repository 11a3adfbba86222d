import { declare } from "../../support/declared";
import { joiner, owner, withDevOps } from "./settings";

/** `parent > Class name`, sorted. */
async function list(devops: Record<string, unknown>): Promise<string[]> {
  const { resources } = await declare(withDevOps(devops));
  return resources
    .filter(({ type }) => /^(azuredevops|genaiops:devops):/.test(type))
    .map(({ type, name, parent, protect }) =>
      [parent, ">", type.split(":").at(-1), name, ...(protect ? ["[protect]"] : [])].join(" "),
    )
    .sort();
}

const flow = (name: string, more: readonly string[]) => [
  `stack > FlowPipelines devops.${name}`,
  `devops.${name} > BuildFolder devops.${name}`,
  `devops.${name} > BuildDefinition devops.${name}.pull-request`,
  `devops.${name} > PipelineAuthorization devops.${name}.pull-request.connection`,
  `devops.${name} > BranchPolicyBuildValidation devops.${name}.validation`,
  `devops.${name} > BuildDefinition devops.${name}.delivery`,
  `devops.${name} > PipelineAuthorization devops.${name}.delivery.connection`,
  `devops.${name} > PipelineAuthorization devops.${name}.delivery.environment`,
  `devops.${name} > PipelineAuthorization devops.${name}.delivery.variables`,
  ...more.map((each) => `devops.${name} > PipelineAuthorization devops.${name}.${each}`),
];

const environment = (more: readonly string[] = []) => [
  "stack > ServiceConnection devops-connection",
  "devops-connection > ServiceEndpointAzureRM devops-connection",
  "stack > ServiceConnection devops-pull-request-connection",
  "devops-pull-request-connection > ServiceEndpointAzureRM devops-pull-request-connection",
  "stack > VariableGroups devops-variables",
  "devops-variables > VariableGroup devops-variables",
  "stack > Agents devops-agents",
  "stack > Gate devops-gate",
  "devops-gate > Environment devops-gate",
  "devops-gate > CheckExclusiveLock devops-gate.lock",
  "devops-gate > CheckBranchControl devops-gate.branches",
  "devops-gate > CheckBranchControl devops-gate.connection.branches",
  "stack > BranchPolicies devops-policies",
  "devops-policies > BranchPolicyMinReviewers devops-policies.reviewers",
  "devops-policies > BranchPolicyAutoReviewers devops-policies.people",
  "devops-policies > BranchPolicyCommentResolution devops-policies.comments",
  "devops-policies > BranchPolicyWorkItemLinking devops-policies.work-items",
  "devops-policies > BranchPolicyMergeTypes devops-policies.merge-types",
  "stack > InfrastructurePipelines devops-infrastructure",
  ...[
    "BuildFolder devops-infrastructure",
    "BuildDefinition devops-infrastructure.pull-request",
    "PipelineAuthorization devops-infrastructure.pull-request.connection",
    "BranchPolicyBuildValidation devops-infrastructure.validation",
    "BuildDefinition devops-infrastructure.delivery",
    "PipelineAuthorization devops-infrastructure.delivery.connection",
    "PipelineAuthorization devops-infrastructure.delivery.environment",
    "PipelineAuthorization devops-infrastructure.delivery.variables",
    ...more.map((each) => `PipelineAuthorization devops-infrastructure.${each}`),
  ].map((each) => `devops-infrastructure > ${each}`),
  "stack > Contributors devops-contributors",
  "devops-contributors > BuildFolderPermissions devops-contributors.pipelines",
  "stack > Member devops-member",
  "devops-member > ServicePrincipalEntitlement devops-member",
  "devops-member > ProjectPermissions devops-member.project",
  "devops-member > GitPermissions devops-member.repository",
  "devops-member > BuildFolderPermissions devops-member.pipelines",
  "devops-member > ServiceendpointPermissions devops-member.deploy",
  "devops-member > ServiceendpointPermissions devops-member.pull-request",
  "devops-member > VariableGroupPermissions devops-member.variables",
  "devops-member > SecurityroleAssignment devops-member.environment",
  ...flow("web", more),
  ...flow("support", more),
];

test("an environment that owns the project declares exactly this", async () => {
  expect(await list(owner)).toEqual(
    [
      "stack > Project devops-project",
      "devops-project > Project devops-project [protect]",
      "devops-project > ProjectPipelineSettings devops-project.pipelines",
      "stack > Repository devops-repository",
      "devops-repository > Git devops-repository [protect]",
      "devops-repository > GitPermissions devops-repository.comments",
      "devops-member > GitPermissions devops-member.development",
      ...environment(),
    ].sort(),
  );
});

test("an environment that joins it declares its own things alone", async () => {
  const settings = {
    ...joiner,
    agents: { mode: "create", pool: "inside" },
    approval: { approvers: ["lead@contoso.com"] },
  };
  expect(await list(settings)).toEqual(
    [
      "stack > Project devops-project",
      "stack > Repository devops-repository",
      "devops-agents > Pool devops-agents.pool",
      "devops-agents > Queue devops-agents",
      "devops-gate > CheckApproval devops-gate.approval",
      "devops-contributors > GitPermissions devops-contributors.release",
      "devops-member > GitPermissions devops-member.main",
      "devops-member > GitPermissions devops-member.release",
      ...environment(["pull-request.agents", "delivery.agents"]),
    ].sort(),
  );
});

test("pull requests run on agents of their own, which deliveries may not use", async () => {
  const agents = { mode: "create", pool: "inside" };
  const pullRequestAgents = { mode: "create", pool: "review" };
  const { all } = await declare(withDevOps({ ...joiner, agents, pullRequestAgents }));
  const definitions = all("azuredevops:index/buildDefinition:BuildDefinition");
  const pools = definitions.map(({ name, inputs }) => [
    name.split(".").at(-1) as string,
    inputs.agentPoolName,
  ]);
  expect(pools.sort()).toEqual([
    ...Array(3).fill(["delivery", "inside"]),
    ...Array(3).fill(["pull-request", "review"]),
  ]);
  const queues = all("azuredevops:index/pipelineAuthorization:PipelineAuthorization")
    .filter(({ inputs }) => inputs.type === "queue")
    .map(({ name, inputs }) => `${name.split(".").at(-2)} ${String(inputs.resourceId)}`);
  expect([...new Set(queues)].sort()).toEqual([
    "delivery <devops-agents.id>",
    "pull-request <devops-pull-request-agents.id>",
  ]);
});

test("without a block devops nothing of it is declared, and its SDK is not loaded", async () => {
  jest.resetModules();
  const loaded = jest.fn();
  jest.doMock("@pulumi/azuredevops", () => {
    loaded();
    return {};
  });
  const { declare: fresh } =
    require("../../support/declared") as typeof import("../../support/declared");
  const { someEnvironment } =
    require("../../support/environment") as typeof import("../../support/environment");
  const { resources, outputs } = await fresh(someEnvironment());
  jest.dontMock("@pulumi/azuredevops");
  expect(resources.filter(({ type }) => /devops/.test(type))).toEqual([]);
  expect(outputs).not.toHaveProperty("devOps");
  expect(loaded).not.toHaveBeenCalled();
});
