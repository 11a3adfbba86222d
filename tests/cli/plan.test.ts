import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Plan, Values } from "../../packages/cli/plan/model";
import { bin, genaiops, root } from "./run";

const folder = mkdtempSync(path.join(tmpdir(), "genaiops-plan-"));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string) => path.join(folder, name);
const DEPLOYMENT = "azure-native:machinelearningservices:OnlineDeployment";

/** Write the plan of a stack as it would have been with another value somewhere. */
function earlier(plan: Plan, change: (plan: Plan) => void): string {
  const copy = structuredClone(plan);
  change(copy);
  writeFileSync(file("earlier.json"), JSON.stringify(copy));
  return file("earlier.json");
}

const made = genaiops(["plan", "--stack", "prod", "--format", "json", "--out", file("prod.json")]);
const prod = JSON.parse(readFileSync(file("prod.json"), "utf8")) as Plan;

test("a plan in a file: whole, alone in its folder, and nothing printed", () => {
  expect(made).toEqual({ code: 0, out: "", err: "" });
  expect(readdirSync(folder)).toEqual(["prod.json"]);
  expect(Object.keys(prod)).toEqual(["version", "project", "stack", "resources", "outputs"]);
  expect(prod).toMatchObject({ version: 1, project: "genaiops-platform", stack: "prod" });
});

test("another process writes the same bytes", () => {
  const { out } = genaiops(["plan", "--stack", "prod", "--format", "json"]);
  expect(out).toBe(readFileSync(file("prod.json"), "utf8"));
});

test("no change was expected and there is none", () => {
  const args = ["plan", "--stack", "prod", "--against", file("prod.json"), "--expect-no-changes"];
  const { code, out, err } = genaiops(args);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(out.trimEnd().split("\n").at(-1)).toBe("no changes");
});

test("a change that was not expected: exit code 1, and the change is shown", () => {
  const against = earlier(prod, ({ resources }) => {
    const group = resources.find(({ type }) => type === "azure-native:resources:ResourceGroup");
    (group?.inputs as Values)["tags"] = { environment: "old" };
  });
  const args = ["plan", "-s", "prod", "--against", against, "--expect-no-changes"];
  const { code, out, err } = genaiops(args);
  expect(code).toBe(1);
  expect(out).toContain("tags.environment: old => prod");
  expect(err).toMatch(/none were expected/);
  expect(genaiops(args.slice(0, -1)).code).toBe(0);
});

test("replacing what carries traffic in prod: exit code 3, arm, property and what to do", () => {
  const live = prod.resources.find(
    ({ type, urn }) => type === DEPLOYMENT && weightOf(prod, urn) > 0,
  );
  const arm = String(live?.inputs["deploymentName"]);
  const against = earlier(prod, ({ resources }) => {
    const deployment = resources.find(({ urn }) => urn === live?.urn);
    (deployment?.inputs["properties"] as Values)["instanceType"] = "Standard_F2s_v2";
  });
  const { code, out, err } = genaiops(["plan", "-s", "prod", "--against", against]);
  expect(code).toBe(3);
  expect(out).toContain("properties.instanceType: Standard_F2s_v2 => ");
  expect(err).toMatch(
    new RegExp(
      `^Pulumi\\.prod\\.yaml:\\d+:\\d+ {2}refused: arm ${arm} of flow .* because properties\\.instanceType changes; add an arm`,
    ),
  );
});

test("the README ends its plan of dev as the plan ends", () => {
  const summary = genaiops(["plan"]).out.trimEnd().split("\n").at(-1);
  expect(readFileSync(path.join(root, "README.md"), "utf8").split("\n")).toContain(summary);
});

test("as a comment of a pull request", () => {
  const { code, out } = genaiops(["plan", "--format", "markdown"]);
  expect(code).toBe(0);
  expect(out).toMatch(/^### Plan of `dev`\n\ndev: \d+ resources in \d+ components, /);
});

test("a file that cannot be written is named, and nothing is left behind", () => {
  const { code, err } = genaiops(["plan", "--out", `${file("prod.json")}/no-folder.txt`]);
  expect(code).toBe(2);
  expect(err).toMatch(/^--out .*no-folder\.txt cannot be written: .*; name another file\n$/);
  expect(readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
});

test("Ctrl-C leaves no half-written file", async () => {
  const target = file("interrupted.json");
  const child = spawn(process.execPath, [bin, "plan", "--format", "json", "--out", target]);
  await new Promise((resolve) => setTimeout(resolve, 300));
  child.kill("SIGINT");
  await new Promise((resolve) => child.once("exit", resolve));
  const left = readdirSync(folder).filter((name) => name.startsWith("interrupted.json"));
  // The signal may come too late; then the file is whole.
  if (left.length > 0) expect(JSON.parse(readFileSync(target, "utf8"))).toHaveProperty("resources");
  expect(left.filter((name) => name !== "interrupted.json")).toEqual([]);
});

/** Percent of the requests that the plan's settings give to a deployment. */
function weightOf({ resources }: Plan, urn: string): number {
  const deployment = resources.find((resource) => resource.urn === urn);
  const settings = resources.find(
    ({ type, parent }) =>
      type === "genaiops:index:EndpointSettings" && parent === deployment?.parent,
  );
  const weights = (settings?.inputs["weights"] ?? {}) as Record<string, number>;
  return weights[String(deployment?.inputs["deploymentName"])] ?? 0;
}
