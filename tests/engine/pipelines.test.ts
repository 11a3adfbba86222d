import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
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
