import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { readProject } from "../../../packages/cli/plan/program";
import { sandboxApprovals } from "../../../packages/cli/plan/sandboxApprovals";
import { readStackConfig } from "../../../packages/cli/plan/stackConfig";

const folder = mkdtempSync(path.join(tmpdir(), "genaiops-config-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("values reach the program as the engine hands them over, with placeholders for secrets", () => {
  writeFileSync(
    path.join(folder, "Pulumi.yaml"),
    `name: shop
runtime: nodejs
config:
  size: { type: integer, default: 3 }
  color: { type: string, default: red, description: as the default says }
  azure-native:location: westeurope
  other: { type: string }
`,
  );
  writeFileSync(path.join(folder, "index.ts"), "");
  writeFileSync(
    path.join(folder, "Pulumi.dev.yaml"),
    `config:
  color: blue
  shop:flows: { web: { arms: [1, 2] } }
  shop:protect: true
  shop:secrets: { openai: { secure: v1:AAAA:canary }, plain: kept }
  shop:key: { secure: v1:BBBB:canary }
  shop:keys: [open, { secure: v1:CCCC:canary }]
`,
  );
  const config = readStackConfig(folder, "dev");
  expect(config).toEqual({
    project: "shop",
    stack: "dev",
    config: {
      "shop:size": "3",
      "shop:color": "blue",
      "azure-native:location": "westeurope",
      "shop:flows": '{"web":{"arms":[1,2]}}',
      "shop:protect": "true",
      "shop:secrets": '{"openai":"[secret]","plain":"kept"}',
      "shop:key": "[secret]",
      "shop:keys": '["open","[secret]"]',
    },
    secretKeys: ["shop:secrets", "shop:key", "shop:keys"],
  });
  expect(JSON.stringify(config)).not.toContain("canary");
});

test("a stack without a file names those that have one", () => {
  expect(() => readStackConfig(folder, "prod")).toThrow(
    "there is no stack 'prod': Pulumi.prod.yaml does not exist; the stacks here are dev",
  );
});

test("a folder without a project says how to name one", () => {
  expect(() => readStackConfig(path.join(folder, "none"), "dev")).toThrow(
    /no Pulumi\.yaml; .*--cwd/,
  );
});

describe("approved versions from a sandbox", () => {
  const group = "/subscriptions/s/resourceGroups/rg";
  const workspace = `${group}/providers/Microsoft.MachineLearningServices/workspaces/ws`;
  const container = `${workspace}/models/web_dev`;
  const entry = (token: string, id: string, body: object = {}) => [
    id.toLowerCase(),
    { token, id, body: { id, name: id.split("/").at(-1), ...body } },
  ];
  const version = (name: string, properties: object) =>
    entry("azure-native:machinelearningservices:ModelVersion", `${container}/versions/${name}`, {
      properties,
    });
  const file = path.join(folder, "azure.json");

  beforeAll(() => {
    const resources = Object.fromEntries([
      entry("azure-native:resources:ResourceGroup", group),
      entry("azure-native:machinelearningservices:Workspace", workspace),
      entry("azure-native:machinelearningservices:ModelContainer", container),
      version("2", { tags: { approved_dev: "2026-01-01" } }),
      version("10", { tags: { approved_dev: "2026-01-02" } }),
      version("11", { tags: { approved_prod: "2026-01-02" } }),
      version("12", { tags: { approved_dev: "2026-01-02" }, isArchived: true }),
    ]);
    writeFileSync(
      file,
      JSON.stringify({ azure: { resources, deleted: {}, operations: {}, writes: 0 } }),
    );
  });

  test("the newest number with the environment's approval; a model without one is absent", async () => {
    const ask = { workspace, environment: "dev", models: ["web_dev", "other_dev"] };
    expect(await sandboxApprovals(file).approved(ask)).toEqual({ web_dev: 10 });
  });

  test.each(["{}", "null"])("a file of something else is refused: %s", (text) => {
    writeFileSync(path.join(folder, "plan.json"), text);
    expect(() => sandboxApprovals(path.join(folder, "plan.json"))).toThrow(
      /plan\.json {2}holds no simulated Azure; --versions takes/,
    );
  });
});

test.each([
  ["a tab", "name: shop\n\truntime: nodejs\n", /^Pulumi\.yaml:2:1 {2}/],
  ["two documents", "name: shop\n---\nname: shop\n", /^Pulumi\.yaml:\d+:1 {2}/],
  ["the same key twice", "name: shop\nname: shop\n", /^Pulumi\.yaml:2:1 {2}/],
])("a broken Pulumi.yaml is told at its place: %s", (_, text, place) => {
  const root = mkdtempSync(path.join(folder, "broken-"));
  writeFileSync(path.join(root, "Pulumi.yaml"), text);
  expect(() => readProject(root)).toThrow(
    expect.objectContaining({ name: "ProblemsError", message: expect.stringMatching(place) }),
  );
});
