import { expand } from "../../packages/sandbox/pipelines/template";
import type { Value } from "../../packages/sandbox/pipelines/value";

/** Expansion of whole files, as learn.microsoft.com/azure/devops/pipelines/process/template-expressions has it. */

const variables = (name: string): Value => (name === "Build.Reason" ? "PullRequest" : null);

function expanded(main: string, others: Record<string, string> = {}, parameters = {}): Value {
  const files: Record<string, string> = { "pipelines/main.yml": main, ...others };
  const source = { read: (path: string) => files[path] };
  return expand({ source, file: "pipelines/main.yml", variables, parameters }).pipeline;
}

test("every scalar of YAML is a text; a typed parameter keeps its type", () => {
  const main = `
parameters:
  - { name: flag, type: boolean, default: "false" }
  - { name: count, type: number, default: "3" }
  - { name: rows, type: object, default: [{ a: 1 }] }
x: 010
y: yes
flag: \${{ parameters.flag }}
count: \${{ parameters.count }}
rows: \${{ parameters.rows }}
text: is \${{ parameters.flag }} of \${{ parameters.count }}`;
  expect(expanded(main)).toEqual({
    x: "010",
    y: "yes",
    flag: false,
    count: 3,
    rows: [{ a: "1" }],
    text: "is False of 3",
  });
});

test.each([
  ["PullRequest", "one"],
  ["Schedule", "two"],
  ["Manual", "three"],
])("if, elseif and else choose one branch of a list and of a mapping: %s", (reason, chosen) => {
  const main = `
parameters: [{ name: reason, type: string }]
steps:
  - \${{ if eq(parameters.reason, 'PullRequest') }}:
      - script: one
  - \${{ elseif eq(parameters.reason, 'Schedule') }}:
      - script: two
  - \${{ else }}:
      - script: three
inputs:
  \${{ if eq(parameters.reason, 'PullRequest') }}:
    key: one
  \${{ elseif eq(parameters.reason, 'Schedule') }}:
    key: two
  \${{ else }}:
    key: three`;
  expect(expanded(main, {}, { reason })).toEqual({
    steps: [{ script: chosen }],
    inputs: { key: chosen },
  });
});

test("a chain that was taken stays taken, also when a later condition holds", () => {
  const main = `
steps:
  - \${{ if true }}:
      - script: first
  - \${{ elseif true }}:
      - script: second
  - \${{ else }}:
      - script: third
  - \${{ if false }}:
      - script: fourth
  - \${{ else }}:
      - script: fifth`;
  expect(expanded(main)).toEqual({ steps: [{ script: "first" }, { script: "fifth" }] });
});

test("each goes over lists and mappings, nested, and its name ends with it", () => {
  const main = `
parameters:
  - { name: environments, type: object, default: { dev: [a, b], prod: [c] } }
steps:
  - \${{ each environment in parameters.environments }}:
      - \${{ each flow in environment.value }}:
          - script: \${{ environment.key }}-\${{ flow }}`;
  expect(expanded(main)).toEqual({
    steps: [{ script: "dev-a" }, { script: "dev-b" }, { script: "prod-c" }],
  });
  expect(() => expanded(`${main}\nlast: \${{ flow }}`)).toThrow("flow means nothing here");
});

test("a template's list takes its place, its path is relative to the file that names it", () => {
  const main = `
steps:
  - script: before
  - template: templates/a.yml
    parameters: { name: x }`;
  const templates = {
    "pipelines/templates/a.yml":
      "parameters: [{ name: name }]\nsteps:\n  - template: b.yml\n  - script: ${{ parameters.name }}",
    "pipelines/templates/b.yml": "steps: [{ template: /shared/c.yml }]",
    "shared/c.yml": "steps: [{ script: c }]",
  };
  expect(expanded(main, templates)).toEqual({
    steps: [{ script: "before" }, { script: "c" }, { script: "x" }],
  });
});

const step = "steps: [{ template: t.yml, parameters: { a: 1 } }]";
const template = (text: string) => ({ "pipelines/t.yml": text });

test.each<[string, string, Record<string, string>, string]>([
  ["a template that is not there", step, {}, "main.yml:1: there is no template pipelines/t.yml"],
  [
    "a parameter that the template lacks",
    step,
    template("steps: [{ script: x }]"),
    "pipelines/t.yml: there is no parameter a",
  ],
  [
    "a required parameter",
    "steps: [{ template: t.yml }]",
    template("parameters: [{ name: a, type: string }]\nsteps: [{ script: x }]"),
    "pipelines/t.yml: parameter a is required and was not given",
  ],
  [
    "a value of another type",
    "steps: [{ template: t.yml, parameters: { a: maybe } }]",
    template("parameters: [{ name: a, type: boolean }]\nsteps: [{ script: x }]"),
    'pipelines/t.yml: parameter a must be of type boolean, not "maybe"',
  ],
  [
    "a value that is not among the allowed",
    step,
    template("parameters: [{ name: a, type: string, values: [2, 3] }]\nsteps: [{ script: x }]"),
    'pipelines/t.yml: parameter a is "1"; allowed are ["2","3"]',
  ],
  [
    "an undeclared parameter within",
    step,
    template("parameters: [{ name: a }]\nsteps:\n  - script: ${{ parameters.b }}"),
    "pipelines/t.yml:3: parameter b is not declared in pipelines/t.yml",
  ],
  [
    "more than a list",
    "steps: [{ template: t.yml }]",
    template("steps: [{ script: x }]\njobs: []"),
    "t.yml must hold one list of stages, jobs, steps, variables, beside its parameters",
  ],
  [
    "a template that names itself",
    "steps: [{ template: t.yml }]",
    template("steps: [{ template: t.yml }]"),
    "templates are nested more than 20 deep",
  ],
  [
    "else without if",
    "steps:\n  - ${{ else }}:\n      - script: x",
    {},
    "main.yml:2: else follows no if",
  ],
  [
    "a list within a text",
    "parameters: [{ name: l, type: object, default: [a] }]\nx: is ${{ parameters.l }}",
    {},
    "is a list or an object within a text",
  ],
  ["a bad each", "x:\n  ${{ each a of b }}:\n    c: d", {}, "is no `each <name> in <list>`"],
  ["YAML that is none", "x: [", {}, "pipelines/main.yml: "],
])("%s is refused", (_, main, others, message) => {
  expect(() => expanded(main, others)).toThrow(message);
});
