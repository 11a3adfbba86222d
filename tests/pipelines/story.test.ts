import type { Run } from "../../packages/sandbox/pipelines/run";
import { approver, author, declare, FEDERATED_TOKEN, Organisation } from "./organisation";
import { ACCESS_TOKEN } from "./threads";
import { matchesUrn } from "./urnPattern";

/** From a feature branch to production, with the real YAML and what the real stacks declare. */

jest.setTimeout(300_000);

const declared = declare();
let organisation: Organisation;

beforeEach(async () => {
  organisation = await Organisation.of(declared);
});
afterEach(() => {
  const told = organisation.told();
  organisation.close();
  expect(told).not.toContain(ACCESS_TOKEN);
  expect(told).not.toContain(FEDERATED_TOKEN);
});

const flowA = { "flows/web-classification/prompts/summarize_short.jinja2": "One sentence.\n" };
const flowB = { "flows/support-reply/prompts/careful.txt": "Be careful.\n" };
const yes = () => ({ approve: true, afterMinutes: 5, by: approver });

/** Results by pipeline and stage, as people see them. */
function results(runs: readonly Run[]): Record<string, Record<string, string>> {
  return Object.fromEntries(
    runs.map(({ facts, stages }) => [
      facts.definition,
      Object.fromEntries(stages.map(({ name, result }) => [name, result])),
    ]),
  );
}

/** Lines of calls of an environment that begin so. */
function lines(environment: string, begin: string): string[] {
  return organisation.standIns
    .calls()
    .filter((call) => call.environment === environment && call.line.startsWith(begin))
    .map(({ line }) => line);
}

const shipped = { Evaluate: "Succeeded", Deploy: "Succeeded" };
const updateOf = (stack: string, flow: string) =>
  `pulumi up --stack ${stack} --yes --non-interactive --target **FlowEndpoint**::${flow} ` +
  `--target **FlowEndpoint**::${flow}.* --target **::endpoint-identity.${flow} ` +
  `--target **::endpoint-identity.${flow}.*`;

test("feature branch, pull request, development, release, prod", async () => {
  organisation.branch("feature/shorter", "development");
  expect(organisation.push("feature/shorter", flowA)).toBeUndefined();
  expect(organisation.push("development", flowA)).toMatch(/asks for a pull request/);

  // The author opens a pull request: its flow and the repository as a whole are checked, nothing deploys.
  const reviewed = await organisation.pullRequest("feature/shorter", "development", flowA);
  expect(results(reviewed)).toEqual({
    "infrastructure-dev-pull-request": {
      Check: "Succeeded",
      Preview_dev: "Succeeded",
      Preview_prod: "Skipped",
    },
    "web-classification-dev-pull-request": {
      Experiment_dev: "Succeeded",
      Experiment_prod: "Skipped",
    },
  });
  expect(lines("dev", "pulumi")).toEqual([
    "pulumi stack export --stack dev --file .genaiops/state.json",
  ]);
  const [planOfDev, planOfProd] = organisation.comments.toSorted();
  expect(planOfDev).toContain("! update OnlineDeployment web-classification.blue");
  expect(planOfProd).toContain("**no changes**");

  // It is merged: dev ships.
  organisation.standIns.forget();
  const merged = await organisation.merge("development", flowA);
  expect(results(merged)).toEqual({ "web-classification-dev": shipped });
  expect(lines("dev", "genaiops")).toEqual([
    "genaiops validate web-classification",
    "genaiops run web-classification --env dev --cloud",
    "genaiops evaluate web-classification --env dev",
    expect.stringMatching(/^genaiops report web-classification --env dev --out /),
    "genaiops report web-classification --env dev --fail-under",
    "genaiops register web-classification --env dev --approve dev",
    "genaiops rollout web-classification --env dev --hold",
    "genaiops rollout web-classification --env dev --hold",
    "genaiops test-endpoint web-classification --env dev --requests 0",
    "genaiops test-endpoint web-classification --env dev --requests 500",
  ]);
  expect(lines("dev", "pulumi")).toEqual(Array(2).fill(updateOf("dev", "web-classification")));

  // A release branch of what ran before, and a pull request that brings development into it.
  const main = organisation.filesOf({ sourceBranch: "refs/heads/main" });
  expect(organisation.begin("release/1", main, "Contributors")).toMatch(/'CreateBranch'/);
  expect(organisation.begin("feature/2", main, "Contributors")).toBeUndefined();
  expect(organisation.begin("release/1", main, "Project Administrators")).toBeUndefined();
  organisation.standIns.forget();
  const release = await organisation.pullRequest("development", "release/1", flowA);
  expect(Object.keys(results(release)).toSorted()).toEqual([
    "infrastructure-prod-pull-request",
    "web-classification-prod-pull-request",
  ]);
  expect(lines("dev", "")).toEqual([]);

  organisation.ask = ({ of, instructions, approvers }) => {
    expect(of).toBe("environment genaiops-prod");
    expect(instructions).toContain("Read the metrics of each variant before you approve");
    expect(approvers).toHaveLength(1);
    return yes();
  };
  const prod = await organisation.merge("release/1", flowA);
  expect(results(prod)).toEqual({ "web-classification-prod": shipped });
  expect(prod[0]?.minutes).toBe(5);
  expect(lines("prod", "pulumi up")).toEqual(Array(2).fill(updateOf("prod", "web-classification")));
});

