import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { devOpsNames } from "../../config/devopsNames";
import { createProgram } from "../../packages/cli/main";
import { things } from "../../packages/sandbox/devops/store";
import type { Json } from "../../packages/sandbox/paths";
import {
  ACCESS_TOKEN as accessToken,
  jobVariables,
  runVariables,
  type RunFacts,
} from "../../packages/sandbox/pipelines/predefined";
import { loadPipeline } from "../../packages/sandbox/pipelines/run";
import { closedTo, nameOf, usedBy } from "../../packages/sandbox/pipelines/resources";
import { taskInputs } from "../../packages/sandbox/pipelines/tasks";
import { macro } from "../../packages/sandbox/pipelines/variables";
import { declare, Organisation } from "./organisation";
import { root } from "./repository";
import { STAND_INS } from "./standIns";

/** Every declared pipeline in every kind of run, expanded and held against what is declared. */

const declared = declare();
let organisation: Organisation;
beforeAll(async () => {
  organisation = await Organisation.of(declared);
});
afterAll(() => organisation.close());

type Kind = Pick<RunFacts, "reason" | "sourceBranch" | "pullRequest">;

const branches = (stack: string): string[] => {
  const settings = parse(declared.files[`Pulumi.${stack}.yaml`] as string) as {
    config: { devops: { branches: string[] } };
  };
  return settings.config.devops.branches.map((branch) => branch.replace("*", "1"));
};

/** The kinds of run that the definitions, policies and schedules lead to. */
function* runs() {
  for (const stack of ["dev", "prod"])
    for (const definition of things(organisation.world.state, "BuildDefinition")) {
      const name = String(definition.properties.name);
      if (!String(definition.properties.path).startsWith(devOpsNames(stack).folder)) continue;
      for (const branch of branches(stack)) {
        const target = `refs/heads/${branch}`;
        const kinds: Kind[] = name.endsWith("-pull-request")
          ? [
              {
                reason: "PullRequest",
                sourceBranch: "refs/pull/1/merge",
                pullRequest: { id: 1, source: "refs/heads/feature/x", target },
              },
            ]
          : [
              { reason: "IndividualCI", sourceBranch: target },
              ...(definition.properties.schedules
                ? [{ reason: "Schedule", sourceBranch: target } as const]
                : []),
            ];
        for (const kind of kinds) yield { stack, name, definition, kind };
      }
    }
}

function expanded() {
  return [...runs()].map((run) => {
    const facts = organisation.facts(run.definition, run.kind);
    const source = { read: (path: string) => declared.files[path] };
    return { ...run, facts, ...loadPipeline({ definition: run.definition, facts, source }) };
  });
}

