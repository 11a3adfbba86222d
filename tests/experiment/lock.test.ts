import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { CommandError } from "../../packages/cli/exit";
import { holdFolder } from "../../packages/cli/experiment/lock";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "genaiops-lock-"));
});
afterEach(() => rmSync(folder, { recursive: true }));
const lock = () => path.join(folder, "lock");

test("a folder is held by one, given back, and held again; nothing else is left in it", () => {
  const release = holdFolder(folder);
  expect(readdirSync(folder)).toEqual(["lock"]);
  expect(() => holdFolder(folder)).toThrow(
    new CommandError(
      `Process ${process.pid} is working on this flow already; wait for it or end it.`,
    ),
  );
  expect(readFileSync(lock(), "utf8")).toBe(String(process.pid));
  expect(readdirSync(folder)).toEqual(["lock"]);
  release();
  expect(readdirSync(folder)).toEqual([]);
  holdFolder(folder)();
});

test.each<[string, () => string]>([
  ["of a process that has ended", () => String(spawnSync(process.execPath, ["-e", ""]).pid)],
  ["that is empty", () => ""],
  ["that names nobody", () => "somebody"],
])("a lock %s is taken over", (_, content) => {
  writeFileSync(lock(), content());
  const release = holdFolder(folder);
  expect(readdirSync(folder)).toEqual(["lock"]);
  expect(readFileSync(lock(), "utf8")).toBe(String(process.pid));
  release();
});
