import { schema } from "../../packages/sandbox/schema";
import { declare } from "../support/declared";
import { someArm, someEnvironment, someFlow, type SettingsText } from "../support/environment";

const ml = "azure-native:machinelearningservices";
const tags = { project: "genaiops-platform", environment: "dev", flow: "web" };

/** Every property of an endpoint but its cluster, as azure-native knows them. */
const written = [
  ...Object.keys(schema.types["machinelearningservices.OnlineEndpointPropertiesArgs"] ?? {})
    .filter((name) => name !== "compute")
    .sort()
    .map((name) => `properties.${name}`),
  "tags",
];

test("azure-native creates the endpoint and never writes it again", async () => {
  const { one } = await declare(someEnvironment());
  const endpoint = one(`${ml}:OnlineEndpoint`);
  expect(endpoint).toMatchObject({
    name: "web",
    parent: "web",
    ignoreChanges: written,
    replaceOnChanges: ["identity", "properties.compute"],
    aliases: [],
  });
  expect(endpoint.inputs).toEqual({
    resourceGroupName: "<resource-group.name>",
    workspaceName: "<workspace.name>",
    endpointName: "web-dev-cibxs2",
    location: "swedencentral",
    kind: "Managed",
    identity: { type: "UserAssigned", userAssignedIdentities: ["<endpoint-identity.web.id>"] },
    properties: { authMode: "AADToken", publicNetworkAccess: "Enabled" },
    tags,
  });
});

test("the endpoint waits for the roles of its identity, the connections and the models", async () => {
  const { one } = await declare(
    someEnvironment({
      openAI: {
        mode: "create",
        deployments: [{ name: "gpt", model: "gpt-4o", version: "1", capacity: 1 }],
      },
      connections: [{ name: "aoai", type: "azureOpenAI" }],
    }),
  );
  expect(one(`${ml}:OnlineEndpoint`).after).toEqual([
    "connections.aoai",
    "endpoint-identity.web",
    "endpoint-identity.web.container-registry.acrpull",
    "endpoint-identity.web.key-vault.key-vault-secrets-user",
    "endpoint-identity.web.openai.cognitive-services-openai-user",
    "endpoint-identity.web.storage.storage-blob-data-reader",
    "endpoint-identity.web.workspace.azure-machine-learning-workspace-connection-secrets-reader",
    "openai.gpt",
    "resource-group",
    "workspace",
  ]);
});

test("an arm is a managed deployment of one model version on one image", async () => {
  const arm = someArm("blue", {
    version: 3,
    weight: 100,
    variant: "summarise.variant_1",
    environment: { CHAT_DEPLOYMENT: "gpt-4o-mini", PROMPTFLOW_SERVING_ENGINE: "flask" },
    instance: "Standard_F4s_v2",
    instances: 3,
    requestTimeoutSeconds: 180,
    concurrentRequests: 8,
  });
  const { one } = await declare(someEnvironment({}, [someFlow("web", { arms: [arm] })]));
  const deployment = one(`${ml}:OnlineDeployment`);
  const probe = {
    initialDelay: "PT30S",
    period: "PT10S",
    timeout: "PT2S",
    successThreshold: 1,
    failureThreshold: 30,
  };
  expect(deployment.inputs).toEqual({
    resourceGroupName: "<resource-group.name>",
    workspaceName: "<workspace.name>",
    endpointName: "<web.name>",
    deploymentName: "blue",
    location: "swedencentral",
    kind: "Managed",
    sku: { name: "Default", capacity: 3 },
    properties: {
      endpointComputeType: "Managed",
      model: "<workspace.id>/models/web_dev/versions/3",
      environmentId: "<image.serve.environment.assetId>",
      environmentVariables: {
        PROMPTFLOW_RUN_MODE: "serving",
        PROMPTFLOW_SERVING_ENGINE: "flask",
        PRT_CONFIG_OVERRIDE:
          "deployment.subscription_id=11111111-1111-4111-8111-111111111111,deployment.resource_group=<resource-group.name>,deployment.workspace_name=<workspace.name>,deployment.endpoint_name=<web.name>,deployment.deployment_name=blue",
        AZURE_CLIENT_ID: "<endpoint-identity.web.clientId>",
        GENAIOPS_VARIANT: "summarise.variant_1",
        CHAT_DEPLOYMENT: "gpt-4o-mini",
      },
      instanceType: "Standard_F4s_v2",
      appInsightsEnabled: true,
      requestSettings: { requestTimeout: "PT180S", maxConcurrentRequestsPerInstance: 8 },
      livenessProbe: probe,
      readinessProbe: probe,
      scaleSettings: { scaleType: "Default" },
    },
    tags,
  });
  expect(deployment).toMatchObject({ name: "web.blue", deletedWith: "web", ignoreChanges: [] });
});

