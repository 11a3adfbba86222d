import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readEnvironment } from "../../config/read";
import { genaiopsBeside } from "../cli/testEndpoint/command";
import { TestSandbox } from "../sandbox/server/sandbox";
import { Checkout } from "./support/checkout";

/** What the pipelines' updates limit themselves to, on the real engine. */

const yaml = (name: string) =>
  readFileSync(join(__dirname, "../../pipelines/templates", name), "utf8");
const patterns = (flag: string, text: string) =>
  [...text.matchAll(new RegExp(`--${flag} "([^"]+)"`, "g"))].map(([, pattern = ""]) => pattern);

const ofFlow = (flow: string) => ({
  target: patterns("target", yaml("deploy.yml")).map((one) => one.replace("$(FLOW)", flow)),
});
const ofPlatform = { exclude: patterns("exclude", yaml("update.yml")) };

const checkout = new Checkout("dev");
const [flow, other] = ["web-classification", "support-reply"];
const edit = (name: string, file: string) => {
  const path = join(checkout.root, "flows", name, file);
  writeFileSync(path, `${readFileSync(path, "utf8")}\n`);
};

beforeAll(async () => {
  checkout.edit((config) => config.delete(["devops"]));
  await checkout.run("up");
});

test("the patterns are those of the YAML", () => {
  expect(ofFlow(flow).target).toHaveLength(4);
  expect(ofPlatform).toEqual({ exclude: ["**FlowEndpoint**"] });
});

test("a new flow comes whole by its own update: identity, roles, endpoint, arms", async () => {
  const arms = { blue: { version: "current", weight: 100 } };
  checkout.edit((config) => config.set(["flows", other], { arms }));
  const { changed } = await checkout.run("up", { limits: ofFlow(other) });
  const names = changed.map(({ operation, name }) => `${operation} ${name}`);
  expect(names).toEqual(
    expect.arrayContaining([
      `create ${other}`,
      `create ${other}.blue`,
      `create ${other}.model`,
      `create ${other}.settings`,
      `create endpoint-identity.${other}`,
    ]),
  );
  expect(names.filter((name) => !name.includes(other))).toEqual([]);
  expect(checkout.traffic(other)).toEqual({ blue: 100 });
});

test("an update of one flow leaves the other and the platform as they are", async () => {
  edit(flow, "prompts/summarize_short.jinja2");
  edit(other, "prompts/careful.txt");
  checkout.edit((config) => config.set(["tags", "cost-center"], "4711"));
  const { changed } = await checkout.run("up", { limits: ofFlow(flow) });
  expect(changed.map(({ name }) => name)).toEqual(
    expect.arrayContaining([`${flow}.model`, `${flow}.blue`]),
  );
  expect(changed.filter(({ name }) => !name.includes(flow))).toEqual([]);
});

test("an update of the platform changes no endpoint, whatever its content", async () => {
  const { changed } = await checkout.run("up", { limits: ofPlatform });
  const names = changed.map(({ name }) => name);
  expect(names).toContain("workspace");
  expect(names.filter((name) => [flow, other].some((one) => name.startsWith(one)))).toEqual([]);
});

test("a new arm comes without requests, is tested by its name, and then gets its share", async () => {
  const arms = ["flows", flow, "arms"];
  checkout.edit((config) => {
    config.set([...arms, "blue", "weight"], 80);
    config.set([...arms, "teal"], { version: "current", weight: 10 });
  });
  const file = join(checkout.root, "Pulumi.dev.yaml");
  const declared = readFileSync(file, "utf8");
  const { tenantId } = readEnvironment({ root: checkout.root, stack: "dev" });
  const answer = { category: "App", evidence: "Both", summary: "S", level: "easy" };
  const behaviours = Object.fromEntries(
    ["blue", "green", "gpt-mini", "teal"].map((arm) => [arm, { answer }]),
  );
  const genaiops = async (...args: string[]) => {
    const box = await TestSandbox.start({ arms: behaviours, tenantId }, checkout.directory);
    try {
      const asked = [...args, "--env", "dev", "--cwd", checkout.root];
      return await genaiopsBeside(asked, box.sandbox.environment);
    } finally {
      await box.close();
    }
  };

  const held = await genaiops("rollout", flow, "--hold");
  expect(held.out).toBe(
    "Pulumi.dev.yaml: blue 89, gpt-mini 0, green 11, teal 0; teal takes no requests until it was tested\n",
  );
  const { changed } = await checkout.run("up", { limits: ofFlow(flow) });
  expect(changed.map(({ operation, name }) => `${operation} ${name}`)).toEqual([
    `create ${flow}.teal`,
    `update ${flow}.settings`,
  ]);
  expect(checkout.traffic(flow)).toEqual({ blue: 89, green: 11, "gpt-mini": 0, teal: 0 });
  const tested = await genaiops("test-endpoint", flow, "--requests", "0");
  expect([tested.code, tested.err]).toEqual([0, ""]);
  expect(tested.out).toMatch(/^ {2}teal +0 % +ok, 200 in \d+ ms$/m);

  // The next job has a checkout of its own, as it was merged.
  writeFileSync(file, declared);
  await checkout.run("up", { limits: ofFlow(flow) });
  expect(checkout.traffic(flow)).toEqual({ blue: 80, green: 10, "gpt-mini": 0, teal: 10 });
  expect((await genaiops("rollout", flow, "--hold")).out).toContain("stays as it is");
});
