import {
  holds,
  overall,
  resultsBefore,
  type Result,
} from "../../packages/sandbox/pipelines/conditions";
import { ordered, structureOf } from "../../packages/sandbox/pipelines/structure";
import { taskInputs } from "../../packages/sandbox/pipelines/tasks";
import { runtimeValue, Variables } from "../../packages/sandbox/pipelines/variables";
import { setVariables } from "../../packages/sandbox/pipelines/script";
import type { Value } from "../../packages/sandbox/pipelines/value";

const job = { job: "J", steps: [{ script: "x" }] };
const pipeline = (stages: Value, more = {}): Value => ({
  trigger: "none",
  pr: "none",
  stages,
  ...more,
});

test("a stage depends on the one before unless it says otherwise, and runs after it", () => {
  const stages = structureOf(
    "p.yml",
    pipeline([
      { stage: "A", jobs: [job] },
      { stage: "B", jobs: [job], lockBehavior: "sequential" },
      { stage: "C", dependsOn: [], jobs: [job] },
    ]),
  ).stages;
  expect(
    stages.map(({ name, dependsOn, lockBehavior }) => [name, dependsOn, lockBehavior]),
  ).toEqual([
    ["A", [], "runLatest"],
    ["B", ["A"], "sequential"],
    ["C", [], "runLatest"],
  ]);
});

test.each<[string, Value, string]>([
  ["no stage", pipeline([]), "no environment is deployed from this branch"],
  [
    "a trigger in the YAML",
    pipeline([{ stage: "A", jobs: [job] }], { trigger: ["main"] }),
    "triggers stand",
  ],
  [
    "an unknown property",
    pipeline([{ stage: "A", jobs: [job], when: "x" }]),
    'Unrecognized key: "when"',
  ],
  [
    "a stage twice",
    pipeline([
      { stage: "A", jobs: [job] },
      { stage: "A", jobs: [job] },
    ]),
    "stands there twice",
  ],
  [
    "a lost dependency",
    pipeline([{ stage: "A", dependsOn: "Z", jobs: [job] }]),
    "stage A depends on Z, which is not there",
  ],
  [
    "a circle",
    pipeline([
      {
        stage: "A",
        jobs: [
          { ...job, job: "X", dependsOn: "Y" },
          { ...job, job: "Y", dependsOn: ["X"] },
        ],
      },
    ]),
    "p.yml: job of stage A: X depends on Y depends on X",
  ],
  [
    "a lock behaviour",
    pipeline([{ stage: "A", jobs: [job], lockBehavior: "later" }]),
    "lockBehavior",
  ],
])("%s is refused", (_, expanded, message) => {
  expect(() => structureOf("p.yml", expanded)).toThrow(message);
});

test("what depends on something comes after it", () => {
  const items = [
    { name: "c", dependsOn: ["a", "b"] },
    { name: "b", dependsOn: ["a"] },
    { name: "a", dependsOn: [] },
  ];
  expect(ordered("x", items).map(({ name }) => name)).toEqual(["a", "b", "c"]);
});

test.each<[string | undefined, Record<string, Result>, boolean]>([
  [undefined, {}, true],
  [undefined, { a: "Succeeded", b: "SucceededWithIssues" }, true],
  [undefined, { a: "Skipped" }, false],
  [undefined, { a: "Succeeded", b: "Failed" }, false],
  ["failed()", { a: "Succeeded", b: "Failed" }, true],
  ["failed('a')", { a: "Succeeded", b: "Failed" }, false],
  ["failed()", {}, false],
  ["succeeded('a')", { a: "Succeeded", b: "Failed" }, true],
  ["succeededOrFailed()", { a: "Failed" }, true],
  ["succeededOrFailed()", { a: "Canceled" }, false],
  ["always()", { a: "Canceled" }, true],
  ["canceled()", { a: "Canceled" }, true],
  ["and(succeeded(), eq(variables['ENVIRONMENT'], 'dev'))", {}, true],
  ["and(succeeded(), eq(variables['ENVIRONMENT'], 'prod'))", {}, false],
  ["eq(dependencies.a.result, 'Succeeded')", { a: "Succeeded" }, true],
  ["eq(dependencies.a.outputs['set.version'], '3')", { a: "Succeeded" }, true],
])("condition %s over %j is %s", (condition, results, expected) => {
  const names = {
    variables: (name: string) => (name === "ENVIRONMENT" ? "dev" : null),
    dependencies: { a: { result: results.a ?? null, outputs: { "set.version": "3" } } },
  };
  expect(holds(condition, names, results)).toBe(expected);
});

test("a status function refuses a name that does not come before", () => {
  expect(() => holds("failed('z')", {}, { a: "Failed" })).toThrow(
    "z is not among what comes before",
  );
});