test("all 21 kinds of run expand, and every file takes part in one", () => {
  const found = expanded();
  expect(found).toHaveLength(21);
  const files = new Set(found.flatMap((run) => run.files));
  const written = ["pipelines", "pipelines/templates"].flatMap((folder) =>
    readdirSync(join(root, folder), { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => `${folder}/${name}`),
  );
  expect([...files].toSorted()).toEqual(written.toSorted());
});

test("a run's own stages use what is declared and opened to it, and nothing of another environment", () => {
  const { world } = organisation;
  for (const { stack, name, definition, pipeline } of expanded()) {
    const { projectId } = definition.properties;
    const own = pipeline.stages.filter(
      ({ condition }) => !condition?.includes("ENVIRONMENT") || condition.includes(`'${stack}'`),
    );
    const used = own.flatMap((stage) => usedBy(world, projectId, pipeline, stage));
    expect([name, closedTo(world, definition.id, used).map(nameOf)]).toEqual([name, []]);
    const names = devOpsNames(stack);
    const allowed = name.endsWith("-pull-request")
      ? [`connection ${names.pullRequestConnection}`]
      : [
          `connection ${names.connection}`,
          `environment ${names.environment}`,
          `variablegroup ${names.variableGroup}`,
        ];
    expect(used.map(nameOf).filter((one) => !allowed.includes(one))).toEqual([]);
    expect(used.length).toBeGreaterThan(0);
  }
});

test("no variable is used that nobody declares", () => {
  for (const { definition, facts, pipeline } of expanded()) {
    const stored = definition.properties.variables as { name: string }[];
    const folders = { workspace: "", sources: "", artifacts: "", temporary: "" };
    const known = new Set(
      [
        ...Object.keys(runVariables(facts)),
        ...Object.keys(jobVariables(folders, { stage: "", job: "" })),
        ...stored.map(({ name }) => name),
        accessToken,
      ].map((name) => name.toLowerCase()),
    );
    const text = JSON.stringify(pipeline);
    const used = [...text.matchAll(macro)].map(([, name = ""]) => name);
    expect(used.filter((name) => !known.has(name.toLowerCase()))).toEqual([]);
    const asked = [...text.matchAll(/variables\['([^']+)'\]/g)].map(([, name = ""]) => name);
    expect(asked.filter((name) => !known.has(name.toLowerCase()))).toEqual([]);
  }
});

test("a definition's variables cannot be set when a run is queued, and hold no secret", () => {
  for (const { properties } of things(organisation.world.state, "BuildDefinition"))
    for (const variable of properties.variables as Json[])
      expect(variable).toMatchObject({ allowOverride: false, isSecret: false });
});

const steps = () =>
  expanded().flatMap(({ pipeline }) =>
    pipeline.stages.flatMap(({ jobs }) => jobs.flatMap((job) => job.steps)),
  );

test("every task has its documented inputs", () => {
  const tasks = steps().flatMap((step) => ("task" in step ? [step] : []));
  expect(tasks.length).toBeGreaterThan(50);
  for (const { task, inputs } of tasks) taskInputs(task, inputs);
});

/** Commands of all steps, long lines put together, each once. */
function commands(): string[] {
  const scripts = steps().flatMap((step) => {
    if ("script" in step) return [step.script];
    return "task" in step && step.inputs.inlineScript ? [step.inputs.inlineScript] : [];
  });
  const lines = scripts.flatMap((script) => script.replaceAll("\\\n", " ").split("\n"));
  return [...new Set(lines.map((line) => line.trim()).filter((line) => line !== ""))];
}

test("every step is a command that a laptop runs with the same words", () => {
  const others = commands().filter(
    (line) => !/^(npx genaiops|npx jest|npm|pulumi|git) /.test(line) && line !== "npx jest",
  );
  expect(others).toEqual([
    "set -euo pipefail",
    'export ARM_USE_OIDC=true ARM_CLIENT_ID="$servicePrincipalId" ARM_TENANT_ID="$tenantId" ARM_OIDC_TOKEN="$idToken"',
    'export AZDO_ORG_SERVICE_URL="$SYSTEM_COLLECTIONURI"',
  ]);
});

test("a verb or flag that has not landed stands in docs/pipelines.md, and none is called that does not exist", () => {
  const verbs = new Map(createProgram().commands.map((verb) => [verb.name(), verb]));
  const missing = commands()
    .flatMap((line) => /^npx genaiops (\S+)(.*)$/.exec(line)?.slice(1) ?? [])
    .reduce<[string, string][]>((pairs, part, index, parts) => {
      if (index % 2 === 0) pairs.push([part, parts[index + 1] ?? ""]);
      return pairs;
    }, [])
    .flatMap(([name, rest]) => {
      const verb = verbs.get(name);
      if (!verb) return [name];
      return [...rest.matchAll(/ (--[a-z-]+)/g)]
        .filter(([, flag]) => !verb.options.some(({ long }) => long === flag))
        .map(([, flag]) => `${name} ${flag}`);
    });
  const document = readFileSync(join(root, "docs/pipelines.md"), "utf8");
  const told = [...new Set(missing)].filter((one) => !document.includes(`| \`${one}\` |`));
  expect(told).toEqual([]);
  console.log(
    `Written and not landed: ${[...new Set(missing)].toSorted().join(", ") || "nothing"}`,
  );
});

test("a stand-in is called by some step", () => {
  const text = commands().join("\n");
  expect(Object.keys(STAND_INS).filter((name) => !text.includes(name))).toEqual([]);
});

test("no YAML holds a secret or names one", () => {
  for (const file of Object.keys(declared.files).filter((path) => path.startsWith("pipelines/"))) {
    const text = String(declared.files[file]);
    expect([
      file,
      /password|clientSecret|ARM_CLIENT_SECRET|_API_KEY|\bPAT\b|accountKey/i.exec(text),
    ]).toEqual([file, null]);
    // The job's token is handed over where a comment is written, and nowhere else.
    const tokens = text.split("\n").filter((line) => line.includes("System.AccessToken"));
    expect(
      tokens.every((line) => line.trim() === "SYSTEM_ACCESSTOKEN: $(System.AccessToken)"),
    ).toBe(true);
  }
});
