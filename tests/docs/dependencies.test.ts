import { readFileSync } from "node:fs";
import path from "node:path";

const root = path.join(__dirname, "../..");
const read = (file: string) => readFileSync(path.join(root, file), "utf8");
const { dependencies, devDependencies } = JSON.parse(read("package.json")) as Record<
  "dependencies" | "devDependencies",
  Record<string, string>
>;

/** Packages in the first column of the tables of one section. */
function tableOf(section: string): string[] {
  const [, text = ""] = read("docs/dependencies.md").split(`## ${section}\n`);
  const [own = ""] = text.split("\n## ");
  return own
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .flatMap((line) =>
      [...(line.split("|")[1] ?? "").matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name),
    );
}

test("docs/dependencies.md says of every dependency what it is for, and of no other", () => {
  expect(tableOf("What runs").sort()).toEqual(Object.keys(dependencies).sort());
  expect(tableOf("What is needed to change and test it").sort()).toEqual(
    Object.keys(devDependencies).sort(),
  );
});

test("no package is declared twice, and none without an upper bound", () => {
  const both = Object.keys(dependencies).filter((name) => name in devDependencies);
  const open = Object.entries({ ...dependencies, ...devDependencies }).filter(
    ([, range]) => !/^([~^]\d|file:)/.test(range),
  );
  expect({ both, open }).toEqual({ both: [], open: [] });
});

test("package-lock.json names no registry host", () => {
  const hosts = read("package-lock.json").match(/"resolved": "https?:[^"]*"/g) ?? [];
  expect(hosts).toEqual([]);
});
