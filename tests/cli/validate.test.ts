import { readFileSync, rmSync } from "node:fs";
import path from "node:path";
import type { ProblemsError } from "../../config/problem";
import { check } from "../../packages/cli/validate/check";
import { Checkout } from "./repository";
import { genaiops } from "./run";

const checkout = new Checkout();
// Each test starts the command, and a busy machine takes its time.
jest.setTimeout(60_000);
afterAll(() => checkout.remove());

const web = "flows/web-classification";
const dag = `${web}/flow.dag.yaml`;
const sample = `${web}/sample-request.json`;
const curated = `${web}/data/curated.jsonl`;
const mixed = `${web}/data/mixed.jsonl`;

test("help: what is checked, examples, exit codes", () => {
  const { code, out } = genaiops(["validate", "--help"]);
  expect(code).toBe(0);
  expect(out).toMatch(/^Usage: genaiops validate \[options\] \[flow\]/);
  expect(out).toContain("$ genaiops validate web-classification --env pr");
  expect(out).toContain("Exit codes: 0 no problem, 2 problems");
});

test("this repository has no problem, and one line says so", () => {
  expect(genaiops(["validate"])).toEqual({
    code: 0,
    out: "7 flows and 2 stacks: no problem\n",
    err: "",
  });
});

test.each([
  [
    { flow: "web-classification" },
    "web-classification: no problem (dag flow, 2 datasets, 2 evaluators, 8 runs; checked for dev, pr, prod)",
  ],
  [
    { flow: "web-classification", env: "pr" },
    "web-classification: no problem (dag flow, 1 dataset, 1 evaluator, 4 runs; checked for pr)",
  ],
  [
    { flow: "support-reply" },
    "support-reply: no problem (flex flow, 1 dataset, 2 evaluators, 1 run; checked for dev, pr, prod)",
  ],
  [
    { flow: "ticket-routing" },
    "ticket-routing: no problem (flex flow, 1 dataset, 1 evaluator, 2 runs; checked for dev, pr, prod)",
  ],
  [
    { flow: "document-chat" },
    "document-chat: no problem (dag flow, 1 dataset, 2 evaluators, 3 runs; checked for dev, pr, prod)",
  ],
  [
    { flow: "plain-container" },
    "plain-container: no problem (container flow, 1 dataset, 1 evaluator; checked for dev, prod)",
  ],
  [{ env: "dev" }, "7 flows and 1 stack: no problem"],
])("%j: %s", async (options, line) => {
  expect(await check({ root: checkout.root, format: "text", ...options })).toBe(line);
});

test("as JSON: the experiment of one environment with its runs", () => {
  const args = ["validate", "web-classification", "--env", "pr", "--format", "json"];
  const { code, out } = genaiops(args);
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({
    flow: "web-classification",
    environment: "pr",
    folder: web,
    kind: "dag",
    datasets: [{ name: "web_classification_curated" }],
    evaluators: [{ name: "classification_accuracy" }],
    runs: [
      { configuration: "default", baseline: true },
      { configuration: "summarize_text_content.variant_0", baseline: false },
      { configuration: "summarize_text_content.variant_2", baseline: false },
      { configuration: "classify_page.variant_1", baseline: false },
    ],
  });
});

test.each([
  [["validate", "web"], /^there is no folder flows\/web; did you mean "web-classification"\?\n$/],
  [["validate", "--env", "deev"], /^there is no environment "deev"; did you mean "dev"\?\n$/],
  [
    ["validate", "--format", "json"],
    /^--format json prints one experiment: name the flow and --env\n$/,
  ],
  [["validate", "--format", "xml"], /Allowed choices are text, json/],
  [["validate", "a", "b"], /too many arguments/],
])("%j is refused with exit code 2 and no stack trace", (args, message) => {
  const { code, out, err } = genaiops(args);
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err).toMatch(message);
  expect(err).not.toMatch(/^\s+at /m);
});

