import { builtInRoles } from "../../../config/roles";
import type { Json } from "../../../packages/provider/resourceManager";
import type { ServerSettings } from "../../../packages/sandbox/server";
import { granted, group, type Resource, TestSandbox } from "./sandbox";

const site = `${group}/providers/Microsoft.Web/sites/web-app`;
const registry = `${group}/providers/Microsoft.ContainerRegistry/registries/cr`;
const identity = `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-web`;
const digest = `sha256:${"a".repeat(64)}`;
const clientId = "33333333-3333-4333-8333-333333333333";
const clients = { web: "c1", principal: "p1" };

interface Given {
  readonly share?: number;
  readonly state?: string;
  readonly image?: string;
  readonly mayPull?: boolean;
}

const config = (arm: string, image: string): Json => ({
  linuxFxVersion: `DOCKER|cr.azurecr.io/serve@${image}`,
  acrUseManagedIdentityCreds: true,
  acrUserManagedIdentityID: clients.web,
  appSettings: [{ name: "GENAIOPS_ARM", value: arm }],
});

function resources({ share = 25, state = "Running", image = digest, mayPull = true }: Given) {
  const rampUpRules =
    share === 0
      ? []
      : [
          {
            name: "green",
            actionHostName: "web-app-green.azurewebsites.net",
            reroutePercentage: share,
          },
        ];
  const login: Json = {
    platform: { enabled: true },
    globalValidation: { requireAuthentication: true, excludedPaths: ["/health"] },
    identityProviders: {
      azureActiveDirectory: {
        registration: { clientId },
        validation: { allowedAudiences: [`api://${clientId}`] },
      },
    },
  };
  const web = (type: string) => `azure-native:web:${type}`;
  const all: Resource[] = [
    {
      id: site,
      token: web("WebApp"),
      body: {
        properties: {
          state: "Running",
          defaultHostName: "web-app.azurewebsites.net",
          siteConfig: { ...config("blue", digest), experiments: { rampUpRules } },
        },
      },
    },
    {
      id: `${site}/slots/green`,
      token: web("WebAppSlot"),
      body: {
        properties: {
          state,
          defaultHostName: "web-app-green.azurewebsites.net",
          siteConfig: config("green", image),
        },
      },
    },
    ...[site, `${site}/slots/green`].map((id) => ({
      id: `${id}/config/authsettingsV2`,
      token: web("WebAppAuthSettingsV2"),
      body: { properties: login },
    })),
    {
      id: registry,
      token: "azure-native:containerregistry:Registry",
      body: { properties: { loginServer: "cr.azurecr.io" } },
    },
    {
      id: identity,
      token: "azure-native:managedidentity:UserAssignedIdentity",
      body: { properties: { clientId: clients.web, principalId: clients.principal } },
    },
    ...(mayPull ? [granted(registry, builtInRoles.AcrPull, { objectId: clients.principal })] : []),
  ];
  return all;
}

let box: TestSandbox | undefined;
afterEach(async () => {
  await box?.close();
  box = undefined;
});

async function started(given: Given = {}, settings: ServerSettings = {}) {
  box = await TestSandbox.start(settings, resources(given));
  const push = await box.send(
    "PUT",
    `/images/${encodeURIComponent(`cr.azurecr.io/serve:one@${digest}`)}`,
  );
  expect(push.status).toBe(201);
  const token = await box.personToken(`api://${clientId}/.default`);
  const ask = async (
    headers: Record<string, string> = {},
    where = "web-app.azurewebsites.net/score",
    method = "POST",
  ) => {
    const answer = await box!.send(method, `/scoring/${where}`, method === "POST" ? "{}" : "", {
      authorization: `Bearer ${token}`,
      ...headers,
    });
    const [cookie] = answer.headers["set-cookie"] ?? [];
    return { status: answer.status, cookie, text: answer.text };
  };
  return { box, ask };
}

const arms = { blue: { answer: "blue" }, green: { answer: "green" } };

test("requests without a cookie split by the ramp-up rules, and the cookie says where each went", async () => {
  const { ask, box } = await started({}, { arms });
  for (let sent = 0; sent < 400; sent += 1) {
    const { text, cookie } = await ask();
    expect(cookie).toBe(`x-ms-routing-name=${text === '"blue"' ? "self" : "green"}; path=/`);
  }
  const { requests } = box.sandbox.scoring;
  const green = requests.filter(({ deployment }) => deployment === "green").length;
  // Five standard deviations of 400 requests at 25 %; the seed is fixed.
  expect(Math.abs(green - 100)).toBeLessThan(44);
});

test.each([
  ["a cookie", { cookie: "other=1; x-ms-routing-name=green" }, "", '"green"'],
  ["a cookie for the production slot", { cookie: "x-ms-routing-name=self" }, "", '"blue"'],
  ["the query", {}, "?x-ms-routing-name=GREEN", '"green"'],
  ["a name that is none", { cookie: "x-ms-routing-name=red" }, "", '"blue"'],
])("%s pins, whatever the share", async (_, headers, query, expected) => {
  const { ask } = await started({ share: 50 }, { arms });
  for (let sent = 0; sent < 8; sent += 1) {
    expect(await ask(headers, `web-app.azurewebsites.net/score${query}`)).toMatchObject({
      status: 200,
      text: expected,
    });
  }
});

test("a slot's own address leads to it alone, and an app that routes nothing sets no cookie", async () => {
  const { ask } = await started({ share: 0 }, { arms });
  expect(await ask({}, "web-app-green.azurewebsites.net/score")).toMatchObject({ text: '"green"' });
  expect(await ask()).toEqual({ status: 200, cookie: undefined, text: '"blue"' });
});

test("a token of another audience, or none, is refused but for /health", async () => {
  const { ask, box } = await started({ share: 0 });
  const other = await box.personToken("https://ml.azure.com/.default");
  expect((await ask({ authorization: "" })).status).toBe(401);
  expect((await ask({ authorization: `Bearer ${other}` })).status).toBe(401);
  const health = "web-app-green.azurewebsites.net/health";
  expect(await ask({ authorization: "" }, health, "GET")).toMatchObject({
    status: 200,
    text: '{"status":"Healthy"}',
  });
});

test.each<[string, Given, number]>([
  ["stopped", { state: "Stopped" }, 403],
  ["of an image that its registry does not hold", { image: `sha256:${"b".repeat(64)}` }, 503],
  ["whose identity may not pull", { mayPull: false }, 503],
])("a slot %s answers nothing, /health neither", async (_, given, status) => {
  const { ask } = await started(given);
  for (const path of ["health", "score"]) {
    const method = path === "health" ? "GET" : "POST";
    const answer = await ask({}, `web-app-green.azurewebsites.net/${path}`, method);
    expect(answer.status).toBe(status);
  }
});

test("what a container answers reaches the caller as it is", async () => {
  const { ask } = await started({ share: 0 }, { arms: { blue: { failureRate: 1 } } });
  expect(await ask()).toMatchObject({ status: 500 });
});
