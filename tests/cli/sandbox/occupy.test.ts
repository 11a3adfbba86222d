import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { occupy } from "../../../packages/cli/sandbox/occupy";

const directory = mkdtempSync(join(tmpdir(), "genaiops-occupy-"));
const file = join(directory, "process");
afterAll(() => rmSync(directory, { recursive: true }));

test("a folder that a running process holds is refused, with that process", () => {
  // The parent runs as long as this test does.
  writeFileSync(file, String(process.ppid));
  expect(() => occupy(directory)).toThrow(
    `another command (process ${process.ppid}) is using ${directory}; wait for it to end, or stop it`,
  );
  expect(existsSync(file)).toBe(true);
});

test.each([
  ["a process that was killed", () => String(spawnSync(process.execPath, ["-e", ""]).pid)],
  ["a file cut short", () => ""],
])("%s holds nothing, and the folder is given back", (_, owner) => {
  writeFileSync(file, owner());
  const leave = occupy(directory);
  expect(existsSync(file)).toBe(true);
  leave();
  expect(existsSync(file)).toBe(false);
});
