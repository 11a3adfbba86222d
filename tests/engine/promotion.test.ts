import { spawnSync } from "node:child_process";
import { readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hashFolder } from "../../config/hash";
import { bin, root } from "../cli/run";
import { Checkout } from "./support/checkout";
import { approve, genaiopsIn } from "./support/evaluation";
import type { Outcome } from "./support/operator";

/** From dev's gate to prod's endpoint: both stacks on the real engine, over one simulated Azure. */

const flow = "web-classification";
const dev = new Checkout("dev");
const prod = new Checkout("prod", dev);
const deployment = "azure-native:machinelearningservices:OnlineDeployment";

jest.setTimeout(600_000);

/** What was changed; a registry that is only read is none of it. */
const steps = ({ changed }: Outcome) =>
  changed
    .filter(({ operation }) => operation !== "read")
    .map(({ operation, name }) => `${operation} ${name}`);

const propertiesOf = (arm: string) =>
  prod.find(deployment, arm, "rg-genaiops-prod").body["properties"] as Record<string, string>;

const image = (): string => {
  const { environmentId = "" } = propertiesOf("blue");
  const { body } = prod.at(environmentId);
  return (body["properties"] as { image: string }).image;
};

beforeAll(() => {
  // The plan loads the program from the repository that it is given.
  symlinkSync(join(root, "index.ts"), join(dev.root, "index.ts"));
  for (const checkout of [dev, prod]) checkout.edit((config) => config.delete(["devops"]));
  prod.edit((config) => config.delete(["flows", "support-reply"]));
  dev.edit((config) => {
    config.set(["flows", "plain-container"], {
      arms: { blue: { version: "current", weight: 100, image: "promptflow" } },
    });
  });
});

test("dev builds an image once for two flows and four arms, and registers it for the others", async () => {
  await dev.run("up");
  expect(dev.builds()).toEqual([expect.stringMatching(/\/promptflow:[0-9a-f]{12}$/)]);
  const again = await dev.run("up");
  expect(steps(again)).toEqual([]);
  expect(dev.builds()).toHaveLength(1);
  expect(dev.find("azure-native:machinelearningservices:RegistryEnvironmentVersion")).toBeDefined();
});

test("prod stands without arms while nothing passed dev, and approves nothing either", async () => {
  const { output } = await prod.run("up");
  expect(output).toMatch(/arm blue is left out, no version of model web_classification_dev/);
  const { code, err } = await approve(prod, flow);
  expect(err).toMatch(
    /^flows\/web-classification of this checkout never passed dev: the registry mlr-genaiops-dev-\w+ has no version of web_classification_dev with the content [0-9a-f]{20}; evaluate these bytes there first/,
  );
  expect(code).toBe(3);
});

test("what passes dev's gate is published once, and prod may then approve it", async () => {
  const published = await approve(dev, flow);
  expect(published).toMatchObject({ code: 0, err: "" });
  expect(published.out).toMatch(
    /model web_classification_dev: published version 1 in the registry mlr-genaiops-dev-/,
  );
  const again = await approve(dev, flow);
  expect(again.out).toMatch(/version 1 of the registry mlr-genaiops-dev-\w+ holds these bytes/);
  const approved = await approve(prod, flow);
  expect(approved.out).toMatch(/web_classification_dev version 1: approved for prod, evaluation /);
  expect(approved.code).toBe(0);
});

test("prod deploys that version by id and that image by digest; again nothing changes, and nothing is built", async () => {
  await prod.run("up");
  expect(propertiesOf("blue")["model"]).toMatch(
    /^azureml:\/\/registries\/mlr-genaiops-dev-\w+\/models\/web_classification_dev\/versions\/1$/,
  );
  const evaluated = dev.find("azure-native:machinelearningservices:RegistryEnvironmentVersion");
  const reference = (evaluated.body["properties"] as { image: string }).image;
  const digest = reference.replace(/^.*@/, "");
  expect(image()).toMatch(/^crgenaiopsprod\w+\.azurecr\.io\/promptflow@sha256:/);
  expect(image()).toMatch(new RegExp(`@${digest}$`));
  expect(dev.builds()).toHaveLength(1);

  const again = await prod.run("up");
  expect(steps(again)).toEqual([]);
  expect(again.writes).toEqual([]);
});

test("the plan names the version and the image of each arm", () => {
  const versions = join(dev.directory, "azure.json");
  const plan = ["plan", "--stack", "prod", "--versions", versions, "--cwd", dev.root];
  const { stdout } = spawnSync(process.execPath, [bin, ...plan], { encoding: "utf8" });
  for (const arm of ["blue", "green"]) {
    expect(stdout).toMatch(new RegExp(`${arm} .* version 1 .* promptflow@sha256:[0-9a-f]{12}…`));
  }
});

test("a version that is named and never passed dev is refused, by plan, preview and up", async () => {
  const standing = prod.standing();
  prod.edit((config) => config.set(["flows", flow, "arms", "next"], { version: 2, weight: 0 }));
  const message =
    /refused to deploy what did not pass dev\s+- flow web-classification, arm next: version 2 of web_classification_dev is not in the registry; those that passed dev are 1/;
  await expect(prod.run("preview")).rejects.toThrow(message);
  await expect(prod.run("up")).rejects.toThrow(message);
  await expect(prod.run("up")).rejects.not.toThrow(/Unhandled exception|at resolvePromoted/);
  const { code, err } = await genaiopsIn(
    dev,
    ...["plan", "--stack", "prod", "--versions", join(dev.directory, "azure.json")],
  );
  expect(err).toMatch(message);
  expect(code).not.toBe(0);
  expect(prod.standing()).toEqual(standing);
});

test("a changed flow is published as the next version, and prod keeps what it has until that is approved", async () => {
  prod.edit((config) => config.delete(["flows", flow, "arms", "next"]));
  const file = join(dev.root, "flows", flow, "prompts/summarize_short.jinja2");
  writeFileSync(file, `${readFileSync(file, "utf8")}\nBe brief.\n`);
  const content = hashFolder(dev.root, `flows/${flow}`).hash.slice(0, 20);
  const refused = await approve(prod, flow);
  expect(refused.err).toContain(
    `has no version of web_classification_dev with the content ${content}`,
  );
  expect((await approve(dev, flow)).out).toMatch(/published version 2 in the registry/);
  expect(steps(await prod.run("up"))).toEqual([]);
  await approve(prod, flow);
  const updated = await prod.run("up");
  expect(steps(updated)).toEqual([`update ${flow}.blue`, `update ${flow}.green`]);
  expect(propertiesOf("blue")["model"]).toMatch(/versions\/2$/);
  expect(dev.builds()).toHaveLength(1);
});
