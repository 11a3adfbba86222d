import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { splitDataset } from "../../packages/cli/experiment/dataset";
import { runExperiment } from "../../packages/cli/experiment/execute";
import { genaiops } from "../cli/run";

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), "genaiops-bad-"));
  cpSync(path.join(__dirname, "../../flows/web-classification"), home(), { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true }));

const home = (file = "") => path.join(root, "flows/web-classification", file);
const edit = (file: string, change: (text: string) => string) =>
  writeFileSync(home(file), change(readFileSync(home(file), "utf8")));

/** Everything that can be known before prompt flow starts; Python is never looked for. */
async function run(env: string): Promise<string> {
  const said: string[] = [];
  const names = ["AOAI_API_KEY", "AOAI_API_BASE", "GENAIOPS_PYTHON"] as const;
  const before = names.map((name) => process.env[name]);
  process.env.AOAI_API_KEY ??= "canary";
  process.env.AOAI_API_BASE ??= "http://127.0.0.1:9";
  process.env.GENAIOPS_PYTHON = "/nonexistent/python";
  try {
    await runExperiment({
      root,
      flow: "web-classification",
      env,
      chunkSize: 100,
      parallel: 1,
      concurrency: 1,
      lineSeconds: 10,
      retryFailed: false,
      signal: new AbortController().signal,
      say: (text) => said.push(text),
    });
    return said.join("\n");
  } catch (error) {
    return (error as Error).message;
  } finally {
    names.forEach((name, index) => {
      if (before[index] === undefined) delete process.env[name];
      else process.env[name] = before[index];
    });
  }
}

const flow = "flows/web-classification";
const append = (file: string, text: string) => edit(file, (before) => `${before}${text}`);
const parameters = (text: string) => append("experiment.yaml", `parameters:\n${text}`);

/**
 * What only the model can refuse stands beside this table: a wrong key, nobody at the address and 429s in
 * tests/flows/python/interrupted.test.ts, "a model that refuses".
 */
