import type { Json } from "../../packages/provider/resourceManager";
import { webAppProblems, type WebAppSettings } from "../../packages/provider/webAppRules";
import { applyWebAppSettings, readWebApp } from "../../packages/provider/webAppSettings";
import { unknown } from "../../packages/provider/protocol";
import { Cloudlet, group, messageOf } from "./support";

const site = `${group}/providers/Microsoft.Web/sites/web-app`;
const image = (digit: string) => `cr.azurecr.io/serve@sha256:${digit.repeat(64)}`;

const settings = (change: Partial<WebAppSettings> = {}): WebAppSettings => ({
  production: "blue",
  image: image("a"),
  environment: { GENAIOPS_ARM: "blue", WEBSITES_PORT: "8080" },
  weights: { blue: 90, green: 10 },
  publicNetworkAccess: "Disabled",
  tags: { team: "search" },
  ...change,
});

/** The app as azure-native creates it, with arm blue in the production slot and other arms as slots. */
function withApp(slots: readonly string[] = ["green"]): Cloudlet {
  const cloudlet = new Cloudlet();
  const body = (host: string, rest: Json = {}) => ({
    location: "swedencentral",
    tags: { team: "search" },
    properties: {
      state: "Running",
      publicNetworkAccess: "Disabled",
      defaultHostName: `${host}.azurewebsites.net`,
      siteConfig: {
        linuxFxVersion: `DOCKER|${image("a")}`,
        healthCheckPath: "/health",
        appSettings: [
          { name: "GENAIOPS_ARM", value: "blue" },
          { name: "WEBSITES_PORT", value: "8080" },
        ],
      },
      ...rest,
    },
  });
  cloudlet.place("azure-native:web:WebApp", site, body("web-app"));
  for (const slot of slots) {
    cloudlet.place("azure-native:web:WebAppSlot", `${site}/slots/${slot}`, body(`web-app-${slot}`));
  }
  cloudlet.interfere = ({ path }) =>
    path === "/health" ? { status: 200, headers: {}, body: {} } : undefined;
  return cloudlet;
}

const apply = (cloudlet: Cloudlet, wanted = settings(), timeoutMs?: number) =>
  applyWebAppSettings(cloudlet.resourceManager(), site, wanted, {
    ...(timeoutMs !== undefined && { timeoutMs }),
  });
const rule = (slot: string, reroutePercentage: number) => ({
  name: slot,
  actionHostName: `web-app-${slot}.azurewebsites.net`,
  reroutePercentage,
});
/** What was written, in order; the request for the list of variables is a read. */
const written = (cloudlet: Cloudlet) =>
  cloudlet.requests
    .filter(({ method, path }) => method !== "GET" && !path.endsWith("/list"))
    .map(({ method, path, body }) => [method, path.slice(site.length), body]);