test("one resource holds all that changes on a live endpoint, and waits for every arm", async () => {
  const arms = [
    someArm("blue", { weight: 70 }),
    someArm("green", { weight: 30 }),
    someArm("mini", { weight: 0 }),
  ];
  const flow = someFlow("web", {
    arms,
    mirror: { arm: "mini", percent: 20 },
    authentication: "Key",
    publicAccess: false,
  });
  const { one } = await declare(someEnvironment({}, [flow]));
  const settings = one("genaiops:index:EndpointSettings");
  expect(settings.inputs).toEqual({
    endpoint: "<web.id>",
    weights: { blue: 70, green: 30, mini: 0 },
    mirror: { arm: "mini", percent: 20 },
    authMode: "Key",
    publicNetworkAccess: "Disabled",
    tags,
  });
  expect(settings).toMatchObject({
    name: "web.settings",
    after: ["web", "web.blue", "web.green", "web.mini"],
    deletedWith: "web",
  });
});

test("arms come one after another, and one resource depends on them all", async () => {
  const arms = ["blue", "green", "mini"].map((name) => someArm(name));
  const { one } = await declare(someEnvironment({}, [someFlow("web", { arms })]));
  const before = (name: string) =>
    one(`${ml}:OnlineDeployment`, name).after.filter((other) => other.startsWith("web."));
  expect([before("web.blue"), before("web.green"), before("web.mini")]).toEqual([
    [],
    ["web.blue"],
    ["web.green"],
  ]);
});

test("the routing goes before a live arm is replaced, where the settings allow that", async () => {
  const arms = [someArm("blue", { weight: 100 }), someArm("next", { weight: 0 })];
  const flow = someFlow("web", { arms });
  const replaceWith = async (settings: SettingsText) =>
    (await declare(someEnvironment(settings, [flow]))).one("genaiops:index:EndpointSettings")
      .replaceWith;
  expect(await replaceWith({ replaceLiveArms: true })).toEqual(["web.blue"]);
  expect(await replaceWith({})).toEqual([]);
});

test("a shared identity serves every endpoint and holds its roles once", async () => {
  const flows = [someFlow("chat"), someFlow("web")];
  const { all, one } = await declare(someEnvironment({ endpointIdentity: "shared" }, flows));
  const endpoints = all(`${ml}:OnlineEndpoint`).map(({ inputs }) => inputs["identity"]);
  const shared = { type: "UserAssigned", userAssignedIdentities: ["<endpoint-identity.id>"] };
  expect(endpoints).toEqual([shared, shared]);
  expect(
    one("azure-native:managedidentity:UserAssignedIdentity", "endpoint-identity").inputs,
  ).toMatchObject({ resourceName: "id-genaiops-dev-endpoints-cibxs2" });
  const roles = all("azure-native:authorization:RoleAssignment").filter(
    ({ parent }) => parent === "endpoint-identity",
  );
  expect(roles).toHaveLength(4);
});

test("in a closed network an endpoint waits for what may leave it", async () => {
  const { one, all } = await declare(
    someEnvironment({
      network: "closed",
      secrets: {},
      connections: [
        { name: "openai-key", type: "openAI", secret: "k" },
        { name: "search", type: "aiSearch", target: "https://docs.search.windows.net" },
      ],
    }),
  );
  expect(one(`${ml}:OnlineEndpoint`).after).toEqual(
    expect.arrayContaining(["network.api-openai-com", "network.docs-search-windows-net"]),
  );
  for (const { inputs } of all(`${ml}:OnlineDeployment`)) {
    expect(inputs["properties"]).not.toHaveProperty("egressPublicNetworkAccess");
  }
});
