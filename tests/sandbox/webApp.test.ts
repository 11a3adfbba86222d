import {
  Caller,
  group,
  identity,
  identityId,
  idOf,
  location,
  native,
  said,
  type Inputs,
} from "./support";

const planToken = native("web:AppServicePlan");
const siteToken = native("web:WebApp");
const slotToken = native("web:WebAppSlot");
const image = `DOCKER|cr.azurecr.io/serve@sha256:${"a".repeat(64)}`;

const plan = (name = "plan", size = "S1", more: Inputs = {}): Inputs => ({
  ...group,
  name,
  location,
  kind: "linux",
  reserved: true,
  sku: { name: size },
  ...more,
});
const planId = (name = "plan"): string => idOf(planToken, plan(name));
const site = (siteConfig: Inputs = {}, more: Inputs = {}): Inputs => ({
  ...group,
  name: "web-dev",
  location,
  serverFarmId: planId(),
  siteConfig: { linuxFxVersion: image, ...siteConfig },
  ...more,
});
const slot = (name: string, siteConfig: Inputs = {}, more: Inputs = {}): Inputs => ({
  ...site(siteConfig),
  slot: name,
  ...more,
});
const siteId = idOf(siteToken, site());
const rule = (slotName: string, share: unknown): Inputs => ({
  name: slotName,
  actionHostName: `web-dev-${slotName}.azurewebsites.net`,
  reroutePercentage: share,
});
const route = (...rampUpRules: Inputs[]): Inputs => ({
  properties: { experiments: { rampUpRules } },
});

function withSite(size = "S1"): Caller {
  const caller = new Caller();
  caller.make(native("resources:ResourceGroup"), { ...group, location });
  caller.make(native("managedidentity:UserAssignedIdentity"), identity("id-web"));
  caller.make(planToken, plan("plan", size));
  caller.make(siteToken, site({ appSettings: [{ name: "WEBSITES_PORT", value: "8080" }] }));
  return caller;
}

test("Azure computes the host names and says nothing of application settings", () => {
  const caller = withSite();
  caller.make(slotToken, slot("green"));
  const body = caller.get(siteId) as { properties: Inputs };
  expect(body.properties).toMatchObject({
    defaultHostName: "web-dev.azurewebsites.net",
    state: "Running",
    siteConfig: { linuxFxVersion: image },
  });
  expect(body.properties["siteConfig"]).not.toHaveProperty("appSettings");
  expect(caller.get(`${siteId}/slots/green`)).toMatchObject({
    properties: { defaultHostName: "web-dev-green.azurewebsites.net" },
  });
  const listed = caller.send("POST", `${siteId}/config/appsettings/list`);
  expect(listed.body).toMatchObject({ properties: { WEBSITES_PORT: "8080" } });
});

