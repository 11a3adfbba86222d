import { formatProblems, ProblemsError, sortProblems } from "../../config/problem";
import type { Problem } from "../../config/problem";
import { readEnvironment } from "../../config/read";
import { repository } from "./repository";
import type { Edit, Files } from "./repository";
import { arms } from "./wrong/arms";
import { dag } from "./wrong/dag";
import { devops } from "./wrong/devops";
import { experiment } from "./wrong/experiment";
import { images } from "./wrong/images";
import { stack as stackCases } from "./wrong/stack";
import { targets } from "./wrong/targets";
import { yaml } from "./wrong/yaml";

/** Every line said of a repository; none where nothing is wrong. */
function linesOf(
  stack: string,
  edits: readonly Edit[] = [],
  files: Files = {},
  links: Readonly<Record<string, string>> = {},
): string[] {
  const { root, remove } = repository(edits, files, links);
  try {
    readEnvironment({ root, stack });
    return [];
  } catch (error) {
    if (error instanceof ProblemsError) {
      return error.message.split("\n");
    }
    throw error;
  } finally {
    remove();
  }
}

test("the repository that all cases start from is sound", () => {
  expect(linesOf("dev")).toEqual([]);
});

describe.each([
  ["YAML", yaml],
  ["the platform", stackCases],
  ["images", images],
  ["arms", arms],
  ["targets", targets],
  ["flows", experiment],
  ["nodes", dag],
  ["Azure DevOps", devops],
])("%s", (_group, cases) => {
  test.each(cases)("$name", ({ stack = "dev", edits, files, links, problems }) => {
    expect(linesOf(stack, edits, files, links)).toEqual(problems);
  });
});

test("the table is long, and no case stands in it twice", () => {
  const names = [yaml, stackCases, images, arms, experiment, dag, devops]
    .flat()
    .map(({ name }) => name);
  expect(names.length).toBeGreaterThanOrEqual(60);
  expect(new Set(names).size).toBe(names.length);
});

test("broken files tell all their problems at once, sorted by file and line", () => {
  const lines = linesOf(
    "dev",
    [
      { from: "swedencentral", to: "Sweden Central" },
      { from: "network: open", to: "network: shut" },
      { from: "type: azureOpenAI", to: "type: azureOpenAI\n      secret: other" },
      { from: '{ secure: "v1:c2VhbGVk" }', to: "hunter2" },
      {
        from: "armDefaults: { image: serving }",
        to: "armDefaults: { image: serving, instances: 0 }",
      },
      { from: "weight: 90", to: "weight: 80" },
      { from: "summarize.short", to: "summarize.tiny" },
      { file: "flows/web/experiment.yaml", from: "url: ${data.url}", to: "url: ${data.link}" },
      { file: "flows/web/experiment.yaml", from: "reference: train", to: "reference: test" },
      { file: "flows/web/flow.dag.yaml", from: "connection: aoai", to: "connection: aoia" },
    ],
    { "flows/web/experiment.dev.yaml": "name: other\n" },
  );
  expect(lines.map((line) => line.split("  ")[0])).toEqual([
    "Pulumi.dev.yaml:2:26",
    "Pulumi.dev.yaml:5:12",
    "Pulumi.dev.yaml:10:15",
    "Pulumi.dev.yaml:12:17",
    "Pulumi.dev.yaml:15:45",
    "Pulumi.dev.yaml:18:7",
    "Pulumi.dev.yaml:20:58",
    "flows/web/experiment.dev.yaml:1:1",
    "flows/web/experiment.yaml:12:12",
    "flows/web/experiment.yaml:17:20",
    "flows/web/flow.dag.yaml:9:17",
    "flows/web/flow.dag.yaml:9:17",
  ]);
});

test("problems of several flows come together", () => {
  const lines = linesOf(
    "dev",
    [
      {
        from: "    web:\n",
        to: "    shop:\n      arms: { blue: { version: 1, weight: 100 } }\n    web:\n",
      },
    ],
    {
      "flows/shop/experiment.yaml": "name: shop\nflow: shopp\n",
      "flows/web/experiment.yaml": "name: web\nflow: webb\n",
    },
  );
  expect(lines.map((line) => line.split(";")[0])).toEqual([
    'flows/shop/experiment.yaml:2:7  there is no flow in "shopp"',
    'flows/web/experiment.yaml:2:7  there is no flow in "webb"',
  ]);
});

