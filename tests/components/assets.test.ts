import { declare } from "../support/declared";
import { someArm, someEnvironment, someFlow } from "../support/environment";

const ml = "azure-native:machinelearningservices";
const content = { hash: "b".repeat(64), files: { "flow.dag.yaml": "c".repeat(64) } };

test("this checkout is sent and registered once, however many arms serve it", async () => {
  const arms = [
    someArm("blue", { version: "current", weight: 90 }),
    someArm("green", { version: "current", weight: 10 }),
  ];
  const { one, all, outputs } = await declare(
    someEnvironment({}, [someFlow("web", { arms, content })]),
  );
  const folder = one("genaiops:index:BlobFolder");
  expect(folder.inputs).toEqual({
    account: "<storage.name>",
    container: "azureml-blobstore-<workspace.workspaceId>",
    prefix: "flows/web",
    source: "flows/web",
    files: content.files,
    hash: content.hash,
  });
  expect(folder.after).toContain("deployer.storage.storage-blob-data-contributor");
  expect(one("genaiops:index:AssetVersion", "web.model").inputs).toEqual({
    workspace: "<workspace.id>",
    kind: "model",
    name: "web_dev",
    hash: content.hash,
    properties: {
      modelType: "custom_model",
      modelUri:
        "azureml://subscriptions/11111111-1111-4111-8111-111111111111/resourcegroups/<resource-group.name>/workspaces/<workspace.name>/datastores/workspaceblobstore/paths/<web.files.path>",
      properties: { "azureml.promptflow.source_flow_id": "web" },
    },
    tags: { flow: "web" },
  });
  const models = all(`${ml}:OnlineDeployment`).map(({ inputs }) => inputs["properties"]);
  expect(models).toMatchObject([
    { model: "<web.model.assetId>" },
    { model: "<web.model.assetId>" },
  ]);
  expect(outputs["endpoints"]).toEqual({
    web: {
      name: "<web.name>",
      scoringUri: "<web.settings.scoringUri>",
      arms: {
        blue: { version: "<web.model.version>", weight: 90 },
        green: { version: "<web.model.version>", weight: 10 },
      },
    },
  });
});

test("an image is deployed by digest, built or given", async () => {
  const flows = [
    someFlow("web", {
      arms: [someArm("blue", { image: "built" }), someArm("green", { image: "given" })],
    }),
  ];
  const digest = `registry.example/serve@sha256:${"d".repeat(64)}`;
  const { one, all } = await declare(
    someEnvironment(
      {
        images: {
          built: { build: "tests/support/image" },
          given: { digest },
          unused: { build: "tests/support/image" },
        },
      },
      flows,
    ),
  );
  const contract = {
    livenessRoute: { path: "/health", port: 8080 },
    readinessRoute: { path: "/health", port: 8080 },
    scoringRoute: { path: "/score", port: 8080 },
  };
  expect(one("docker:index/image:Image").inputs).toMatchObject({
    imageName: expect.stringMatching(/^<container-registry\.loginServer>\/built:[0-9a-f]{12}$/),
    build: { context: "tests/support/image", platform: "linux/amd64" },
  });
  expect(one("docker:index/image:Image").inputs).not.toHaveProperty("registry");
  expect(all("genaiops:index:AssetVersion").map(({ inputs }) => inputs)).toEqual([
    {
      workspace: "<workspace.id>",
      kind: "environment",
      name: "built",
      hash: "<image.built.build.repoDigest>",
      properties: {
        image: "<image.built.build.repoDigest>",
        inferenceConfig: contract,
        osType: "Linux",
      },
    },
    {
      workspace: "<workspace.id>",
      kind: "environment",
      name: "given",
      hash: "d".repeat(64),
      properties: { image: digest, inferenceConfig: contract, osType: "Linux" },
    },
  ]);
});
