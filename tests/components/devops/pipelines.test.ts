import { declare } from "../../support/declared";
import { someEnvironment, someFlow } from "../../support/environment";
import { joiner, owner, withDevOps } from "./settings";

const definition = "azuredevops:index/buildDefinition:BuildDefinition";
const validation = "azuredevops:index/branchPolicyBuildValidation:BranchPolicyBuildValidation";

test("a flow's delivery starts by a push to its own or shared paths, and says which flow it is", async () => {
  const { one } = await declare(withDevOps({ ...joiner, sharedPaths: ["/images/*"] }));
  const { inputs } = one(definition, "devops.web.delivery");
  expect(inputs).toEqual({
    projectId: "${getProject(shop).id}",
    name: "web-dev",
    path: "\\dev\\web",
    agentPoolName: "Azure Pipelines",
    agentSpecification: "ubuntu-latest",
    jobAuthorizationScope: "project",
    repository: {
      repoType: "TfsGit",
      repoId: "${getGitRepository(shop-flows, ${getProject(shop).id}).id}",
      branchName: "refs/heads/main",
      ymlPath: "pipelines/continuous-delivery.yml",
      reportBuildStatus: true,
    },
    ciTrigger: {
      override: {
        batch: true,
        branchFilters: [{ includes: ["main", "release/*"] }],
        pathFilters: [{ includes: ["/flows/web/*", "/images/*", "/Pulumi.dev.yaml"] }],
        maxConcurrentBuildsPerBranch: 1,
      },
    },
    variables: [
      { name: "FLOW", value: "web", allowOverride: false, isSecret: false },
      { name: "ENVIRONMENT", value: "dev", allowOverride: false, isSecret: false },
    ],
    features: [{ skipFirstRun: true }],
  });
});

test("a pull request runs the pipelines of the flows that it touches, and the preview always", async () => {
  const { all, one } = await declare(withDevOps({ ...owner, sharedPaths: ["/images/*"] }));
  expect(
    all(validation).map(({ inputs }) => {
      const { buildDefinitionId, filenamePatterns } = inputs.settings as Record<string, unknown>;
      return [buildDefinitionId, filenamePatterns];
    }),
  ).toEqual([
    ["<devops-infrastructure.pull-request.id>", undefined],
    ["<devops.support.pull-request.id>", ["/flows/support/*", "/images/*"]],
    ["<devops.web.pull-request.id>", ["/flows/web/*", "/images/*"]],
  ]);
  const review = one(definition, "devops.web.pull-request").inputs;
  expect(review).not.toHaveProperty("ciTrigger");
  expect(review.repository).toMatchObject({ ymlPath: "pipelines/pull-request.yml" });
});

test("the infrastructure is updated by a push and compared every night", async () => {
  const state = { resourceGroup: "rg-state", storageAccount: "ststate", keyVault: "kv-state" };
  const { one } = await declare(withDevOps({ ...owner, state, driftHour: 4 }));
  const { inputs } = one(definition, "devops-infrastructure.delivery");
  expect(inputs).toMatchObject({
    name: "infrastructure-dev",
    path: "\\dev",
    schedules: [
      {
        branchFilters: [{ includes: ["development"] }],
        daysToBuilds: ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
        startHours: 4,
        scheduleOnlyWithChanges: false,
      },
    ],
    variables: [
      { name: "ENVIRONMENT", value: "dev" },
      { name: "PULUMI_BACKEND_URL", value: "azblob://pulumi?storage_account=ststate" },
    ],
  });
  const override = (inputs.ciTrigger as Record<string, Record<string, unknown>>).override;
  expect(override?.pathFilters).toEqual([
    { includes: expect.arrayContaining(["/components/*", "/Pulumi.yaml", "/Pulumi.dev.yaml"]) },
  ]);
});

test("the linked group comes with what deploys, and with nothing that runs for a pull request", async () => {
  const { all } = await declare(withDevOps({ ...owner, secrets: [{ name: "token" }] }));
  const withGroup = all(definition).filter(({ inputs }) => inputs.variableGroups !== undefined);
  expect(withGroup.map(({ name }) => name)).toEqual([
    "devops-infrastructure.delivery",
    "devops.support.delivery",
    "devops.web.delivery",
  ]);
  expect(withGroup[0]?.inputs.variableGroups).toEqual(["<devops-variables.secrets.id>"]);
});

test("policies and pipelines wait for the repository's files and branches", async () => {
  const repository = {
    mode: "create",
    name: "shop-flows",
    seed: ["index.ts", "package.json"],
  };
  const { one, all } = await declare(withDevOps({ ...owner, repository }));
  const git = one("azuredevops:index/git:Git");
  expect(git.inputs).toMatchObject({
    defaultBranch: "refs/heads/development",
    initialization: { initType: "Clean" },
  });
  const [first, second] = all("azuredevops:index/gitRepositoryFile:GitRepositoryFile");
  expect(first?.inputs).toMatchObject({
    branch: "refs/heads/development",
    file: "index.ts",
    overwriteOnCreate: false,
  });
  expect(first?.ignoreChanges).toEqual(["content", "commitMessage"]);
  expect(second?.after).toContain("devops-repository.index.ts");
  const main = one("azuredevops:index/gitRepositoryBranch:GitRepositoryBranch");
  expect(main.inputs).toMatchObject({ name: "main", refBranch: "refs/heads/development" });
  expect(main.after).toContain("devops-repository.package.json");
  const content = ["devops-repository.index.ts", "devops-repository.main"];
  const policy = "azuredevops:index/branchPolicyMinReviewers:BranchPolicyMinReviewers";
  for (const { after } of [one(policy), ...all(validation), ...all(definition)]) {
    expect(after).toEqual(expect.arrayContaining(content));
  }
});

test("each further flow costs the same", async () => {
  const count = async (flows: number) => {
    const names = Array.from({ length: flows }, (_, index) => `flow${index}`);
    const environment = someEnvironment(
      { devops: owner },
      names.map((name) => someFlow(name)),
    );
    const { resources } = await declare(environment);
    const devops = resources.filter(({ type }) => /^(azuredevops|genaiops:devops)/.test(type));
    const waits = devops.reduce((sum, { after }) => sum + after.length, 0);
    return [devops.length, waits];
  };
  const [one, two, many] = [await count(1), await count(2), await count(42)];
  const step = [0, 1].map((at) => (two[at] ?? 0) - (one[at] ?? 0));
  expect(step[0]).toBe(9);
  expect(many).toEqual([0, 1].map((at) => (one[at] ?? 0) + 41 * (step[at] ?? 0)));
});
