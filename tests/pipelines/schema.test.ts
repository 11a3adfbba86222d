import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "./repository";

/**
 * Every YAML against the schema of Azure Pipelines that check-jsonschema carries (PyPI). It is installed once,
 * below .genaiops; without Python or a package index this is said and the rest is left out.
 */

jest.setTimeout(300_000);

const VERSION = "0.39.0";
const tool = join(root, ".genaiops", `check-jsonschema-${VERSION}`);
const program = join(tool, "bin", "check-jsonschema");

/** Undefined when it is there, else why it is not. A half-made environment never gets the name. */
function install(): string | undefined {
  if (existsSync(program)) return undefined;
  mkdirSync(join(root, ".genaiops"), { recursive: true });
  const unfinished = mkdtempSync(join(root, ".genaiops", "check-jsonschema-"));
  const run = (command: string, ...args: string[]) => {
    const { status, error, stderr } = spawnSync(command, args, {
      encoding: "utf8",
      timeout: 240_000,
    });
    return status === 0
      ? undefined
      : `${command}: ${error?.message ?? stderr.trim().split("\n").at(-1)}`;
  };
  const failed =
    run("python3", "-m", "venv", unfinished) ??
    run(
      join(unfinished, "bin/python"),
      "-m",
      "pip",
      "install",
      "--quiet",
      `check-jsonschema==${VERSION}`,
    );
  if (failed === undefined && !existsSync(tool)) {
    renameSync(unfinished, tool);
    return undefined;
  }
  rmSync(unfinished, { recursive: true, force: true });
  return existsSync(program) ? undefined : failed;
}

function check(...files: string[]) {
  // Through the interpreter, since the environment was moved after its scripts were written.
  const { status, stdout } = spawnSync(
    join(tool, "bin/python"),
    [
      "-m",
      "check_jsonschema",
      "--builtin-schema",
      "vendor.azure-pipelines",
      "--data-transform",
      "azure-pipelines",
      ...files,
    ],
    { encoding: "utf8" },
  );
  return { status, stdout };
}

const files = ["pipelines", "pipelines/templates"].flatMap((folder) =>
  readdirSync(join(root, folder))
    .filter((name) => /\.ya?ml$/.test(name))
    .map((name) => join(root, folder, name)),
);

let missing: string | undefined;
beforeAll(() => {
  missing = install();
  if (missing !== undefined)
    console.log(
      `SKIPPED: the pipelines were not held against the schema of Azure Pipelines: ${missing}`,
    );
});

test("every pipeline and template holds against the schema", () => {
  expect(files.length).toBeGreaterThanOrEqual(13);
  if (missing !== undefined) return;
  expect(check(...files)).toEqual({ status: 0, stdout: expect.stringContaining("ok") });
});

test("the schema finds what is wrong", () => {
  if (missing !== undefined) return;
  const file = join(mkdtempSync(join(tmpdir(), "schema-")), "wrong.yml");
  writeFileSync(
    file,
    "steps:\n  - task: AzureCLI@2\n    inputs: { azureSubscripton: x, scriptType: bash }\n",
  );
  expect(check(file).status).toBe(1);
});
