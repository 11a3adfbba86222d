import { productionArm, servedWeights } from "../../config/webAppSettings";
import { declare } from "../support/declared";
import { onWebApp, registration, someArm, someEnvironment, someFlow } from "../support/environment";

const web = "azure-native:web";
const component = "genaiops:platform:WebAppFlowEndpoint";
const image = `registry.example/serve@sha256:${"a".repeat(64)}`;
const tags = { project: "genaiops-platform", environment: "dev", flow: "web" };

const declared = (flow = onWebApp(someFlow("web")), settings = {}) =>
  declare(someEnvironment({ ...registration, ...settings }, [flow]));

const variables = (arm: string) => ({
  PROMPTFLOW_RUN_MODE: "serving",
  PROMPTFLOW_SERVING_ENGINE: "fastapi",
  PRT_CONFIG_OVERRIDE: `deployment.subscription_id=11111111-1111-4111-8111-111111111111,deployment.resource_group=<resource-group.name>,deployment.workspace_name=<workspace.name>,deployment.endpoint_name=web-dev-app-cibxs2,deployment.deployment_name=${arm}`,
  AZURE_CLIENT_ID: "<endpoint-identity.web.clientId>",
  GENAIOPS_ARM: arm,
  GENAIOPS_MODEL_URI: `<web.${arm}.model.properties.modelUri>`,
  GENAIOPS_MODEL_VERSION: arm === "blue" ? "3" : "4",
  GENAIOPS_MODEL_STORE:
    "https://<storage.name>.blob.core.windows.net/azureml-blobstore-<workspace.workspaceId>",
  WEBSITES_PORT: "8080",
  WEBSITES_CONTAINER_START_TIME_LIMIT: "1800",
  WEBSITES_ENABLE_APP_SERVICE_STORAGE: "false",
});

/** What the app and its slots have in common, for one arm. */
const siteOf = (arm: string) => ({
  resourceGroupName: "<resource-group.name>",
  location: "swedencentral",
  kind: "app,linux,container",
  serverFarmId: "<web.plan.id>",
  identity: { type: "UserAssigned", userAssignedIdentities: ["<endpoint-identity.web.id>"] },
  keyVaultReferenceIdentity: "<endpoint-identity.web.id>",
  httpsOnly: true,
  clientAffinityEnabled: false,
  publicNetworkAccess: "Enabled",
  // The SDK of azure-native fills these in.
  hyperV: false,
  isXenon: false,
  scmSiteAlsoStopped: false,
  siteConfig: {
    localMySqlEnabled: false,
    netFrameworkVersion: "v4.6",
    linuxFxVersion: `DOCKER|${image}`,
    acrUseManagedIdentityCreds: true,
    acrUserManagedIdentityID: "<endpoint-identity.web.clientId>",
    healthCheckPath: "/health",
    alwaysOn: true,
    ftpsState: "Disabled",
    minTlsVersion: "1.2",
    scmMinTlsVersion: "1.2",
    http20Enabled: true,
    remoteDebuggingEnabled: false,
    appSettings: Object.entries(variables(arm)).map(([name, value]) => ({ name, value })),
  },
  tags,
});

test("an app has its plan, a slot for each arm but the production one, and settings after all", async () => {
  const { resources } = await declared();
  const own = resources
    .filter(({ parent, readId }) => parent === "web" && readId === undefined)
    .map(({ type, name }) => `${name} ${type.replace(/^.*:/, "")}`);
  expect(own.sort()).toEqual(
    [
      "web WebApp",
      "web.authentication WebAppAuthSettingsV2",
      "web.ftp WebAppFtpAllowed",
      "web.green WebAppSlot",
      "web.green.authentication WebAppAuthSettingsV2Slot",
      "web.green.ftp WebAppFtpAllowedSlot",
      "web.green.logs DiagnosticSetting",
      "web.green.scm WebAppScmAllowedSlot",
      "web.logs DiagnosticSetting",
      "web.plan AppServicePlan",
      "web.scm WebAppScmAllowed",
      "web.settings WebAppSettings",
    ].sort(),
  );
});

test("the plan is for Linux, of the flow's size, with as many instances as the arm that asks for most", async () => {
  const arms = [
    someArm("blue", { weight: 100, instances: 2 }),
    someArm("green", { weight: 0, instances: 3 }),
  ];
  const { one } = await declared(onWebApp(someFlow("web", { arms }), { sku: "S2" }));
  expect(one(`${web}:AppServicePlan`).inputs).toEqual({
    resourceGroupName: "<resource-group.name>",
    name: "web-dev-app-cibxs2-plan",
    location: "swedencentral",
    kind: "linux",
    reserved: true,
    sku: { name: "S2", capacity: 3 },
    zoneRedundant: false,
    tags,
  });
});