describe("a write of a Web App's settings", () => {
  test("is one PATCH of the routing rules where nothing else differs", async () => {
    const cloudlet = withApp();
    await expect(apply(cloudlet)).resolves.toEqual({
      scoringUri: "https://web-app.azurewebsites.net/score",
    });
    const rules = { properties: { experiments: { rampUpRules: [rule("green", 10)] } } };
    expect(written(cloudlet)).toEqual([["PATCH", "/config/web", rules]]);
    expect(cloudlet.live(site)).toMatchObject({
      properties: { siteConfig: { healthCheckPath: "/health", ...rules.properties } },
    });
  });

  test("writes nothing where all is right", async () => {
    const cloudlet = withApp();
    await apply(cloudlet);
    cloudlet.requests.length = 0;
    await apply(cloudlet);
    expect(written(cloudlet)).toEqual([]);
  });

  test("asks every arm that gets requests for its health before the rules name it", async () => {
    const cloudlet = withApp();
    await apply(cloudlet);
    const order = cloudlet.requests.map(({ method, path, headers }) =>
      path === "/health" ? `health ${headers["cookie"] ?? "slot"}` : `${method} ${path}`,
    );
    const patched = order.indexOf(`PATCH ${site}/config/web`);
    expect(order.indexOf("health slot")).toBeGreaterThan(-1);
    expect(order.indexOf("health slot")).toBeLessThan(patched);
    expect(order.indexOf("health x-ms-routing-name=self")).toBeLessThan(patched);
  });

  test("routes nothing to an arm that stays cold, and says what it answers", async () => {
    const cloudlet = withApp();
    cloudlet.interfere = ({ path, headers }) =>
      path === "/health"
        ? { status: headers["cookie"] ? 200 : 503, headers: {}, body: { why: "pulling" } }
        : undefined;
    expect(await messageOf(apply(cloudlet, settings(), 0))).toContain(
      "arm green does not get warm: GET https://web-app-green.azurewebsites.net/health answers 503",
    );
    expect(written(cloudlet)).toEqual([]);
  });

  test("waits for an arm that gets warm", async () => {
    const cloudlet = withApp();
    let asked = 0;
    cloudlet.interfere = ({ path, headers }) => {
      if (path !== "/health") return undefined;
      const warm = headers["cookie"] !== undefined || ++asked > 3;
      return { status: warm ? 200 : 503, headers: {}, body: {} };
    };
    await apply(cloudlet);
    expect(asked).toBe(4);
    expect(written(cloudlet)).toHaveLength(1);
  });

  test("does not ask an arm without requests, and gives it no rule", async () => {
    const cloudlet = withApp(["green", "red"]);
    await apply(cloudlet, settings({ weights: { blue: 90, green: 10, red: 0 } }));
    expect(cloudlet.requests.filter(({ path }) => path === "/health")).toHaveLength(2);
    const { settings: live } = (await readWebApp(cloudlet.resourceManager(), site))!;
    expect(live.weights).toEqual({ blue: 90, green: 10, red: 0 });
  });

  test("changes tags without the routing", async () => {
    const cloudlet = withApp();
    await apply(cloudlet);
    cloudlet.requests.length = 0;
    await apply(cloudlet, settings({ tags: { team: "web" } }));
    expect(written(cloudlet)).toEqual([
      ["PATCH", "", { tags: { team: "web" }, properties: { publicNetworkAccess: "Disabled" } }],
    ]);
    const { settings: live } = (await readWebApp(cloudlet.resourceManager(), site))!;
    expect(live).toMatchObject({ tags: { team: "web" }, weights: { blue: 90, green: 10 } });
  });

  test("brings a new image and new variables into the production slot before the routing", async () => {
    const cloudlet = withApp();
    const environment = { GENAIOPS_ARM: "blue", WEBSITES_PORT: "8080", TEMPERATURE: "0" };
    await apply(cloudlet, settings({ image: image("b"), environment }));
    expect(written(cloudlet).map(([method, path]) => `${method} ${path}`)).toEqual([
      "PUT /config/appsettings",
      "PATCH /config/web",
      "PATCH /config/web",
    ]);
    expect(written(cloudlet)[0]?.[2]).toEqual({ properties: environment });
  });

  test("gives the production slot to another arm when it serves nothing", async () => {
    const cloudlet = withApp();
    await apply(cloudlet, settings({ weights: { blue: 0, green: 100 } }));
    const moved = settings({
      production: "green",
      image: image("c"),
      environment: { GENAIOPS_ARM: "green", WEBSITES_PORT: "8080" },
      weights: { green: 100 },
    });
    await apply(cloudlet, moved);
    const { settings: live } = (await readWebApp(cloudlet.resourceManager(), site))!;
    expect(live).toMatchObject({ production: "green", image: image("c"), weights: { green: 100 } });
    expect(written(cloudlet).at(-1)).toEqual([
      "PATCH",
      "/config/web",
      { properties: { experiments: { rampUpRules: [] } } },
    ]);
  });
});

describe("a refusal writes nothing", () => {
  test.each<[string, Cloudlet, Partial<WebAppSettings>, string]>([
    ["an arm without a slot", withApp([]), {}, "arm green: the app has no such slot, it has none"],
    [
      "the production slot of an arm that serves",
      withApp(),
      { production: "green", environment: { GENAIOPS_ARM: "green" }, weights: { green: 100 } },
      "arm green would take the production slot from blue, which serves 100 %; set webApp.production to blue",
    ],
  ])("%s", async (_, cloudlet, change, message) => {
    expect(await messageOf(apply(cloudlet, settings(change)))).toContain(message);
    expect(written(cloudlet)).toEqual([]);
  });

  test("a slot that is stopped", async () => {
    const cloudlet = withApp();
    const { body } = cloudlet.azure.state.resources[`${site}/slots/green`.toLowerCase()]!;
    (body["properties"] as Json)["state"] = "Stopped";
    expect(await messageOf(apply(cloudlet))).toContain(
      "arm green: its slot is Stopped, not Running",
    );
    expect(written(cloudlet)).toEqual([]);
  });

  test("an app that does not exist", async () => {
    expect(await messageOf(apply(new Cloudlet()))).toContain(`the Web App ${site} does not exist`);
  });
});

test("says so where somebody else writes the rules", async () => {
  const cloudlet = withApp();
  const { interfere } = cloudlet;
  cloudlet.interfere = (request, count) =>
    request.method === "PATCH" ? { status: 200, headers: {}, body: {} } : interfere(request, count);
  expect(await messageOf(apply(cloudlet))).toContain(
    'weights: Azure has {"blue":100}, wanted {"blue":90,"green":10}',
  );
});

describe("inputs", () => {
  const inputs = { site, ...settings() };
  test("right ones have no problem, and what is unknown yet is none", () => {
    expect(webAppProblems(inputs)).toEqual([]);
    expect(webAppProblems({ ...inputs, site: unknown, image: unknown })).toEqual([]);
  });
  test.each<[string, Json, string]>([
    ["another id", { site: `${group}/providers/x/sites` }, "site"],
    ["a tag for an image", { image: "cr.azurecr.io/serve:1" }, "image"],
    ["a sum of 90", { weights: { blue: 80, green: 10 } }, "weights"],
    ["half a percent", { weights: { blue: 99.5, green: 0.5 } }, "weights.blue"],
    ["a production arm without weight", { weights: { green: 100 } }, "production"],
    ["a number as variable", { environment: { PORT: 8080 } }, "environment.PORT"],
  ])("%s is refused", (_, change, property) => {
    expect(webAppProblems({ ...inputs, ...change })[0]?.property).toBe(property);
  });
});
