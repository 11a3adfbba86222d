import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

const root = path.join(__dirname, "..", "..");
const IMPORT = /(?:\bfrom|\brequire\(|\bimport\()\s*"(\.[^"]*)"/g;

const files = execFileSync("git", ["ls-files", "*.ts"], { cwd: root, encoding: "utf8" })
  .split("\n")
  .filter((file) => file !== "" && existsSync(path.join(root, file)));

const imports = new Map(
  files.map((file) => [
    file,
    [...readFileSync(path.join(root, file), "utf8").matchAll(IMPORT)]
      .map(([, name = ""]) => path.posix.join(path.posix.dirname(file), name))
      .flatMap((name) => [`${name}.ts`, `${name}/index.ts`].filter((each) => files.includes(each))),
  ]),
);

/** The first way that leads back to a file on it, among all ways from this one. */
function cycleFrom(file: string, way: readonly string[], seen: Set<string>): readonly string[] {
  if (way.includes(file)) return [...way.slice(way.indexOf(file)), file];
  if (seen.has(file)) return [];
  seen.add(file);
  for (const next of imports.get(file) ?? []) {
    const cycle = cycleFrom(next, [...way, file], seen);
    if (cycle.length > 0) return cycle;
  }
  return [];
}

test("no module imports itself by way of others, not even for a type", () => {
  const seen = new Set<string>();
  expect(files.map((file) => cycleFrom(file, [], seen)).filter(({ length }) => length > 0)).toEqual(
    [],
  );
  expect(seen.size).toBe(files.length);
  expect([...imports.values()].flat().length).toBeGreaterThan(files.length);
});