/** Replace a text that stands in a file. */
function replace(file: string, from: string, to: string): () => void {
  return () => {
    const text = readFileSync(path.join(checkout.root, file), "utf8");
    if (!text.includes(from)) throw new Error(`${from} does not stand in ${file}`);
    checkout.write(
      file,
      text.replace(from, () => to),
    );
  };
}

const change = (file: string, content: string | Buffer) => () => checkout.write(file, content);
const remove = (file: string) => () => rmSync(path.join(checkout.root, file));
const curatedLines = readFileSync(path.join(checkout.root, curated), "utf8").split("\n");
const withLine = (number: number, line: string | Buffer) => {
  const before = curatedLines.slice(0, number - 1).join("\n");
  return change(
    curated,
    Buffer.concat([Buffer.from(`${before}\n`), Buffer.from(line), Buffer.from("\n")]),
  );
};

/** What is done to the checkout, and every line that is said of the flow. */
const wrong: readonly (readonly [string, () => void, readonly RegExp[]])[] = [
  [
    "a column that a line in the middle lacks",
    withLine(4, '{"url": "https://a.example"}'),
    [
      /^flows\/web-classification\/data\/curated\.jsonl:4:1 {2}the line has no "text", "category", "evidence", "key_terms"; /,
    ],
  ],
  ["a broken line", withLine(3, '{"url": '), [/curated\.jsonl:3:1 {2}the line is no JSON: /]],
  ["an empty line", withLine(3, ""), [/curated\.jsonl:3:1 {2}the line is empty; /]],
  [
    "a line that is a list",
    withLine(3, "[1]"),
    [/curated\.jsonl:3:1 {2}the line is not a JSON object; /],
  ],
  [
    "a line that is not UTF-8",
    withLine(3, Buffer.from([0xc3, 0x28])),
    [/curated\.jsonl:3:1 {2}the line is not UTF-8 text; /],
  ],
  [
    "a first line that is not UTF-8",
    change(
      curated,
      Buffer.concat([
        Buffer.from('{"url": "'),
        Buffer.from([0xc3]),
        Buffer.from(`", ${(curatedLines[0] as string).slice(1)}\n`),
      ]),
    ),
    [/curated\.jsonl:1:1 {2}the line is not UTF-8 text; /],
  ],
  [
    "an empty dataset",
    change(mixed, ""),
    [
      /^flows\/web-classification\/experiment\.yaml:20:13 {2}"[^"]*mixed\.jsonl" has an empty first line; /,
    ],
  ],
  ["no sample request", remove(sample), [/sample-request\.json:1:1 {2}the file is missing; /]],
  [
    "a sample request that is no JSON",
    change(sample, '{\n  "url": "a",\n  "text" "b"\n}\n'),
    [/sample-request\.json:3:10 {2}the file is no JSON: .+; /],
  ],
  [
    "a sample request that is a list",
    change(sample, "[]"),
    [/sample-request\.json:1:1 {2}the file holds no JSON object; /],
  ],
  [
    "a sample request with another input",
    change(sample, '{\n  "uri": "a"\n}'),
    [
      /sample-request\.json:2:3 {2}flows\/web-classification\/flow\.dag\.yaml has no input "uri"; its inputs are url, text; did you mean "url"\?/,
    ],
  ],
  [
    "nodes that wait for each other",
    replace(dag, "text: ${inputs.text}", "text: ${summarize_text_content.output}"),
    [
      /flow\.dag\.yaml:35:5 {2}the nodes "tidy_text" → "summarize_text_content" → "tidy_text" wait for each other; /,
    ],
  ],
  [
    "a prompt that is not there",
    replace(dag, "prompts/summarize_short.jinja2", "prompts/short.jinja2"),
    [
      /flow\.dag\.yaml:84:19 {2}there is no file "flows\/web-classification\/prompts\/short\.jinja2"; /,
    ],
  ],
  [
    "a default that is no variant",
    replace(dag, "default_variant_id: variant_1", "default_variant_id: variant_7"),
    [/flow\.dag\.yaml:51:25 {2}unknown variant "variant_7"; /],
  ],
  [
    "an arm's variant that the flow has not, in the stack that says so",
    replace(
      "Pulumi.dev.yaml",
      "summarize_text_content.variant_2",
      "summarize_text_content.variant_9",
    ),
    [/^Pulumi\.dev\.yaml:\d+:\d+ {2}unknown variant "summarize_text_content\.variant_9"; /],
  ],
  [
    "a connection that the experiment does not name",
    replace(`${web}/experiment.yaml`, "- name: aoai", "- name: openai"),
    [
      /^flows\/web-classification\/experiment\.yaml:5:11 {2}unknown connection "openai"; a connection of Pulumi\.dev\.yaml; /,
      /^flows\/web-classification\/experiment\.yaml:5:11 {2}unknown connection "openai"; a connection of Pulumi\.prod\.yaml; /,
      ...Array.from(
        { length: 5 },
        () => /flow\.dag\.yaml:\d+:\d+ {2}the experiment has no connection "aoai"; /,
      ),
    ],
  ],
  [
    "an overlay with an unknown dataset",
    replace(
      `${web}/experiment.prod.yaml`,
      "- name: web_classification_mixed",
      "- name: web_classification_mixt",
    ),
    [
      /^flows\/web-classification\/experiment\.prod\.yaml:12:15 {2}unknown dataset "web_classification_mixt"; /,
    ],
  ],
  [
    "two broken files at once",
    () => {
      remove(sample)();
      change(`${web}/experiment.pr.yaml`, "datasets: [\n")();
    },
    [
      /experiment\.pr\.yaml:\d+:\d+ {2}broken YAML/,
      /sample-request\.json:1:1 {2}the file is missing/,
    ],
  ],
];

