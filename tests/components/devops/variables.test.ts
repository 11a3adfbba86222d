import { environmentLines } from "../../../components/devops/variableGroups";
import { declare } from "../../support/declared";
import { owner, withDevOps } from "./settings";

const group = "azuredevops:index/variableGroup:VariableGroup";

test("the platform's group has exactly the names that its users know", async () => {
  const variables = { MODE: "fast", LEVEL: "2" };
  const { one } = await declare(withDevOps({ ...owner, variables }));
  expect(one(group).inputs).toEqual({
    projectId: "<devops-project.id>",
    name: "llmops_platform_dev_vg",
    description: "Names of the platform; holds no secret",
    allowAccess: false,
    variables: [
      { name: "AZURE_RM_SVC_CONNECTION", value: "genaiops-dev-deploy" },
      { name: "rg_name", value: "rg-genaiops-dev" },
      { name: "ws_name", value: "<workspace.name>" },
      { name: "kv_name", value: "<key-vault.name>" },
      { name: "COMPUTE_TARGET", value: "serverless" },
      { name: "DOCKER_IMAGE_REGISTRY", value: "<container-registry.loginServer>" },
      { name: "ENV_VARS", value: "LEVEL=2\nMODE=fast" },
    ],
  });
});

test("the lines of no variables are an empty text", () => {
  expect(environmentLines({})).toBe("");
});

test("secrets stand in the vault; the linked group has their names and waits until it can read them", async () => {
  const secrets = [{ name: "kept", secret: "mine" }, { name: "there" }];
  const { one } = await declare(
    withDevOps({ ...owner, secrets }, { secrets: { mine: "[secret]" } }),
    { secrets: { mine: "canary-4711" } },
  );
  const linked = one(group, "devops-variables.secrets");
  expect(linked.inputs).toMatchObject({
    name: "llmops_platform_dev_secrets_vg",
    allowAccess: false,
    keyVault: { name: "<key-vault.name>", serviceEndpointId: "<devops-connection.id>" },
    variables: [{ name: "kept" }, { name: "there" }],
  });
  expect(JSON.stringify(linked.inputs)).not.toContain("canary");
  expect(linked.after).toEqual(
    expect.arrayContaining([
      "deployer.key-vault.key-vault-secrets-user",
      "devops-connection.trust",
      "devops-variables.kept",
    ]),
  );
  const kept = one("azure-native:keyvault:Secret");
  // The signature of a secret over the wire.
  expect(kept.inputs).toMatchObject({
    secretName: "kept",
    properties: {
      value: {
        "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
        value: "canary-4711",
      },
    },
  });
});
