import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const repository = path.resolve(__dirname, "../..");
let folder: string;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(path.join(tmpdir(), "genaiops-typescript-")));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(file: string, lines: readonly string[]): string {
  const place = path.join(folder, file);
  mkdirSync(path.dirname(place), { recursive: true });
  writeFileSync(place, lines.join("\n"));
  return place;
}

function run(file: string) {
  return spawnSync(process.execPath, ["--require", "@genaiops/typescript", file], {
    cwd: repository,
    encoding: "utf8",
  });
}

test("a package loads our TypeScript by the path of its folder, as Pulumi does", () => {
  write("program/index.ts", ['import { answer } from "./answer";', "export = answer as number;"]);
  write("program/answer.ts", ["export const answer: number = 42;"]);
  const start = write("node_modules/runner/index.js", [
    `console.log(require(${JSON.stringify(path.join(folder, "program/"))}));`,
  ]);
  expect(run(start)).toMatchObject({ stdout: "42\n", stderr: "", status: 0 });
});

test("what is required later is run later", () => {
  write("late.ts", ['console.log("late");', "export const late: boolean = true;"]);
  const start = write("start.ts", [
    'console.log("early");',
    'const { late } = require("./late") as typeof import("./late");',
    "console.log(late);",
  ]);
  expect(run(start)).toMatchObject({ stdout: "early\nlate\ntrue\n", stderr: "" });
});

test("what is no TypeScript is refused at its place", () => {
  write("wrong.ts", ["export const first = 1;", "export const second = ;"]);
  const start = write("start.ts", ['import { first } from "./wrong";', "console.log(first);"]);
  const { status, stderr } = run(start);
  expect(status).toBe(1);
  expect(stderr).toMatch(/wrong\.ts:2:22: ERROR: Unexpected ";"/);
});

test("stack traces name lines of our TypeScript, without source-map-support, which Pulumi registers", () => {
  const failing = write("failing.ts", [
    "interface Unseen { readonly member: string }",
    "export function fail(): never {",
    '  throw new Error("on line three");',
    "}",
  ]);
  const program = write("program.ts", ['export { fail } from "./failing";']);
  const start = write("node_modules/runner/index.js", [
    "const before = Error.prepareStackTrace;",
    'require("source-map-support/register");',
    "console.log(Error.prepareStackTrace === before);",
    `setImmediate(() => require(${JSON.stringify(program)}).fail());`,
  ]);
  const { stdout, stderr } = run(start);
  expect(stdout).toBe("true\n");
  expect(stderr).toContain(`${failing}:3`);
});

test("Node keeps the source maps of our files and of no package", () => {
  const map = Buffer.from('{"version":3,"sources":["plain.ts"],"mappings":"AAAA"}').toString(
    "base64",
  );
  const plain = write("node_modules/plain/index.js", [
    "exports.plain = true;",
    `//# sourceMappingURL=data:application/json;base64,${map}`,
  ]);
  const start = write("start.ts", [
    'import { findSourceMap } from "node:module";',
    'require("plain");',
    `console.log(findSourceMap(__filename) !== undefined, findSourceMap(${JSON.stringify(plain)}) !== undefined);`,
  ]);
  expect(run(start)).toMatchObject({ stdout: "true false\n", stderr: "" });
});
