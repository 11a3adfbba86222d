import { existsSync } from "node:fs";
import path from "node:path";
import { readEnvironment } from "../../../config/read";
import { formatJson, type RecordedPlan } from "../../../packages/cli/plan/model";
import { planStack } from "../../../packages/cli/plan/stack";
import { referencePath } from "../../azuredevops/faces/referenceFace";
import { faultsOf } from "./reference";

const root = path.resolve(__dirname, "../../..");
const present = existsSync(referencePath);
if (!present) {
  console.warn(
    `SKIPPED: the inputs of both plans against the provider's schema. ${referencePath} is absent; ` +
      "name the file in AZUREDEVOPS_SCHEMA.",
  );
}

describe.each(["dev", "prod"])("the DevOps half of the plan of %s", (stack) => {
  let recorded: RecordedPlan;
  let again: RecordedPlan;
  beforeAll(async () => {
    recorded = await planStack(root, readEnvironment({ root, stack }));
    again = await planStack(root, readEnvironment({ root, stack }));
  }, 60_000);

  const devOps = () =>
    recorded.plan.resources.filter(({ type }) => type.startsWith("azuredevops:"));

  test("is the same, byte for byte, when it is made again", () => {
    expect(devOps().length).toBeGreaterThan(30);
    expect(formatJson(again.plan)).toBe(formatJson(recorded.plan));
  });

  (present ? test : test.skip)("has inputs that the provider's schema knows", () => {
    const faults = faultsOf(referencePath);
    expect(devOps().flatMap(({ type, inputs }) => faults(type, inputs))).toEqual([]);
  });

  test("refers to every pipeline by its id, and makes no number of the reference", () => {
    const pipelines = devOps().filter(({ type }) => type.endsWith(":BuildDefinition"));
    const opened = devOps().filter(({ type }) => type.endsWith(":PipelineAuthorization"));
    const ids = pipelines.map(({ urn }) => `\${${urn}.id}`);
    expect(opened.length).toBeGreaterThan(pipelines.length);
    expect(opened.filter(({ inputs }) => !ids.includes(String(inputs.pipelineId)))).toEqual([]);
  });

  test("opens nothing to all pipelines, and no connection that deploys to a pull request's", () => {
    const opened = devOps().filter(({ type }) => type.endsWith(":PipelineAuthorization"));
    expect(opened.filter(({ inputs }) => inputs.pipelineId === undefined)).toEqual([]);
    const reviews = opened.filter(({ name }) => name.includes(".pull-request."));
    const deploying = (text: unknown) => String(text).endsWith("::devops-connection.id}");
    expect(reviews.length).toBeGreaterThan(1);
    expect(reviews.filter(({ inputs }) => deploying(inputs.resourceId))).toEqual([]);
    expect(opened.filter(({ inputs }) => deploying(inputs.resourceId)).length).toBeGreaterThan(1);
  });
});

(present ? test : test.skip)("the check against the schema finds what is wrong", () => {
  const faults = faultsOf(referencePath);
  const token = "azuredevops:index/branchPolicyMinReviewers:BranchPolicyMinReviewers";
  const settings = { reviewerCount: 1.5, scope: [], scopes: [{ repositoryRef: 7 }] };
  expect(faults(token, { projectId: 12, settings }).sort()).toEqual([
    "BranchPolicyMinReviewers.projectId is 12: string",
    "BranchPolicyMinReviewers.settings.reviewerCount is 1.5: integer",
    "BranchPolicyMinReviewers.settings.scope is unknown",
    "BranchPolicyMinReviewers.settings.scopes[0].repositoryRef is 7: string",
  ]);
  expect(faults(token, { projectId: "${a.id}" })).toEqual([
    "BranchPolicyMinReviewers.settings is missing",
  ]);
});