describe("a flow with", () => {
  afterEach(() => {
    checkout.restore(web);
    checkout.restore("Pulumi.dev.yaml");
  });

  test.each(wrong)("%s", async (_name, spoil, lines) => {
    spoil();
    const said = await check({
      root: checkout.root,
      flow: "web-classification",
      format: "text",
    }).then(
      (line) => [line],
      (error: ProblemsError) => error.message.split("\n"),
    );
    expect(said).toEqual(lines.map((line) => expect.stringMatching(line)));
  });
});

test("problems of flows and stacks come at once, exit code 2, nothing on the standard output", () => {
  remove(sample)();
  change("Pulumi.prod.yaml", "config:\n  network: ajar\n")();
  replace("flows/support-reply/flow.flex.yaml", "support_reply:SupportReply", "reply:Reply")();
  replace(
    "flows/plain-container/Dockerfile",
    "EXPOSE 8080",
    [
      "EXPOSE 80",
      "HEALTHCHECK --interval=30s \\",
      "  CMD curl --fail http://localhost:8080/healthz || exit 1",
    ].join("\n"),
  )();
  const { code, out, err } = genaiops(["validate", "--cwd", checkout.root]);
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err).toMatch(/^Pulumi\.prod\.yaml:2:12 {2}network is "ajar"/m);
  expect(err).toMatch(
    /^flows\/support-reply\/flow\.flex\.yaml:2:8 {2}there is no file "flows\/support-reply\/reply\.py"; /m,
  );
  expect(err).toMatch(/^flows\/plain-container\/Dockerfile:8:1 {2}the container listens on 80; /m);
  expect(err).toMatch(
    /^flows\/plain-container\/Dockerfile:9:1 {2}the container's health is asked at \/healthz on port 8080; GET \/health on port 8080, /m,
  );
  expect(err).toMatch(
    /^flows\/web-classification\/sample-request\.json:1:1 {2}the file is missing; /m,
  );
  expect(err).not.toMatch(/^\s+at /m);
  // Another flow's check does not speak of them.
  const other = genaiops(["validate", "named-entity-recognition", "--cwd", checkout.root]);
  expect({ code: other.code, err: other.err }).toEqual({ code: 0, err: "" });
});