test.each<[name: string, change: () => void, message: string, env?: string]>([
  [
    "no experiment",
    () => rmSync(home("experiment.yaml")),
    `${flow}/experiment.yaml:1:1  the file is missing`,
  ],
  [
    "an empty experiment",
    () => writeFileSync(home("experiment.yaml"), ""),
    `${flow}/experiment.yaml:1:1  the file is empty`,
  ],
  ["broken YAML", () => append("experiment.yaml", "datasets: [\n"), `${flow}/experiment.yaml:`],
  [
    "a tab in YAML",
    () => append("experiment.yaml", "parameters:\n\tinputs: {}\n"),
    `${flow}/experiment.yaml:`,
  ],
  [
    "latin-1 YAML",
    () => writeFileSync(home("experiment.yaml"), Buffer.from("name: caf\xe9", "latin1")),
    "not UTF-8 text",
  ],
  ["a broken overlay", () => append("experiment.pr.yaml", "  - {"), `${flow}/experiment.pr.yaml:`],
  [
    "a misspelt key",
    () => edit("experiment.yaml", (text) => text.replace("evaluators:", "evaluator:")),
    'did you mean "evaluators"?',
  ],
  [
    "a misspelt dataset key",
    () => edit("experiment.pr.yaml", (text) => text.replace("source:", "sorce:")),
    `${flow}/experiment.pr.yaml:4:5  `,
  ],
  [
    "no such dataset file",
    () => rmSync(home("data/curated.jsonl")),
    'there is no file "flows/web-classification/data/curated.jsonl"',
  ],
  [
    "a dataset outside the repository",
    () => edit("experiment.pr.yaml", (text) => text.replace("data/curated", "../../../x")),
    "leads out of the repository",
  ],
  [
    "a dataset that is a folder",
    () => edit("experiment.pr.yaml", (text) => text.replace("data/curated.jsonl", "data")),
    "is not a file",
  ],
  [
    "an empty dataset",
    () => writeFileSync(home("data/curated.jsonl"), ""),
    "has an empty first line",
  ],
  [
    "a dataset of one empty line",
    () => writeFileSync(home("data/curated.jsonl"), "\n"),
    "has an empty first line",
  ],
  [
    "a CSV dataset",
    () => writeFileSync(home("data/curated.jsonl"), "url,text\na,b\n"),
    "is not a JSON object",
  ],
  [
    "a JSON list as dataset",
    () => writeFileSync(home("data/curated.jsonl"), '[{"url": "a"}]'),
    "is not a JSON object",
  ],
  [
    "a line broken off",
    () => append("data/curated.jsonl", '{"url": "x"'),
    `${flow}/data/curated.jsonl:61:1  the line is no JSON`,
  ],
  [
    "a column missing in one line",
    () => append("data/curated.jsonl", '{"url": "x"}\n'),
    `${flow}/data/curated.jsonl:61:1  the line has no "text", "category", "evidence"`,
  ],
  [
    "a column that only an evaluator reads",
    () => edit("data/curated.jsonl", (text) => text.replace('"category"', '"kategory"')),
    'has no column "category"',
  ],
  [
    "latin-1 data",
    () =>
      writeFileSync(
        home("data/curated.jsonl"),
        Buffer.concat([
          readFileSync(home("data/curated.jsonl")),
          Buffer.from('{"url": "\xe9"}\n', "latin1"),
        ]),
      ),
    `${flow}/data/curated.jsonl:61:1  the line is not UTF-8 text`,
  ],
  [
    "a mapping to no column",
    () => edit("experiment.pr.yaml", (text) => text.replace("${data.url}", "${data.link}")),
    'has no column "link"',
  ],
  [
    "a mapping to no input",
    () => edit("experiment.pr.yaml", (text) => text.replace("url: $", "link: $")),
    'has no input "link"',
  ],
  [
    "a mapping that is none",
    () => edit("experiment.pr.yaml", (text) => text.replace("${data.url}", "data.url")),
    "${data.<column>}",
  ],
  [
    "an unknown output",
    () =>
      edit("experiment.pr.yaml", (text) =>
        text.replace("${run.outputs.category}", "${run.outputs.kind}"),
      ),
    'has no output "kind"',
  ],
  [
    "an evaluator of no dataset",
    () =>
      edit("experiment.pr.yaml", (text) =>
        text.replace("      - name: web_classification_curated", "      - name: other"),
      ),
    'unknown dataset "other"',
  ],
  [
    "an evaluator that is not there",
    () =>
      edit("experiment.pr.yaml", (text) => text.replace("evaluations/class", "evaluations/klass")),
    "there is no flow in",
  ],
  [
    "no dataset in the environment",
    () => writeFileSync(home("experiment.pr.yaml"), "datasets:\nevaluators:\n"),
    "there is no dataset in pr",
  ],
  [
    "a registered dataset",
    () =>
      writeFileSync(
        home("experiment.pr.yaml"),
        "datasets:\n  - name: a\n    source: azureml:a:1\nevaluators:\n",
      ),
    "azureml:a:1 is a registered dataset",
  ],
  [
    "a dataset twice",
    () =>
      writeFileSync(
        home("experiment.pr.yaml"),
        "datasets:\n  - {name: a, source: data/mixed.jsonl}\n  - {name: a, source: data/mixed.jsonl}\nevaluators:\n",
      ),
    '"a" stands twice',
  ],
  ["no flow file", () => rmSync(home("flow.dag.yaml")), "there is no flow in"],
  [
    "an empty flow file",
    () => writeFileSync(home("flow.dag.yaml"), ""),
    `${flow}/flow.dag.yaml:1:1  the file is empty`,
  ],
  ["a broken flow file", () => append("flow.dag.yaml", "nodes: }"), `${flow}/flow.dag.yaml:`],
  [
    "an unknown default variant",
    () =>
      edit("flow.dag.yaml", (text) =>
        text.replace("default_variant_id: variant_1", "default_variant_id: variant_9"),
      ),
    'flow.dag.yaml:51:25  unknown variant "variant_9"; default_variant_id names a variant of "summarize_text_content"; did you mean "variant_0"?',
  ],
  [
    "no default variant",
    () => edit("flow.dag.yaml", (text) => text.replace("    default_variant_id: variant_0\n", "")),
    'flow.dag.yaml:92:3  the node "classify_page" has no default variant',
  ],
  [
    "an unknown connection",
    () => edit("flow.dag.yaml", (text) => text.replace("connection: aoai", "connection: other")),
    'the experiment has no connection "other"',
  ],
  [
    "nodes in a circle",
    () =>
      edit("flow.dag.yaml", (text) =>
        text.replace("text: ${inputs.text}", "text: ${read_answer.output}"),
      ),
    `${flow}/flow.dag.yaml:`,
  ],
  [
    "a key in the file",
    () => edit("experiment.yaml", (text) => text.replace("${api_key}", "sk-canary-123")),
    "a placeholder",
  ],
  ["a parameter of nothing", () => parameters("  inputs:\n    tone: [a]\n"), 'has no input "tone"'],
  [
    "a parameter that the data sets",
    () => parameters("  inputs:\n    url: [a]\n"),
    'fills the input "url" already',
  ],
  [
    "a parameter of no node",
    () => parameters("  nodes:\n    clasify_page:\n      temperature: [0]\n"),
    'did you mean "classify_page"?',
  ],
  [
    "class arguments of a DAG flow",
    () => parameters("  init:\n    style: [a]\n"),
    "a dag flow has no class to set",
  ],
  [
    "a parameter without values",
    () => parameters("  environment:\n    A: []\n"),
    "at least one value",
  ],
  [
    "a parameter with one value, no list",
    () => parameters("  environment:\n    A: b\n"),
    "a list of values",
  ],
  [
    "a parameter that is a mapping",
    () => parameters("  environment:\n    A: [{b: 1}]\n"),
    "a text, a number, true or false",
  ],
  [
    "half of .env",
    () => writeFileSync(path.join(root, ".env"), "aoai={\n"),
    "is not a JSON object",
  ],
  [
    "a list in .env",
    () => writeFileSync(path.join(root, ".env"), "aoai=[1]\n"),
    "is not a JSON object",
  ],
  [
    "a folder in place of .env",
    () => mkdirSync(path.join(root, ".env")),
    ".env:1:1  this is no file",
  ],
  [
    "no assignment in .env",
    () => writeFileSync(path.join(root, ".env"), "# key\nsk-canary\n"),
    ".env:2:1  the line is no NAME=value",
  ],
  [
    "an environment that is none",
    () => writeFileSync(path.join(root, "Pulumi.dev.yaml"), "config: {}\n"),
    'there is no environment "stage"; write one of "dev", "pr", "prod"',
    "stage",
  ],
])("%s is told at its place, and nothing is run", async (_, change, message, env = "pr") => {
  change();
  const told = await run(env);
  expect(told).toContain(message);
  expect(told).not.toContain("canary");
  expect(told).not.toMatch(/^\s+at /m);
  expect(existsSync(path.join(root, ".genaiops/runs"))).toBe(false);
  expect(existsSync(path.join(root, ".genaiops/results"))).toBe(false);
  const data = path.join(root, ".genaiops/data");
  expect(existsSync(data) ? readdirSync(data).filter((name) => name.endsWith("tmp")) : []).toEqual(
    [],
  );
});

