import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { provider } from "../../packages/sandbox/providers/docker";
import { Checkout } from "./support/checkout";
import { approve } from "./support/evaluation";
import type { Outcome } from "./support/operator";

/** An image that holds its flow, from dev's endpoint to prod's Web App, on the real engine. */

const flow = "web-classification";
const dev = new Checkout("dev");
const prod = new Checkout("prod", dev);

jest.setTimeout(600_000);

/** What was changed; what is only read is none of it. */
const steps = ({ changed }: Outcome) =>
  changed
    .filter(({ operation }) => operation !== "read")
    .map(({ operation, name }) => `${operation} ${name}`);

const repositories = () => dev.builds().map((build) => /\/([^/]+):[0-9a-f]{12}$/.exec(build)?.[1]);

/** The image of dev's environment in the shared registry: `<server>/<repository>@sha256:<digest>`. */
function evaluated(image: string): string {
  const ids = dev.standing().filter((id) => id.includes(`/environments/${image}/versions/`));
  const shared = ids.filter((id) => id.includes("/registries/"));
  expect(shared).toHaveLength(1);
  return (dev.at(shared[0] as string).body["properties"] as { image: string }).image;
}

const site = () =>
  prod.find("azure-native:web:WebApp", flow).body["properties"] as {
    siteConfig: { linuxFxVersion: string; appSettings: { name: string; value: string }[] };
  };
const variables = () =>
  Object.fromEntries(site().siteConfig.appSettings.map(({ name, value }) => [name, value]));

beforeAll(() => {
  for (const checkout of [dev, prod]) checkout.edit((config) => config.delete(["devops"]));
  dev.edit((config) => {
    config.set(["images", "web"], { flow, from: "promptflow" });
    config.set(["flows", flow, "arms"], {
      blue: { version: "current", weight: 100, image: "web" },
    });
  });
  prod.edit((config) => {
    config.set(["webApp"], { clientId: "44444444-4444-4444-8444-444444444444" });
    config.set(["flows"], {
      [flow]: {
        target: "webApp",
        arms: { blue: { version: "approved", weight: 100, image: "web" } },
      },
    });
  });
});

test("dev builds the image under the flow and the flow's own, each once", async () => {
  await dev.run("up");
  expect(repositories()).toEqual(["promptflow", "web"]);
  const again = await dev.run("up");
  expect(steps(again)).toEqual([]);
  expect(dev.builds()).toHaveLength(2);
});

test("the daemon got the Dockerfile, the flow's files byte for byte, and the base by digest", async () => {
  const context = mkdtempSync(join(tmpdir(), "genaiops-context-"));
  const files = [
    "chat_deployment.py",
    "flow.dag.yaml",
    ...["by_example", "described"].map((name) => `prompts/classify_${name}.jinja2`),
    ...["facts", "one_sentence", "short"].map((name) => `prompts/summarize_${name}.jinja2`),
    "read_answer.py",
    "requirements.txt",
    "sample-request.json",
    "tidy_text.py",
  ];
  for (const file of files) {
    mkdirSync(dirname(join(context, "flow", file)), { recursive: true });
    cpSync(join(dev.root, "flows", flow, file), join(context, "flow", file));
  }
  cpSync(join(dev.root, "images/flow/Dockerfile"), join(context, "Dockerfile"));
  const daemon = provider();
  const build = { context, args: { SERVING_IMAGE: evaluated("promptflow") } };
  const asked = {
    urn: "urn:pulumi:dev::p::docker:index/image:Image::web",
    type: "docker:index/image:Image",
    signal: new AbortController().signal,
    timeoutSeconds: 0,
  };
  const { inputs } = await daemon.check({
    ...asked,
    oldInputs: {},
    inputs: { imageName: dev.builds()[1], build },
  });
  const { outputs } = await daemon.create({ ...asked, inputs, preview: false });
  expect(evaluated("web")).toBe(outputs["repoDigest"]);
});

test("prod runs nothing that never passed dev", async () => {
  const { output } = await prod.run("up");
  expect(output).toMatch(/arm blue is left out, no version of model web_classification_dev/);
  const refused = await approve(prod, flow);
  expect(refused.err).toMatch(/^flows\/web-classification of this checkout never passed dev: /);
  expect(refused.code).toBe(3);
  prod.edit((config) => config.set(["flows", flow, "arms", "blue", "version"], 1));
  await expect(prod.run("up")).rejects.toThrow(
    /refused to deploy what did not pass dev\s+- flow web-classification, arm blue: version 1 of web_classification_dev is not in the registry; none passed dev yet/,
  );
  prod.edit((config) => config.set(["flows", flow, "arms", "blue", "version"], "approved"));
});

test("what passed dev reaches prod's Web App by digest, without its files, a role to read them or a build", async () => {
  expect(await approve(dev, flow)).toMatchObject({ code: 0, err: "" });
  expect((await approve(prod, flow)).code).toBe(0);
  const updated = await prod.run("up");
  const [, digest] = evaluated("web").split("@");
  expect(site().siteConfig.linuxFxVersion).toMatch(
    new RegExp(`^DOCKER\\|crgenaiopsprod\\w+\\.azurecr\\.io/web@${digest}$`),
  );
  expect(variables()).toMatchObject({ GENAIOPS_MODEL_VERSION: "1", GENAIOPS_ARM: "blue" });
  expect(Object.keys(variables())).not.toContain("GENAIOPS_MODEL_URI");
  const roles = updated.resources.filter((urn) => urn.includes(`::endpoint-identity.${flow}.`));
  expect(roles).toEqual(
    expect.arrayContaining([expect.stringMatching(/container-registry\.acr-?pull$/)]),
  );
  expect(roles.filter((role) => /\.storage\.|machine-learning-registry/.test(role))).toEqual([]);
  const again = await prod.run("up");
  expect(steps(again)).toEqual([]);
  expect(again.writes).toEqual([]);
  expect(dev.builds()).toHaveLength(2);
});

test("a changed flow is one more image in dev, and prod gets it with its approval", async () => {
  const file = join(dev.root, "flows", flow, "prompts/summarize_short.jinja2");
  writeFileSync(file, `${readFileSync(file, "utf8")}\nBe brief.\n`);
  const before = site().siteConfig.linuxFxVersion;
  await dev.run("up");
  expect(repositories()).toEqual(["promptflow", "web", "web"]);
  await approve(dev, flow);
  await approve(prod, flow);
  const updated = await prod.run("up");
  expect(steps(updated)).toContain(`update ${flow}.settings`);
  expect(site().siteConfig.linuxFxVersion).not.toBe(before);
  expect(variables()["GENAIOPS_MODEL_VERSION"]).toBe("2");
  expect(dev.builds()).toHaveLength(3);
});