test.each<[string, ReturnType<Organisation["ask"]>, string, string, number]>([
  [
    "approved in the last minute",
    { approve: true, afterMinutes: 60, by: approver },
    "Succeeded",
    "",
    60,
  ],
  [
    "refused",
    { approve: false, afterMinutes: 12, by: approver },
    "Failed",
    "rejected the stage",
    12,
  ],
  ["answered by nobody", undefined, "Skipped", "within 60 minutes", 60],
  [
    "approved too late",
    { approve: true, afterMinutes: 61, by: approver },
    "Skipped",
    "within 60 minutes",
    60,
  ],
  [
    "approved by the author",
    { approve: true, afterMinutes: 1, by: author },
    "Skipped",
    "within 60 minutes",
    60,
  ],
])("production %s", async (_, answer, result, why, minutes) => {
  organisation.standIns.pretend();
  organisation.ask = () => answer;
  const [run] = await organisation.merge("main", flowA);
  expect(run?.stages[0]?.result).toBe("Succeeded");
  expect(run?.stages[1]?.result).toBe(result);
  expect(run?.stages[1]?.why ?? "").toContain(why);
  expect(run?.minutes).toBe(minutes);
  const ran = result === "Succeeded";
  expect(lines("prod", "pulumi up")).toHaveLength(ran ? 2 : 0);
  expect(lines("prod", "genaiops test-endpoint")).toHaveLength(ran ? 2 : 0);
});

test("one merge touches A and B, and B's gate fails: A ships, B stays", async () => {
  organisation.standIns.measure("support-reply", 0.79);
  const runs = await organisation.merge("development", { ...flowA, ...flowB });
  expect(results(runs)).toEqual({
    "web-classification-dev": shipped,
    "support-reply-dev": { Evaluate: "Failed", Deploy: "Skipped" },
  });
  expect(lines("dev", "pulumi")).toEqual(Array(2).fill(updateOf("dev", "web-classification")));
  expect(lines("dev", "genaiops register")).toEqual([
    "genaiops register web-classification --env dev --approve dev",
  ]);
  expect(runs.map(({ log }) => log).join("")).toContain("accuracy on pages is 0.79, at least 0.8");
  // The report of the flow that stays is published for its author.
  const steps = runs
    .find(({ facts }) => facts.definition === "support-reply-dev")
    ?.stages[0]?.jobs[0]?.steps.map(({ name, result }) => `${name}: ${result}`);
  expect(steps?.slice(-3)).toEqual([
    "Publish the report: Succeeded",
    "Gate: Failed",
    "Register and approve: Skipped",
  ]);
});

test("what A's update targets is all of A, its identity too, and nothing of another flow", () => {
  const [dev] = declared.plans;
  const urns = dev?.resources.map(({ urn }) => urn) ?? [];
  for (const flow of ["web-classification", "support-reply"]) {
    const patterns = [...updateOf("dev", flow).matchAll(/--target (\S+)/g)].map(
      ([, one]) => one ?? "",
    );
    const targeted = urns.filter((urn) => patterns.some((pattern) => matchesUrn(pattern, urn)));
    const own = urns.filter((urn) => {
      const name = urn.split("::").at(-1) ?? "";
      const ofFlow = name === flow || name.startsWith(`${flow}.`);
      return (
        (urn.includes("FlowEndpoint") && ofFlow) ||
        name === `endpoint-identity.${flow}` ||
        name.startsWith(`endpoint-identity.${flow}.`)
      );
    });
    expect(targeted).toEqual(own);
    expect(targeted.length).toBeGreaterThan(10);
    // The infrastructure's update leaves out the very endpoints that flows' updates bring.
    const excluded = urns.filter((urn) => matchesUrn("**FlowEndpoint**", urn));
    expect(excluded.filter((urn) => urn.split("::").at(-1)?.split(".")[0] === flow)).toEqual(
      targeted.filter((urn) => urn.includes("FlowEndpoint")),
    );
  }
});

