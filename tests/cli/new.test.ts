import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { kinds } from "../../packages/cli/new";
import { makeFlow } from "../../packages/cli/new/make";
import { check } from "../../packages/cli/validate/check";
import { genaiops, root as repository } from "./run";

const root = mkdtempSync(path.join(tmpdir(), "genaiops-new-"));
for (const name of ["Pulumi.yaml", "Pulumi.dev.yaml", "images", "flows"]) {
  cpSync(path.join(repository, name), path.join(root, name), { recursive: true });
}
// Each test starts the command, and a busy machine takes its time.
jest.setTimeout(60_000);
afterAll(() => rmSync(root, { recursive: true }));

const make = (...args: string[]) => genaiops(["new", ...args, "--cwd", root]);
const flows = () => readdirSync(path.join(root, "flows")).sort();
const left = () =>
  existsSync(path.join(root, ".genaiops")) ? readdirSync(path.join(root, ".genaiops")) : [];

test.each([
  ["dag", "library-dag: no problem (dag flow, 1 dataset, 1 evaluator, 2 runs; checked for dev)"],
  ["flex", "library-flex: no problem (flex flow, 1 dataset, 1 evaluator, 1 run; checked for dev)"],
  [
    "container",
    "library-container: no problem (container flow, 1 dataset, 1 evaluator; checked for dev)",
  ],
] as const)(
  "a %s flow has no problem, and no name of the template is left in it",
  async (kind, line) => {
    const flow = `library-${kind}`;
    const said = makeFlow(root, flow, kind);
    const folder = path.join(root, "flows", flow);
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    expect(said).toContain(`flows/${flow}: ${files.length} files\n`);
    expect(await check({ root, flow, format: "text" })).toBe(line);
    const texts = files.map(({ parentPath, name }) =>
      readFileSync(path.join(parentPath, name), "utf8"),
    );
    expect(texts.filter((text) => /__(flow|experiment)__/.test(text))).toEqual([]);
    expect(readFileSync(path.join(folder, "experiment.yaml"), "utf8")).toMatch(
      new RegExp(`^name: library_${kind}\nflow: library-${kind}\n`),
    );
    expect(left()).toEqual([]);
  },
);

test("the arm that the next steps show is one that the stack takes", async () => {
  const file = path.join(root, "Pulumi.dev.yaml");
  const before = readFileSync(file, "utf8");
  for (const kind of kinds) {
    const lines = makeFlow(root, `shown-${kind}`, kind).split("\n");
    const [arms, build] = [lines.slice(-4, -1), lines.find((line) => line.includes("{ build:"))];
    const indented = (text: readonly string[], by: number) =>
      text.map((line) => " ".repeat(by) + line.slice(7)).join("\n");
    const text = before
      .replace("\n  flows:\n", `\n  flows:\n${indented(arms, 4)}\n`)
      .replace(
        "\n  images:\n",
        `\n  images:\n${indented(build === undefined ? [] : [build], 4)}\n`,
      );
    expect(text).toContain(
      `    shown-${kind}:\n      arms:\n        blue: { version: current, weight: 100`,
    );
    writeFileSync(file, text);
    expect(await check({ root, env: "dev", format: "text" })).toMatch(
      /flows and 1 stack: no problem$/,
    );
    writeFileSync(file, before);
  }
});

test("the command prints the files and what to do next", () => {
  const { code, out, err } = make("opening-hours", "--kind", "dag");
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(out).toMatch(/^flows\/opening-hours: 11 files\n {2}chat_deployment\.py\n/);
  expect(out).toContain("\n  2. genaiops run opening-hours --env dev\n");
  expect(out).toContain(
    "\n       opening-hours:\n         arms:\n           blue: { version: current, weight: 100 }\n",
  );
});

const name =
  "3 to 32 lower-case letters, digits and single hyphens, starting with a letter and ending with a letter or digit";

describe("refused, and nothing is left behind", () => {
  let before: string[];
  beforeAll(() => {
    mkdirSync(path.join(root, "flows/empty-folder"));
    writeFileSync(path.join(root, "flows/a-file"), "");
    symlinkSync("nowhere", path.join(root, "flows/a-link"));
    before = flows();
  });

  test.each<[string[], RegExp]>([
    [
      ["web-classification", "--kind", "dag"],
      /^flows\/web-classification exists already and is left as it is; take another name\n$/,
    ],
    [["empty-folder", "--kind", "flex"], /^flows\/empty-folder exists already/],
    [["a-file", "--kind", "flex"], /^flows\/a-file exists already/],
    [["a-link", "--kind", "flex"], /^flows\/a-link exists already/],
    [
      ["Web", "--kind", "dag"],
      new RegExp(`^"Web" is no name of a flow; ${name}; write for example library-answers\n$`),
    ],
    [["../up", "--kind", "dag"], /^"\.\.\/up" is no name of a flow; /],
    [["a", "--kind", "dag"], /^"a" is no name of a flow; /],
    [["some--flow", "--kind", "dag"], /^"some--flow" is no name of a flow; /],
    [["x".repeat(33), "--kind", "dag"], /is no name of a flow; /],
    [["some-flow"], /^error: required option '-k, --kind <kind>' not specified/],
    [["some-flow", "--kind", "dags"], /Allowed choices are dag, flex, container\./],
    [["--kind", "dag"], /^error: missing required argument 'flow'/],
  ])("%j", (args, message) => {
    const { code, out, err } = make(...args);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toMatch(message);
    expect(err).not.toMatch(/^\s+at /m);
    expect(flows()).toEqual(before);
    expect(left()).toEqual([]);
  });

  test("a place that is no repository", () => {
    const elsewhere = mkdtempSync(path.join(tmpdir(), "genaiops-nowhere-"));
    const { code, err } = genaiops(["new", "some-flow", "--kind", "dag", "--cwd", elsewhere]);
    expect({ code, left: readdirSync(elsewhere) }).toEqual({ code: 2, left: [] });
    expect(err).toMatch(
      / has neither Pulumi\.yaml nor flows\/; start in the repository, or name it with --cwd\n$/,
    );
    rmSync(elsewhere, { recursive: true });
  });

  test("a file where the folder of flows should be", () => {
    const elsewhere = mkdtempSync(path.join(tmpdir(), "genaiops-file-"));
    writeFileSync(path.join(elsewhere, "flows"), "a file in the way");
    const { code, err } = genaiops(["new", "some-flow", "--kind", "dag", "--cwd", elsewhere]);
    expect({ code, err }).toEqual({
      code: 2,
      err: "flows is no folder; remove what stands in its place\n",
    });
    expect(readdirSync(elsewhere)).toEqual(["flows"]);
    rmSync(elsewhere, { recursive: true });
  });

  test("a folder that cannot be made: exit code 1, without a stack trace", () => {
    const elsewhere = mkdtempSync(path.join(tmpdir(), "genaiops-file-"));
    writeFileSync(path.join(elsewhere, "Pulumi.yaml"), "");
    writeFileSync(path.join(elsewhere, ".genaiops"), "a file in the way");
    const { code, err } = genaiops(["new", "some-flow", "--kind", "dag", "--cwd", elsewhere]);
    expect(code).toBe(1);
    expect(err).toMatch(/^flows\/some-flow cannot be made: (EEXIST|ENOTDIR)/);
    expect(err).not.toMatch(/^\s+at /m);
    expect(readdirSync(elsewhere).sort()).toEqual([".genaiops", "Pulumi.yaml"]);
    rmSync(elsewhere, { recursive: true });
  });
});
