import { cpSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { genaiops, root } from "../cli/run";
import { Checkout } from "./support/checkout";

/** The verb as a user runs it, in a process of its own. */
const checkout = new Checkout("prod");
beforeAll(() => {
  for (const part of ["index.ts", "package.json", "components", "config", "packages"]) {
    cpSync(join(root, part), join(checkout.root, part), { recursive: true });
  }
  symlinkSync(join(root, "node_modules"), join(checkout.root, "node_modules"));
});

const sandbox = (operation: string) =>
  genaiops(["sandbox", operation, "--stack", "prod", "--cwd", checkout.root]);

test("a refused destroy deletes nothing, names what is protected and says how to go on", () => {
  expect(sandbox("up")).toMatchObject({ code: 0 });
  const stateFile = join(checkout.directory, "azure.json");
  const before = readFileSync(stateFile, "utf8");
  const { code, out, err } = sandbox("destroy");
  expect({ code, out }).toEqual({ code: 3, out: "" });
  expect(err).toMatch(/^refused: nothing of prod was deleted, because it is protected: .*key-vault/);
  expect(err).toContain("set `protect: false` in Pulumi.prod.yaml, run up, then destroy again");
  expect(err.trimEnd().split("\n")).toHaveLength(1);
  expect(readFileSync(stateFile, "utf8")).toBe(before);
});

test("what the engine refuses is printed once", () => {
  checkout.edit((config) => config.set(["suffix"], "second"));
  const { code, out, err } = sandbox("up");
  expect({ code, err }).toEqual({ code: 1, err: "" });
  expect(out.match(/^Diagnostics:$/gm)).toHaveLength(1);
});

test("with protection off and applied, destroy leaves nothing", () => {
  checkout.edit((config) => {
    config.delete(["suffix"]);
    config.set(["protect"], false);
  });
  expect(sandbox("up")).toMatchObject({ code: 0 });
  expect(sandbox("destroy")).toMatchObject({ code: 0 });
  expect(checkout.standing()).toEqual([]);
});