test("a smoke test that fails leaves the weights where they are", async () => {
  organisation.standIns.pretend();
  organisation.standIns.fail("genaiops test-endpoint web-classification --env dev --requests 0");
  const [run] = await organisation.merge("development", flowA);
  expect(run?.stages[1]?.jobs.map(({ name, result }) => [name, result])).toEqual([
    ["Deploy", "Succeeded"],
    ["Test", "Failed"],
    ["Shift", "Skipped"],
    ["Integration", "Skipped"],
  ]);
  expect(lines("dev", "pulumi up")).toHaveLength(1);
});

test("deployments of one environment go one after another, and none is cancelled", async () => {
  organisation.standIns.pretend();
  const platform = { "components/arm.ts": "export {};\n" };
  const runs = await organisation.whileLocked("genaiops-dev", 3, () =>
    organisation.merge("development", { ...flowA, ...flowB, ...platform }),
  );
  expect(results(runs)).toEqual({
    "infrastructure-dev": { Update: "Succeeded" },
    "web-classification-dev": shipped,
    "support-reply-dev": shipped,
  });
  const turns = lines("dev", "pulumi up").map(
    (line) => /endpoint-identity\.([a-z-]+)\.\*$/.exec(line)?.[1] ?? "platform",
  );
  // Two updates of each flow stand side by side: nobody else's is between.
  expect(turns.filter((turn, index) => turn !== turns[index - 1])).toHaveLength(3);
  expect(turns.toSorted()).toEqual([
    "platform",
    "support-reply",
    "support-reply",
    "web-classification",
    "web-classification",
  ]);
});

test("every night the state is compared with Azure, and drift fails the run", async () => {
  expect(results(await organisation.night(3))).toEqual({
    "infrastructure-dev": { Drift: "Succeeded" },
    "infrastructure-prod": { Drift: "Succeeded" },
  });
  const refresh = (stack: string) =>
    `pulumi refresh --stack ${stack} --preview-only --expect-no-changes --non-interactive`;
  expect(lines("dev", "pulumi")).toEqual([refresh("dev")]);
  expect(lines("prod", "pulumi")).toEqual([refresh("prod")]);
  organisation.standIns.fail("pulumi refresh --stack prod");
  expect(results(await organisation.night(3))["infrastructure-prod"]).toEqual({ Drift: "Failed" });
  expect(await organisation.night(4)).toEqual([]);
});

test("a script that prints its tokens shows stars", async () => {
  organisation.standIns.pretend();
  const { files } = declared;
  const sourceBranch = "refs/heads/development";
  const leaking = {
    ...files,
    "pipelines/templates/experiment.yml": String(
      files["pipelines/templates/experiment.yml"],
    ).replace(
      "\nsteps:\n",
      "$&  - script: echo $TOKEN\n    env: { TOKEN: $(System.AccessToken) }\n",
    ),
    "pipelines/templates/azure.yml": String(files["pipelines/templates/azure.yml"]).replace(
      "set -euo pipefail",
      "$&; echo $idToken",
    ),
  };
  const definition = organisation.definition("web-classification-dev");
  const run = await organisation.run(definition, { reason: "Manual", sourceBranch }, leaking);
  expect(run.result).toBe("Succeeded");
  // One of the job, one of each task that signs in.
  expect(run.log.match(/^\*\*\*/gm)).toHaveLength(8);
});

test("a pull request that names the deployer's connection gets no further than its stage", async () => {
  const { files } = declared;
  organisation.branch("feature/more-rights", "development");
  const path = "pipelines/pull-request.yml";
  const changed = String(files[path]).replace("}}-pull-request", "}}-deploy");
  organisation.push("feature/more-rights", { [path]: changed });
  const run = await organisation.run(
    organisation.definition("web-classification-dev-pull-request"),
    {
      reason: "PullRequest",
      sourceBranch: "refs/pull/1/merge",
      pullRequest: {
        id: 1,
        source: "refs/heads/feature/more-rights",
        target: "refs/heads/development",
      },
    },
  );
  expect(run.stages[0]).toEqual({
    name: "Experiment_dev",
    result: "Failed",
    why: "not opened to the pipeline: connection genaiops-dev-deploy",
    jobs: [],
  });
});

test.each([
  ["refs/heads/feature/x", "there is no stage: no environment is deployed from this branch"],
  ["refs/heads/development2", "there is no stage: no environment is deployed from this branch"],
])("a run of %s by hand deploys nothing", async (sourceBranch, message) => {
  const { files } = declared;
  const definition = organisation.definition("web-classification-prod");
  const run = organisation.run(definition, { reason: "Manual", sourceBranch }, files);
  await expect(run).rejects.toThrow(message);
});

test("the pipeline of prod does nothing on the branch of dev", async () => {
  const definition = organisation.definition("web-classification-prod");
  const sourceBranch = "refs/heads/development";
  const run = await organisation.run(definition, { reason: "Manual", sourceBranch });
  expect(results([run])).toEqual({
    "web-classification-prod": { Evaluate: "Skipped", Deploy: "Skipped" },
  });
});