test("all that came before counts, over others too", () => {
  const items = [
    { name: "a", dependsOn: [] },
    { name: "b", dependsOn: ["a"] },
    { name: "c", dependsOn: ["b"] },
    { name: "d", dependsOn: [] },
  ];
  const results = new Map<string, Result>([
    ["a", "Failed"],
    ["b", "Succeeded"],
    ["d", "Failed"],
  ]);
  expect(resultsBefore(items[2] as (typeof items)[0], items, results)).toEqual({
    a: "Failed",
    b: "Succeeded",
  });
});

test.each<[Result[], Result]>([
  [[], "Skipped"],
  [["Succeeded", "Skipped"], "Succeeded"],
  [["Succeeded", "Failed", "Skipped"], "Failed"],
  [["Failed", "Canceled"], "Canceled"],
])("a whole of %j is %s", (results, expected) => {
  expect(overall(results)).toBe(expected);
});

test("variables: later covers earlier, case does not count, secrets stay out of the environment", () => {
  const outer = new Variables();
  outer.set("Flow", "a");
  outer.set("path", "/$(flow)/x");
  const inner = new Variables(outer);
  inner.set("FLOW", "b");
  inner.set("key", "canary", true);
  inner.set("Build.Reason", "Manual");
  expect(inner.expand("$(path) $(date +%s) $(KEY)")).toBe("/b/x $(date +%s) canary");
  expect(outer.expand("$(path)")).toBe("/a/x");
  expect(inner.environment()).toEqual({ FLOW: "b", PATH: "/b/x", BUILD_REASON: "Manual" });
  expect(inner.secrets()).toEqual(["canary"]);
  expect(() => inner.expand("$(nothing)")).toThrow("variable nothing is declared nowhere");
  inner.set("x", "$(y)");
  inner.set("y", "$(x)");
  expect(() => inner.expand("$(x)")).toThrow("variables stand for each other");
});

test("a runtime expression is one only as a whole value", () => {
  const scope = {
    names: { variables: () => "v", dependencies: { A: { outputs: { "s.o": "7" } } } },
  };
  expect(runtimeValue("$[ dependencies.A.outputs['s.o'] ]", scope)).toBe("7");
  expect(runtimeValue("$[variables.x]", scope)).toBe("v");
  expect(runtimeValue("is $[variables.x]", scope)).toBe("is $[variables.x]");
});

test("scripts set variables by what they print", () => {
  const text = [
    "##vso[task.setvariable variable=a]1",
    "##vso[task.setVariable variable=b;isOutput=true]two words",
    "##vso[task.setvariable variable=c;isSecret=true]s",
    "no ##vso[task.setvariable variable=d]4",
    "##vso[task.complete result=Failed]",
  ].join("\n");
  expect(setVariables(text)).toEqual([
    { name: "a", value: "1", output: false, secret: false },
    { name: "b", value: "two words", output: true, secret: false },
    { name: "c", value: "s", output: false, secret: true },
  ]);
});

const azureCli = {
  azureSubscription: "c",
  scriptType: "bash",
  scriptLocation: "inlineScript",
  inlineScript: "x",
};

test("inputs of a task go by their documented names, aliases too, with defaults", () => {
  const { azureSubscription, ...rest } = azureCli;
  expect(taskInputs("AzureCLI@2", { connectedServiceNameARM: azureSubscription, ...rest })).toEqual(
    azureCli,
  );
  expect(taskInputs("NodeTool@0", {})).toEqual({ versionSource: "spec", versionSpec: "6.x" });
  expect(taskInputs("PublishPipelineArtifact@1", { path: "p", artifactName: "n" })).toEqual({
    targetPath: "p",
    artifact: "n",
    publishLocation: "pipeline",
  });
});

test.each<[string, Record<string, string>, string]>([
  ["AzureCLI@2", { ...azureCli, script: "y" }, "has no input script (learn.microsoft.com"],
  [
    "AzureCLI@2",
    { ...azureCli, scriptType: "sh" },
    "takes scriptType of ps, pscore, batch, bash, not sh",
  ],
  ["AzureCLI@2", { ...azureCli, scriptLocation: "scriptPath" }, "needs the input scriptPath"],
  ["AzureCLI@2", { ...azureCli, inlineScript: "" }, "needs the input inlineScript"],
  [
    "AzureCLI@2",
    {},
    "needs the input azureSubscription; needs the input scriptType; needs the input scriptPath",
  ],
  ["PublishPipelineArtifact@1", { artifact: "a" }, "needs the input targetPath"],
  [
    "Bash@3",
    {},
    "task Bash@3 is not known; known are AzureCLI@2, NodeTool@0, PublishPipelineArtifact@1",
  ],
])("%s %j is refused", (task, inputs, message) => {
  expect(() => taskInputs(task, inputs)).toThrow(message);
});