describe("what a naive caller is refused", () => {
  test.each<[string, string, Inputs, string]>([
    ["a name of one character", siteToken, site({}, { name: "w" }), "400 InvalidResourceName"],
    ["a name of 61", siteToken, site({}, { name: "w".repeat(61) }), "400 InvalidResourceName"],
    ["an underscore", siteToken, site({}, { name: "web_dev" }), "400 InvalidResourceName"],
    [
      "a name that another group has",
      siteToken,
      site({}, { resourceGroupName: "rg-two" }),
      "409 Conflict: The name 'web-dev' is already in use",
    ],
    [
      "slot and site of 60 characters",
      slotToken,
      slot("s".repeat(52)),
      "400 BadRequest: The slot name",
    ],
    ["a slot called production", slotToken, slot("production"), "400 BadRequest: The slot name"],
    [
      "routing rules on a slot",
      slotToken,
      slot("green", { experiments: { rampUpRules: [rule("green", 10)] } }),
      "400 BadRequest: Routing rules stand on the production slot alone",
    ],
    [
      "routing rules together with the site",
      siteToken,
      site({ experiments: { rampUpRules: [rule("green", 10)] } }),
      "400 BadRequest: The routing rule green names the host 'web-dev-green.azurewebsites.net', which is no slot of 'web-dev'; it has none.",
    ],
    [
      "an image without DOCKER|",
      siteToken,
      site({ linuxFxVersion: "cr.azurecr.io/serve:1" }),
      "400 BadRequest: The parameter LinuxFxVersion",
    ],
    [
      "a Linux image on a plan for Windows",
      siteToken,
      site({}, { name: "other", serverFarmId: planId("windows") }),
      "409 Conflict: The parameter LinuxFxVersion",
    ],
    [
      "a slot on a Basic plan",
      slotToken,
      { ...slot("green"), name: "basic", serverFarmId: planId("basic") },
      "409 Conflict: Cannot complete the operation because the plan's size B1 has no deployment slots",
    ],
    [
      "an identity of the vault that the site has not",
      siteToken,
      site({}, { keyVaultReferenceIdentity: identityId("id-web") }),
      "400 BadRequest: keyVaultReferenceIdentity",
    ],
    [
      "an identity of the registry that the site has not",
      siteToken,
      site({ acrUserManagedIdentityID: "11111111-1111-4111-8111-111111111111" }),
      "400 BadRequest: acrUserManagedIdentityID",
    ],
    [
      "a plan that does not exist",
      siteToken,
      site({}, { serverFarmId: planId("none") }),
      "400 BadRequest: properties.serverFarmId names",
    ],
  ])("%s", (_, token, inputs, message) => {
    const caller = withSite();
    caller.make(native("resources:ResourceGroup"), { resourceGroupName: "rg-two", location });
    caller.make(planToken, plan("basic", "B1"));
    caller.make(siteToken, site({}, { name: "basic", serverFarmId: planId("basic") }));
    caller.make(planToken, plan("windows", "S1", { reserved: false, kind: "app" }));
    expect(said(caller.put(token, inputs))).toContain(message);
  });

  test.each<[string, Inputs, string]>([
    ["a share over 100", route(rule("green", 101)), "reroutePercentage must be a number"],
    ["a share in text", route(rule("green", "10")), "must be a number"],
    [
      "shares that sum to more than 100",
      route(rule("green", 60), rule("red", 41)),
      "sum to 101, more than 100",
    ],
    ["a slot that is not there", route(rule("blue", 10)), "which is no slot of 'web-dev'"],
  ])("a routing rule with %s", (_, body, message) => {
    const caller = withSite();
    caller.make(slotToken, slot("green"));
    caller.make(slotToken, slot("red"));
    expect(said(caller.send("PATCH", `${siteId}/config/web`, body))).toContain(message);
  });

  test.each([
    ["S1", 4],
    ["P0v3", 19],
  ])("of size %s more than %i slots beside the production slot", (size, most) => {
    const caller = withSite(size);
    for (let index = 0; index < most; index += 1) caller.make(slotToken, slot(`slot${index}`));
    expect(said(caller.put(slotToken, slot("more")))).toContain(`exceed the limit of ${most + 1}`);
    expect(caller.put(slotToken, slot("slot0")).status).toBe(200);
  });

  test.each<[string, Inputs, string]>([
    ["a size that Azure has not", { sku: { name: "P0v2" } }, "invalid value: 'P0v2'"],
    [
      "an Isolated size outside of an environment",
      { sku: { name: "I1v2" } },
      "409 Conflict: The size I1v2 is for plans in an App Service Environment",
    ],
    [
      "more instances than its tier has",
      { sku: { name: "S1", capacity: 11 } },
      "400 BadRequest: The parameter SKU.Capacity has an invalid value: 11 instances of size S1, which has at most 10.",
    ],
    [
      "a Standard size over several zones",
      { sku: { name: "S1", capacity: 3 }, zoneRedundant: true },
      "409 Conflict: A plan of size S1 cannot be zone redundant",
    ],
  ])("a plan of %s", (_, more, message) => {
    const caller = withSite();
    expect(said(caller.put(planToken, plan("other", "S1", more)))).toContain(message);
  });

  test("a smaller tier for a plan whose app has more slots than that", () => {
    const caller = withSite("P0v3");
    for (let index = 0; index < 5; index += 1) caller.make(slotToken, slot(`slot${index}`));
    expect(said(caller.put(planToken, plan("plan", "S1")))).toBe(
      "409 Conflict: The plan cannot be of size S1: 'web-dev' has more slots than the 5 of that tier.",
    );
    caller.drop(`${siteId}/slots/slot0`);
    caller.make(planToken, plan("plan", "S1"));
  });

  test("a version of TLS by the name that storage has for it", () => {
    expect(() => withSite().put(siteToken, site({ minTlsVersion: "TLS1_2" }))).toThrow(
      "siteConfig.minTlsVersion must be one of 1.0, 1.1, 1.2, 1.3",
    );
  });

  test("the delete of a plan that still has sites", () => {
    const caller = withSite();
    expect(said(caller.send("DELETE", planId()))).toBe(
      "409 Conflict: Server farm 'plan' cannot be deleted because it has web app(s) web-dev assigned to it.",
    );
    caller.drop(siteId);
    caller.drop(planId());
  });
});

describe("the configuration of a site", () => {
  const routed = (): Caller => {
    const caller = withSite();
    caller.make(slotToken, slot("green"));
    expect(
      caller.send("PATCH", `${siteId}/config/web`, route(rule("green", 10))).status,
    ).toBeLessThan(300);
    return caller;
  };
  const config = (caller: Caller): unknown =>
    (caller.get(`${siteId}/config/web`) as { properties: Inputs }).properties;

  test("a PATCH changes what it names alone", () => {
    expect(config(routed())).toEqual({
      linuxFxVersion: image,
      experiments: { rampUpRules: [rule("green", 10)] },
    });
  });

  test("a PUT of a naive program's own inputs wipes the routing", () => {
    const caller = routed();
    caller.make(siteToken, site({}, { tags: { edited: "yes" } }));
    expect(config(caller)).toEqual({ linuxFxVersion: image });
  });

  test("a PATCH of tags leaves routing and settings", () => {
    const caller = routed();
    caller.send("PATCH", siteId, { tags: { edited: "yes" } });
    expect(caller.get(siteId)).toMatchObject({ tags: { edited: "yes" } });
    expect(config(caller)).toHaveProperty("experiments");
    const listed = caller.send("POST", `${siteId}/config/appsettings/list`);
    expect(listed.body).toMatchObject({ properties: { WEBSITES_PORT: "8080" } });
  });

  test("application settings are written as a whole", () => {
    const caller = routed();
    caller.send("PUT", `${siteId}/config/appsettings`, { properties: { ONE: "1" } });
    const listed = caller.send("POST", `${siteId}/config/appsettings/list`);
    expect((listed.body as Inputs)["properties"]).toEqual({ ONE: "1" });
    expect(config(caller)).toHaveProperty("experiments");
  });
});