test("several problems are told at once", async () => {
  edit("experiment.pr.yaml", (text) =>
    text
      .replace("${data.url}", "${data.link}")
      .replace("${run.outputs.category}", "${run.outputs.kind}"),
  );
  expect((await run("pr")).split("\n")).toHaveLength(2);
});

test("a connection without a value is told at its place", () => {
  const { code, out, err } = genaiops(["run", "web-classification", "--env", "pr", "--cwd", root]);
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err).toBe(
    'flows/web-classification/experiment.yaml:5:5  the connection "aoai" has no value: AOAI_API_KEY is not set; ' +
      'aoai={"api_key": …, "api_base": …} or AOAI_API_KEY, in .env or in the environment; ' +
      "set it; its key never stands in a file of the repository\n",
  );
});

test.each([
  [["run", "none", "--env", "pr"], 2, "flows/none/experiment.yaml:1:1  the file is missing"],
  [["run", "plain-container", "--env", "pr"], 3, "flows/plain-container is a container"],
  [["run", "web-classification"], 2, "required option '-e, --env <name>' not specified"],
  [["run", "web-classification", "--env", "pr", "--chunk", "0"], 2, "It is a whole number from 1."],
  [
    ["run", "web-classification", "--env", "pr", "--chunk", "ten"],
    2,
    "It is a whole number from 1.",
  ],
  [["run", "web-classification", "--env", "../../x"], 2, "Write the name of an environment"],
  [["run", "web-classification", "--env", ""], 2, "Write the name of an environment"],
  [["report", "web-classification", "--env", "../dev"], 2, "Write the name of an environment"],
  [["run", "flows/web-classification", "--env", "pr"], 2, "alone. Write web-classification."],
  [["evaluate", "web-classification/", "--env", "pr"], 2, "alone. Write web-classification."],
  [["report", "..", "--env", "pr"], 2, "A flow is named by its folder under flows/ alone."],
  [
    ["run", "web-classification", "--env", "pr", "--line-timeout", "9999999"],
    2,
    "It is at most 864000 seconds, which are ten days.",
  ],
  [
    ["run", "web-classification", "--env", "pr", "--local", "--cloud"],
    2,
    "'--local' cannot be used with option '--cloud'",
  ],
  [
    ["run", "web-classification", "--env", "pr", "--cancel"],
    2,
    "--cancel is about jobs: add --cloud",
  ],
  [
    ["evaluate", "web-classification", "--env", "nothing"],
    2,
    'there is no environment "nothing"; write one of "dev", "pr", "prod"',
  ],
  [
    ["validate", "--cwd", tmpdir()],
    2,
    "has neither flows/ nor Pulumi.<env>.yaml; start in the repo",
  ],
  [
    ["report", "web-classification", "--env", "nothing"],
    2,
    "There are no runs of web-classification in nothing; run: genaiops run",
  ],
  [
    ["report", "web-classification", "--env", "dev", "--fail-under", "accuracy"],
    2,
    "write metric=0.8 or evaluator.metric=0.8",
  ],
])("%j exits with %d", (args, expected, message) => {
  const { code, out, err } = genaiops(args);
  expect({ code, out }).toEqual({ code: expected, out: "" });
  expect(err).toContain(message);
  expect(err).not.toMatch(/^\s+at /m);
});

