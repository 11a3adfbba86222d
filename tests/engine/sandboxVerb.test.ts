import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { bin, genaiops, root } from "../cli/run";
import { Checkout } from "./support/checkout";

/** The verb as a user runs it, in a process of its own. */
const checkout = new Checkout("prod");
beforeAll(() => {
  checkout.evaluateHere();
  for (const part of ["index.ts", "package.json", "components", "config", "packages"]) {
    cpSync(join(root, part), join(checkout.root, part), { recursive: true });
  }
  symlinkSync(join(root, "node_modules"), join(checkout.root, "node_modules"));
});

test("a program that fails on an answer ends the run with its cause, and does not wait for ever", () => {
  // Production joins the project that dev makes, and here there is none.
  const { code, err } = sandbox("preview");
  checkout.edit((config) => config.delete(["devops"]));
  expect(code).toBe(1);
  expect(err).toMatch(/^the program failed: devops\.project: there is no project genaiops in .*$/m);
});

const sandbox = (operation: string) =>
  genaiops(["sandbox", operation, "--stack", "prod", "--cwd", checkout.root]);

test("after a kill in the middle, up goes on where it was; meanwhile a second command is refused", async () => {
  const args = [bin, "sandbox", "up", "--stack", "prod", "--cwd", checkout.root];
  const first = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "ignore"] });
  let printed = "";
  while (!/created/.test(printed)) printed += String((await once(first.stdout, "data"))[0]);
  const second = sandbox("preview");
  expect(second.code).toBe(1);
  expect(second.err).toMatch(/^another command \(process \d+\) is using .*; wait for it to end/);
  first.kill("SIGKILL");
  await once(first, "exit");
  expect(sandbox("up")).toMatchObject({ code: 0 });
});

test("a refused destroy deletes nothing, names what is protected and says how to go on", () => {
  expect(sandbox("up")).toMatchObject({ code: 0 });
  const stateFile = join(checkout.directory, "azure.json");
  const before = readFileSync(stateFile, "utf8");
  const { code, out, err } = sandbox("destroy");
  expect({ code, out }).toEqual({ code: 3, out: "" });
  expect(err).toMatch(
    /^refused: nothing of prod was deleted, because it is protected: .*key-vault/,
  );
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

test("with protection off and applied, destroy leaves nothing but the place of Pulumi's state", () => {
  checkout.edit((config) => {
    config.delete(["suffix"]);
    config.set(["protect"], false);
  });
  expect(sandbox("up")).toMatchObject({ code: 0 });
  expect(sandbox("destroy")).toMatchObject({ code: 0 });
  const left = checkout.standing().filter((id) => !id.includes("/rg-genaiops-state-prod"));
  expect(left).toEqual([]);
});
