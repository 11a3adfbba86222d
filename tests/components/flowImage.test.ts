import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { layFlowContext } from "../../components/flowContext";
import type { Flow } from "../../config/environment";
import { hashFolder } from "../../config/hash";
import { repository } from "../config/repository";
import { declare } from "../support/declared";
import { onWebApp, registration, someArm, someEnvironment, someFlow } from "../support/environment";

const ml = "azure-native:machinelearningservices";
const folder = "flows/web-classification";
const content = hashFolder(process.cwd(), folder);
const digest = `registry.example/serve@sha256:${"d".repeat(64)}`;

/** A flow of the repository in two arms: one whose image holds it, the other as is said. */
const held = (both = false): Flow => {
  const flow = someFlow("web", {
    content,
    arms: [
      someArm("blue", { version: "current", weight: 90, image: "held", holdsFlow: true }),
      someArm("green", {
        version: "current",
        weight: 10,
        image: both ? "held" : "serving",
        holdsFlow: both,
      }),
    ],
  });
  return { ...flow, experiment: { ...flow.experiment, flow: folder } };
};

/** The flow, and what lies under its image. */
const environment = (flow: Flow, serving: unknown) =>
  someEnvironment(
    { ...registration, images: { serving, held: { flow: "web", from: "serving" } } },
    [flow],
  );

/** Every file below a folder, by path: its bytes and permissions. */
function filesBelow(top: string): Record<string, { bytes: string; mode: string }> {
  return Object.fromEntries(
    readdirSync(top, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => {
        const file = path.join(entry.parentPath, entry.name);
        const mode = (statSync(file).mode & 0o777).toString(8);
        return [path.relative(top, file), { bytes: readFileSync(file, "latin1"), mode }];
      }),
  );
}

test("the image is built from exactly the model's files, over the other image by digest", async () => {
  const { one, all } = await declare(environment(held(), { build: "tests/support/image" }));
  expect(all("docker:index/image:Image").map(({ name }) => name)).toEqual([
    "image.held.build",
    "image.serving.build",
  ]);
  const { inputs, parent } = one("docker:index/image:Image", "image.held.build");
  expect(parent).toBe("image.held");
  expect(inputs).toEqual({
    imageName: expect.stringMatching(/^<container-registry\.loginServer>\/held:[0-9a-f]{12}$/),
    build: {
      context: expect.stringMatching(/^\.genaiops\/images\/[0-9a-f]{20}$/),
      platform: "linux/amd64",
      args: { SERVING_IMAGE: "<image.serving.build.repoDigest>" },
    },
    // The SDK of docker fills these in.
    buildOnPreview: false,
    skipPush: false,
  });
  const { context } = inputs["build"] as { context: string };
  const expected = {
    Dockerfile: readFileSync("images/flow/Dockerfile", "latin1"),
    ...Object.fromEntries(
      Object.keys(content.files).map((file) => [
        `flow/${file}`,
        readFileSync(path.join(folder, file), "latin1"),
      ]),
    ),
  };
  expect(filesBelow(context)).toEqual(
    Object.fromEntries(
      Object.entries(expected).map(([file, bytes]) => [file, { bytes, mode: "644" }]),
    ),
  );
});

test("the base is made although no arm runs it, and one that exists is named as it is", async () => {
  const built = environment(held(true), { build: "tests/support/image" });
  expect((await declare(built)).all("docker:index/image:Image")).toHaveLength(2);
  const { one } = await declare(environment(held(true), { digest }));
  expect(one("docker:index/image:Image").inputs["build"]).toMatchObject({
    args: { SERVING_IMAGE: digest },
  });
});

test("an online endpoint mounts the model all the same: a deployment's version is that of its model", async () => {
  const { all } = await declare(environment(held(), { digest }));
  const deployments = all(`${ml}:OnlineDeployment`).map(({ inputs }) => inputs["properties"]);
  expect(deployments).toMatchObject([
    { model: "<web.model.assetId>", environmentId: "<image.held.environment.assetId>" },
    { model: "<web.model.assetId>", environmentId: "<image.serving.environment.assetId>" },
  ]);
});

test("on a Web App an arm whose image holds the flow fetches nothing", async () => {
  const { one, all } = await declare(environment(onWebApp(held()), { digest }));
  expect(all(`${ml}:ModelVersion`).map(({ name }) => name)).toEqual(["web.green.model"]);
  const { environment: variables, image } = one("genaiops:index:WebAppSettings").inputs;
  expect(image).toBe("<image.held.build.repoDigest>");
  expect(Object.keys(variables as object)).not.toContain("GENAIOPS_MODEL_URI");
  expect(Object.keys(variables as object)).not.toContain("GENAIOPS_MODEL_STORE");
  expect(variables).toMatchObject({ GENAIOPS_MODEL_VERSION: "<web.model.version>" });
});

const rolesOf = async (flow: Flow) => {
  const { all } = await declare(environment(flow, { digest }));
  return all("azure-native:authorization:RoleAssignment")
    .map(({ name }) => name)
    .filter((name) => name.startsWith("endpoint-identity.web."));
};

test("an identity may read the storage only where something there is read", async () => {
  const storage = "endpoint-identity.web.storage.storage-blob-data-reader";
  expect(await rolesOf(onWebApp(held(true)))).not.toContain(storage);
  expect(await rolesOf(onWebApp(held()))).toContain(storage);
  expect(await rolesOf(held(true))).toContain(storage);
});

test("a context is laid out whole, read by anybody whatever the umask, and refused where bytes changed", () => {
  const { root, remove } = repository([], {
    "images/flow/Dockerfile": "FROM scratch\n",
    "flows/web/prompts/short.jinja2": "Be brief.",
  });
  const before = process.umask(0o077);
  try {
    const model = hashFolder(root, "flows/web");
    const place = layFlowContext(root, "flows/web", model);
    expect(layFlowContext(root, "flows/web", model)).toBe(place);
    expect(statSync(path.join(root, place, "flow/prompts")).mode & 0o777).toBe(0o755);
    expect(filesBelow(path.join(root, place))["flow/prompts/short.jinja2"]?.mode).toBe("644");
    const other = { ...model, files: { ...model.files, "flow.dag.yaml": "0".repeat(64) } };
    expect(() => layFlowContext(root, "flows/web", other)).toThrow(
      "flows/web/flow.dag.yaml changed while it was read; run this again",
    );
    expect(readdirSync(path.join(root, ".genaiops/images"))).toEqual([path.basename(place)]);
    const laid = filesBelow(path.join(root, place));
    for (const file of ["Dockerfile", "flow/more.py"]) {
      writeFileSync(path.join(root, place, file), "changed");
      expect(layFlowContext(root, "flows/web", model)).toBe(place);
      expect(filesBelow(path.join(root, place))).toEqual(laid);
    }
  } finally {
    process.umask(before);
    remove();
  }
});
