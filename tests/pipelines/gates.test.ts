import { pass, type Answer } from "../../packages/sandbox/pipelines/checks";
import { Locks } from "../../packages/sandbox/pipelines/locks";
import { findUsed } from "../../packages/sandbox/pipelines/resources";
import { askedOfPullRequest, startedByPush } from "../../packages/sandbox/pipelines/triggers";
import type { Stored } from "../../packages/sandbox/devops/state";
import { things } from "../../packages/sandbox/devops/store";
import type { Json } from "../../packages/sandbox/paths";
import { approver, declare, Organisation } from "./organisation";

/** What stands before a run and its stages, in the organisation that the stacks declare. */

const declared = declare();
let organisation: Organisation;
beforeEach(async () => {
  organisation = await Organisation.of(declared);
});
afterEach(() => organisation.close());

const names = (definitions: readonly Stored[]) =>
  definitions.map(({ properties }) => String(properties.name)).toSorted();

const all = (stack: string) => [`support-reply-${stack}`, `web-classification-${stack}`];

test.each<[string, string, string[]]>([
  ["flows/web-classification/flow.dag.yaml", "development", ["web-classification-dev"]],
  ["flows/support-reply/data/questions.jsonl", "development", ["support-reply-dev"]],
  ["flows/web-classification2/x", "development", []],
  ["README.md", "development", []],
  ["packages/cli/main.ts", "development", ["infrastructure-dev", ...all("dev")]],
  ["pipelines/templates/deploy.yml", "development", ["infrastructure-dev", ...all("dev")]],
  ["images/promptflow/Dockerfile", "release/2", ["infrastructure-prod", ...all("prod")]],
  ["Pulumi.prod.yaml", "development", []],
  ["Pulumi.prod.yaml", "main", ["infrastructure-prod", ...all("prod")]],
  ["flows/support-reply/passages.py", "main", ["support-reply-prod"]],
  ["flows/support-reply/passages.py", "release/a/b", ["support-reply-prod"]],
  ["flows/support-reply/passages.py", "feature/x", []],
  ["index.ts", "releases/1", []],
])("a push of %s to %s starts %j", (path, branch, expected) => {
  const { world, repository } = organisation;
  const started = startedByPush(world, { repositoryId: repository.id, branch, paths: [path] });
  expect(names(started)).toEqual(expected);
});

const asked = (stack: string, ...flows: string[]) =>
  ["infrastructure", ...flows].map((name) => `${name}-${stack}-pull-request`);

test.each<[string, string, string[]]>([
  ["flows/web-classification/flow.dag.yaml", "development", asked("dev", "web-classification")],
  ["flows/support-reply/prompts/x.txt", "release/1", asked("prod", "support-reply")],
  ["docs/pipelines.md", "development", asked("dev")],
  ["components/arm.ts", "main", asked("prod", "support-reply", "web-classification")],
  ["components/arm.ts", "feature/x", []],
])("a pull request with %s into %s runs %j", (path, target, expected) => {
  const { world, repository } = organisation;
  const found = askedOfPullRequest(world, { repositoryId: repository.id, target, paths: [path] });
  expect(names(found)).toEqual(expected);
});

/** Patterns in their order: learn.microsoft.com/azure/devops/repos/git/branch-policies, "Path filters". */
test.each<[string[], string, boolean]>([
  [["/flows/*", "!/flows/a/*"], "flows/a/x", false],
  [["/flows/*", "!/flows/a/*"], "flows/b/x", true],
  [["/flows/*", "!/flows/a/*", "/flows/a/keep.txt"], "flows/a/keep.txt", true],
  [["*.md"], "docs/x.md", true],
  [["/docs"], "docs/x.md", true],
])("patterns %j let %s through: %s", (patterns, path, expected) => {
  const { world, repository } = organisation;
  const [policy] = things(world.state, "BranchPolicyBuildValidation").filter(
    ({ properties }) => (properties.settings as Json).filenamePatterns !== undefined,
  );
  const settings = policy?.properties.settings as Json;
  settings.filenamePatterns = patterns;
  const { buildDefinitionId, scopes } = settings;
  const target = String((scopes as Json[])[0]?.repositoryRef).replace("refs/heads/", "");
  const found = askedOfPullRequest(world, { repositoryId: repository.id, target, paths: [path] });
  expect(found.some(({ id }) => id === String(buildDefinitionId))).toBe(expected);
});

function passing(branch: string, answer?: Answer) {
  const { world } = organisation;
  const definition = organisation.definition("web-classification-prod");
  const facts = organisation.facts(definition, {
    reason: "Manual",
    sourceBranch: `refs/heads/${branch}`,
  });
  const { projectId } = definition.properties;
  const used = [findUsed(world, projectId, "environment", "genaiops-prod")];
  return pass(world, facts, "Deploy", used, () => answer);
}

test("branch control comes before people are asked", () => {
  const answer = { approve: true, afterMinutes: 7, by: approver };
  expect(passing("main", answer)).toEqual({ passed: true, minutes: 7 });
  expect(passing("release/3", answer)).toEqual({ passed: true, minutes: 7 });
  expect(passing("development", answer)).toMatchObject({
    passed: false,
    minutes: 0,
    why: "environment genaiops-prod: refs/heads/development is not among refs/heads/main, refs/heads/release/*",
  });
});

test("an allowed branch without policies does not pass", () => {
  const { world } = organisation;
  for (const key of Object.keys(world.state.things))
    if (key.startsWith("BranchPolicy")) delete world.state.things[key];
  expect(passing("main")).toMatchObject({
    why: expect.stringContaining("refs/heads/main has no policies"),
  });
});

test("a lock is handed on in order; by default only the last that waits gets it", async () => {
  const inTurn = new Locks();
  const order: string[] = [];
  const use = async (name: string, behavior: "sequential" | "runLatest", locks: Locks) => {
    if (!(await locks.take("lock", behavior))) {
      order.push(`${name} cancelled`);
      return;
    }
    order.push(`${name} in`);
    await new Promise((resolve) => setImmediate(resolve));
    order.push(`${name} out`);
    locks.release("lock");
  };
  await Promise.all(["a", "b", "c"].map((name) => use(name, "sequential", inTurn)));
  expect(order).toEqual(["a in", "a out", "b in", "b out", "c in", "c out"]);
  order.length = 0;
  const latest = new Locks();
  await Promise.all(["a", "b", "c"].map((name) => use(name, "runLatest", latest)));
  expect(order).toEqual(["a in", "b cancelled", "a out", "c in", "c out"]);
});