test("over several zones Azure runs two instances at least, and the plan says so", async () => {
  const arms = [someArm("blue", { weight: 100, instances: 1 })];
  const { one } = await declared(onWebApp(someFlow("web", { arms })), { zoneRedundant: true });
  expect(one(`${web}:AppServicePlan`).inputs).toMatchObject({
    sku: { name: "P0v3", capacity: 2 },
    zoneRedundant: true,
  });
});

test("azure-native creates the app and never updates what WebAppSettings writes", async () => {
  const { one } = await declared();
  const site = one(`${web}:WebApp`);
  expect(site.inputs).toEqual({ name: "web-dev-app-cibxs2", ...siteOf("blue") });
  expect(site).toMatchObject({
    name: "web",
    parent: "web",
    protect: false,
    ignoreChanges: ["siteConfig", "tags", "publicNetworkAccess"],
    replaceOnChanges: ["identity"],
  });
  const settings = one("genaiops:index:WebAppSettings");
  expect(settings.inputs).toEqual({
    site: "<web.id>",
    production: "blue",
    image,
    environment: variables("blue"),
    weights: { blue: 90, green: 10 },
    publicNetworkAccess: "Enabled",
    tags,
  });
  expect(settings.deletedWith).toBe("web");
  expect(settings.after).toEqual(
    expect.arrayContaining(["web.green", "web.authentication", "web.green.authentication"]),
  );
});

test("an arm's slot is a whole site that azure-native updates, and goes with the app", async () => {
  const { one } = await declared();
  const slot = one(`${web}:WebAppSlot`);
  expect(slot.inputs).toEqual({ name: "web-dev-app-cibxs2", slot: "green", ...siteOf("green") });
  expect(slot).toMatchObject({ name: "web.green", deletedWith: "web", ignoreChanges: [] });
});

test.each(["WebAppAuthSettingsV2", "WebAppAuthSettingsV2Slot"])(
  "%s asks for a token of the registration everywhere but for /health",
  async (type) => {
    const { one } = await declared();
    expect(one(`${web}:${type}`).inputs).toMatchObject({
      platform: { enabled: true },
      globalValidation: {
        requireAuthentication: true,
        unauthenticatedClientAction: "Return401",
        excludedPaths: ["/health"],
      },
      httpSettings: { requireHttps: true },
      identityProviders: {
        azureActiveDirectory: {
          enabled: true,
          registration: {
            clientId: registration.webApp.clientId,
            openIdIssuer:
              "https://login.microsoftonline.com/22222222-2222-4222-8222-222222222222/v2.0",
          },
          validation: {
            allowedAudiences: [
              `api://${registration.webApp.clientId}`,
              registration.webApp.clientId,
            ],
          },
        },
      },
    });
  },
);

test("nobody publishes with a password, on the app or a slot", async () => {
  const { all } = await declared();
  for (const type of ["WebAppFtpAllowed", "WebAppScmAllowed"]) {
    expect(all(`${web}:${type}`).map(({ inputs }) => inputs["allow"])).toEqual([false]);
    expect(all(`${web}:${type}Slot`).map(({ inputs }) => inputs["allow"])).toEqual([false]);
  }
});

test("a flow without public access, and a protected one", async () => {
  const flow = onWebApp(someFlow("web", { publicAccess: false }));
  const { one } = await declared(flow, { protect: true });
  expect(one(`${web}:WebApp`)).toMatchObject({ protect: true });
  expect(one(`${web}:WebAppSlot`)).toMatchObject({ protect: true });
  for (const type of [`${web}:WebApp`, `${web}:WebAppSlot`, "genaiops:index:WebAppSettings"]) {
    expect(one(type).inputs["publicNetworkAccess"]).toBe("Disabled");
  }
});

test("nothing stands while no arm has a version, and the outputs tell the address to come", async () => {
  const arms = [someArm("blue", { version: "approved", weight: 100 })];
  const { resources, outputs } = await declared(onWebApp(someFlow("web", { arms })));
  expect(resources.filter(({ type }) => type.startsWith(web))).toEqual([]);
  expect(resources.map(({ type }) => type)).toContain(component);
  expect(outputs["endpoints"]).toEqual({
    web: {
      name: "web-dev-app-cibxs2",
      scoringUri: "https://web-dev-app-cibxs2.azurewebsites.net/score",
      arms: {},
    },
  });
});

describe("the arm in the production slot", () => {
  const resolved = (name: string) => ({ ...someArm(name), version: 1 as const });
  const arms = [resolved("blue"), resolved("green")];
  test.each([
    [undefined, arms, "blue"],
    ["green", arms, "green"],
    ["green", arms.slice(0, 1), "blue"],
    ["green", [], undefined],
  ])("named %s", (production, standing, expected) => {
    expect(productionArm(standing, { production })?.name).toBe(expected);
  });
  test("serves all where every weight is 0, and what the weights say else", () => {
    expect(servedWeights({ blue: 0, green: 0 }, "blue")).toEqual({ blue: 100, green: 0 });
    expect(servedWeights({ blue: 0, green: 100 }, "blue")).toEqual({ blue: 0, green: 100 });
  });
});
