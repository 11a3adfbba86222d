import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { version } from "../../package.json";
import { genaiops } from "./run";

const folder = mkdtempSync(path.join(tmpdir(), "genaiops-cli-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Prints the packages that are loaded when the process ends. */
const spy = path.join(folder, "spy.js");
writeFileSync(
  spy,
  `process.on("exit", () => {
    const names = Object.keys(require.cache).map((file) => /node_modules[\\\\/]((?:@[^\\\\/]+[\\\\/])?[^\\\\/]+)/.exec(file)?.[1]);
    process.stderr.write(JSON.stringify([...new Set(names)].filter(Boolean)));
  });`,
);

const helps = genaiops(["--help"], ["--require", spy]);

test("help names the verbs, gives examples and lists the exit codes", () => {
  expect(helps.code).toBe(0);
  expect(helps.out).toMatch(/^ {2}plan \[options\] +show what a stack declares/m);
  expect(helps.out).toMatch(/^ {2}sandbox \[options\]/m);
  expect(helps.out).toContain("$ genaiops plan --stack dev");
  expect(helps.out).toMatch(
    /^ {2}0 {2}done\n {2}1 {2}failed.*\n {2}2 {2}the files.*\n {2}3 {2}refused/m,
  );
});

test("help loads neither the SDK nor the schema library", () => {
  const loaded = JSON.parse(helps.err) as string[];
  expect(loaded).toContain("commander");
  expect(loaded.filter((name) => /pulumi|zod|yaml|azure/.test(name))).toEqual([]);
});

test("without a verb the help is printed", () => {
  expect(genaiops([])).toEqual({ code: 0, out: helps.out, err: "" });
});

test("the version is that of the package", () => {
  expect(genaiops(["--version"])).toEqual({ code: 0, out: `${version}\n`, err: "" });
});

test.each([
  [["plann"], /unknown command 'plann'\n\(Did you mean plan\?\)/],
  [["plan", "--stak", "dev"], /unknown option '--stak'\n\(Did you mean --stack\?\)/],
  [["plan", "--format", "xml"], /'xml' is invalid\. Allowed choices are tree, json, markdown/],
  [["plan", "--expect-no-changes"], /^--expect-no-changes needs --against/],
  [["plan", "--stack", "stage"], /there is no stack "stage"/],
  [
    ["plan", "--flow", "nothing"],
    /^there is no flow 'nothing' in dev; its flows are web-classification/,
  ],
  [["plan", "--against", "none.json"], /^none\.json {2}.*no such file/],
  [["plan", "--versions", "README.md"], /^README\.md {2}Unexpected token.*--versions takes/],
  [["plan", "--cwd", "no/such/folder"], /^Pulumi\.dev\.yaml:1:1 {2}there is no stack "dev"/],
  [["plan", "--versions", "none.json"], /^none\.json {2}does not exist; --versions takes/],
])("%j is refused with what is allowed, exit code 2 and no stack trace", (args, message) => {
  const { code, out, err } = genaiops(args);
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err).toMatch(message);
  expect(err).not.toMatch(/^\s+at /m);
});

test("wrong files print every problem as file:line:column, exit code 2 and no stack trace", () => {
  writeFileSync(path.join(folder, "Pulumi.yaml"), "name: genaiops-platform\nruntime: nodejs\n");
  writeFileSync(
    path.join(folder, "Pulumi.dev.yaml"),
    "config:\n  network: ajar\n  protect: perhaps\n",
  );
  const { code, out, err } = genaiops(["plan", "--cwd", folder]);
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err).toMatch(/^Pulumi\.dev\.yaml:2:12 {2}.*ajar/m);
  expect(err).toMatch(/^Pulumi\.dev\.yaml:3:12 {2}.*perhaps/m);
  expect(err).not.toMatch(/^\s+at /m);
});
