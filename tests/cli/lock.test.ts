import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { CommandError } from "../../packages/cli/exit";
import { holdFolder } from "../../packages/cli/lock";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "genaiops-lock-"));
});
afterEach(() => rmSync(folder, { recursive: true }));
const lock = () => path.join(folder, "lock");

test("a folder is held, given back, and held again; nothing else is left in it", () => {
  const release = holdFolder(folder);
  expect(readdirSync(folder)).toEqual(["lock"]);
  expect(readFileSync(lock(), "utf8")).toBe(String(process.pid));
  release();
  expect(readdirSync(folder)).toEqual([]);
  holdFolder(folder)();
});

test("a folder that a running process holds is refused, and stays its own", () => {
  // The parent runs as long as this test does.
  writeFileSync(lock(), String(process.ppid));
  expect(() => holdFolder(folder)).toThrow(
    new CommandError(
      `Process ${process.ppid} is working on this flow already; wait for it or end it.`,
    ),
  );
  expect(readFileSync(lock(), "utf8")).toBe(String(process.ppid));
  expect(readdirSync(folder)).toEqual(["lock"]);
});

test.each<[string, () => string]>([
  ["of a process that has ended", () => String(spawnSync(process.execPath, ["-e", ""]).pid)],
  ["of a dead process with this one's id, as in a container", () => String(process.pid)],
  ["that is empty", () => ""],
  ["that names nobody", () => "somebody"],
])("a lock %s is taken over", (_, content) => {
  writeFileSync(lock(), content());
  const release = holdFolder(folder);
  expect(readdirSync(folder)).toEqual(["lock"]);
  expect(readFileSync(lock(), "utf8")).toBe(String(process.pid));
  release();
});