test("a broken line at the end of 100 MB is told at its place, and nothing is left", async () => {
  const line = `${JSON.stringify({ url: "x".repeat(1000) })}\n`;
  writeFileSync(home("data/large.jsonl"), `${line.repeat(100_000)}{"url": `);
  const folder = path.join(root, "chunks");
  const file = `${flow}/data/large.jsonl`;
  await expect(splitDataset({ root, file, columns: ["url"], size: 1000, folder })).rejects.toThrow(
    `${file}:100001:1  the line is no JSON`,
  );
  expect(readdirSync(folder)).toEqual([]);
}, 60_000);

describe("results that somebody broke", () => {
  const env = ["web-classification", "--env", "pr"];
  const results = (file: string) =>
    path.join(root, ".genaiops/results/web-classification/pr", file);
  const index = { experiment: "e", flow, environment: "pr", model: "", defaults: {}, runs: [] };
  beforeEach(() => mkdirSync(results(""), { recursive: true }));

  test.each([
    ["half an index", "runs.json", '{"runs": [', "run"],
    ["another file's content", "runs.json", "[]", "run"],
    ["half an index of evaluations", "evaluations.json", "", "evaluate"],
  ])("%s is told at its place", (_, file, content, verb) => {
    writeFileSync(results("runs.json"), JSON.stringify(index));
    writeFileSync(results(file), content);
    const { code, out, err } = genaiops(["report", ...env, "--cwd", root]);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toBe(
      `${results(file)}:1:1  the file is damaged; what genaiops wrote there; ` +
        `remove it and start genaiops ${verb} again: nothing that is done is paid for again\n`,
    );
  });

  test("a report that has no place is told without a stack trace", () => {
    writeFileSync(results("runs.json"), JSON.stringify(index));
    const { code, out, err } = genaiops([
      "report",
      ...env,
      "--cwd",
      root,
      "--out",
      results("runs.json"),
    ]);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toBe(`EEXIST: file already exists, mkdir '${results("runs.json")}'\n`);
  });
});