describe("a secret in the wrong place", () => {
  const canary = "c4n4ry8f2e91d07b6a5c3";
  const stack = (from: string, to: string): Edit[] => [{ from, to }];
  const text = (from: string, to: string): Edit[] => [
    { file: "flows/web/experiment.yaml", from, to },
  ];

  test.each<[string, Edit[]]>([
    ["in plain text under secrets", stack('{ secure: "v1:c2VhbGVk" }', canary)],
    ["as all of secrets", stack('\n    search-key: { secure: "v1:c2VhbGVk" }', ` ${canary}`)],
    ["in a list under secrets", stack('{ secure: "v1:c2VhbGVk" }', `[${canary}]`)],
    [
      "as the name of a secret",
      stack("type: azureOpenAI", `type: azureOpenAI\n      secret: ${canary}`),
    ],
    ["under an unknown key", stack("type: azureOpenAI", `type: azureOpenAI\n      key: ${canary}`)],
    ["as a key", stack("network: open", `network: open\n  ${canary}: open`)],
    ["as a type", stack("type: azureOpenAI", `type: ${canary}`)],
    ["as a target", stack("type: azureOpenAI", `type: azureOpenAI\n      target: ${canary}`)],
    ["as a name", stack("- name: aoai", `- name: ${canary}${canary}`)],
    ["as the network", stack("network: open", `network: ${canary}`)],
    ["as an image", stack("armDefaults: { image: serving }", `armDefaults: { image: ${canary} }`)],
    ["as a variable", stack("weight: 90 }", `weight: 90, environment: { TOKEN: ${canary} } }`)],
    ["in a broken line", stack("network: open", `network: "${canary}`)],
    ["behind a second colon", stack("network: open", `network: key: ${canary}`)],
    ["as an alias", stack("network: open", `network: *${canary}`)],
    ["as a tag of YAML", stack("network: open", `network: !${canary} open`)],
    ["as an anchor that nothing closes", stack("network: open", `network: [${canary}`)],
    ["as the key of a connection", text("${api_key}", canary)],
    ["as its address", text("${api_base}", canary)],
    ["as a mapping", text("${data.url}", canary)],
    ["as the subscription", stack("11111111-1111-4111-8111-111111111111", canary)],
  ])("%s is never shown", (_where, edits) => {
    const lines = linesOf("dev", edits);
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.join("\n")).not.toContain(canary);
  });
});

describe("the printed list", () => {
  const problem = (file: string, line: number, column: number, found: string): Problem => ({
    file,
    line,
    column,
    path: "",
    found,
    allowed: "b",
    mend: "c",
  });

  test("is sorted by file, line, column as numbers, each problem once", () => {
    const sorted = sortProblems([
      problem("b.yaml", 1, 1, "a"),
      problem("a.yaml", 10, 1, "a"),
      problem("a.yaml", 9, 12, "a"),
      problem("a.yaml", 9, 2, "z"),
      problem("a.yaml", 9, 2, "a"),
      problem("a.yaml", 9, 2, "a"),
    ]);
    expect(formatProblems(sorted)).toBe(
      [
        "a.yaml:9:2  a; b; c",
        "a.yaml:9:2  z; b; c",
        "a.yaml:9:12  a; b; c",
        "a.yaml:10:1  a; b; c",
        "b.yaml:1:1  a; b; c",
      ].join("\n"),
    );
  });

  test("keeps each problem on one line, without control characters", () => {
    expect(formatProblems([problem("a.yaml", 1, 1, "a\r\nb\u001b[31m")])).toBe(
      "a.yaml:1:1  a b [31m; b; c",
    );
  });

  test("is the message of the error, which carries no stack", () => {
    const error = new ProblemsError([problem("a.yaml", 1, 1, "a")]);
    expect(error.message).toBe("a.yaml:1:1  a; b; c");
    expect(error.stack).toBe(error.message);
  });
});
