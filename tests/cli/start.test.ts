import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { root } from "./run";

const folder = mkdtempSync(path.join(tmpdir(), "genaiops-start-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A repository whose npm and whose command only say how they were called. */
const lock = path.join(folder, "package-lock.json");
const installed = path.join(folder, "node_modules", ".package-lock.json");
const npm = path.join(folder, "npm.js");
const says = (name: string) =>
  `console.log(${JSON.stringify(name)}, process.argv.slice(2).join(" "));`;

beforeEach(() => {
  for (const name of ["scripts", "node_modules", "packages/cli/bin"]) {
    mkdirSync(path.join(folder, name), { recursive: true });
  }
  copyFileSync(path.join(root, "scripts/start.mjs"), path.join(folder, "scripts/start.mjs"));
  writeFileSync(path.join(folder, "packages/cli/bin/genaiops.js"), says("genaiops"));
  writeFileSync(npm, says("npm"));
  writeFileSync(lock, "{}");
  writeFileSync(installed, "{}");
  utimesSync(lock, 1000, 1000);
  utimesSync(installed, 2000, 2000);
});

function start(...args: string[]) {
  const script = path.join(folder, "scripts/start.mjs");
  const env = { ...process.env, npm_execpath: npm };
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], {
    env,
    encoding: "utf8",
  });
  return { code: status, out: stdout, err: stderr };
}

const planned = `genaiops plan --cwd ${folder} --stack prod\n`;

test("what is installed is not installed again", () => {
  expect(start("--stack", "prod")).toEqual({ code: 0, out: planned, err: "" });
});

test.each([
  ["older than the lock", () => utimesSync(installed, 500, 500)],
  ["missing", () => rmSync(path.join(folder, "node_modules"), { recursive: true })],
])("node_modules %s: npm ci comes first, and the output is the plan's alone", (_, change) => {
  change();
  const { code, out, err } = start("--stack", "prod");
  expect({ code, out }).toEqual({ code: 0, out: planned });
  expect(err).toMatch(/Installing .*\nnpm ci\n/);
});

test("an installation that fails ends with its code and no plan", () => {
  utimesSync(installed, 500, 500);
  writeFileSync(npm, "process.exit(7)");
  const { code, out, err } = start();
  expect({ code, out }).toEqual({ code: 7, out: "" });
  expect(err).toContain("npm ci failed");
});

test("the plan's exit code is passed on", () => {
  writeFileSync(path.join(folder, "packages/cli/bin/genaiops.js"), "process.exit(3)");
  expect(start().code).toBe(3);
});
