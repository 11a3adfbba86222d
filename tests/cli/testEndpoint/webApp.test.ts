import type { Flow } from "../../../config/environment";
import type { Answer, Asked } from "../../../packages/cli/testEndpoint/call";
import { askSlot } from "../../../packages/cli/testEndpoint/slots";
import { judgeWebApp, webAppTarget } from "../../../packages/cli/testEndpoint/webApp";
import type { ResourceManager } from "../../../packages/provider/resourceManager";
import type { LiveWebApp } from "../../../packages/provider/webAppRules";
import {
  onWebApp,
  registration,
  someArm,
  someEnvironment,
  someFlow,
} from "../../support/environment";

const flowOf = (
  arms: Record<string, readonly [number | "approved", number]>,
  production?: string,
) =>
  onWebApp(
    someFlow("web", {
      arms: Object.entries(arms).map(([name, [version, weight]]) =>
        someArm(name, { version, weight }),
      ),
    }),
    { production },
  );
const hostOf = (arm: string) => `web-app${arm === "blue" ? "" : `-${arm}`}.azurewebsites.net`;
const live = (
  weights: Record<string, number>,
  states: Record<string, string> = {},
): LiveWebApp => ({
  settings: {
    production: "blue",
    image: "",
    environment: {},
    weights,
    publicNetworkAccess: "Enabled",
    tags: {},
  },
  host: hostOf("blue"),
  state: states["blue"] ?? "Running",
  slots: Object.keys(weights)
    .filter((arm) => arm !== "blue")
    .map((name) => ({ name, state: states[name] ?? "Running", host: hostOf(name) })),
});

describe("what a Web App says of itself", () => {
  test.each<[string, Flow, LiveWebApp, object]>([
    [
      "all as declared",
      flowOf({ blue: [3, 90], green: [4, 10] }),
      live({ blue: 90, green: 10 }),
      { state: "judged", weights: { blue: 90, green: 10 }, problems: [], notes: [] },
    ],
    [
      "every weight 0: the production slot takes all",
      flowOf({ blue: [3, 0], green: [4, 0] }),
      live({ blue: 100, green: 0 }),
      { state: "judged", weights: { blue: 100, green: 0 }, problems: [] },
    ],
    [
      "an arm without an approved version",
      flowOf({ blue: [3, 60], green: ["approved", 40] }),
      live({ blue: 100 }),
      {
        state: "judged",
        weights: { blue: 100 },
        problems: [],
        notes: ["the arm green waits for its first approved version"],
      },
    ],
    [
      "a slot that nobody declares",
      flowOf({ blue: [3, 100] }),
      live({ blue: 70, red: 30 }),
      {
        problems: [
          "Azure's routing is not the declared one: blue has 70 % and not 100 %",
          "Azure's routing is not the declared one: red has 30 % and not 0 %",
        ],
      },
    ],
    [
      "a missing slot and a stopped one",
      flowOf({ blue: [3, 100], green: [4, 0], mini: [5, 0] }),
      live({ blue: 100, green: 0 }, { green: "Stopped" }),
      {
        state: "failed",
        why: ["the arm green is Stopped", "the arm mini (version 5) is not deployed"],
      },
    ],
  ])("%s", (_, flow, app, expected) => {
    expect(judgeWebApp(flow, app)).toMatchObject(expected);
  });
});

describe("a slot", () => {
  const slots = {
    production: "blue",
    scoreUrls: { blue: "https://web-app/score", green: "https://web-app-green/score" },
  };
  const asked: Asked = { method: "POST", url: "https://web-app/score", headers: { a: "1" } };
  const answering = (slot?: string) => {
    const sent: Asked[] = [];
    const call = async (one: Asked): Promise<Answer> => {
      sent.push(one);
      return { status: 200, body: {}, ms: 1, ...(slot === undefined ? {} : { slot }) };
    };
    return { sent, call };
  };

  test.each([
    [
      "blue",
      { url: "https://web-app/score", headers: { a: "1", cookie: "x-ms-routing-name=self" } },
    ],
    ["green", { url: "https://web-app-green/score", headers: { a: "1" } }],
  ])("%s is asked by its address", async (arm, expected) => {
    const { sent, call } = answering();
    await askSlot(slots, asked, arm, call);
    expect(sent).toEqual([{ ...asked, ...expected }]);
  });

  test.each([
    [undefined, "blue"],
    ["self", "blue"],
    ["GREEN", "green"],
    ["red", "red"],
  ])("pinned to %s, the answer is of %s, and no cookie was sent", async (slot, arm) => {
    const { sent, call } = answering(slot);
    expect((await askSlot(slots, asked, undefined, call)).arm).toBe(arm);
    expect(sent).toEqual([asked]);
  });
});

describe("a look at the app", () => {
  const site = (name: string) => ({
    name,
    properties: { state: "Running", defaultHostName: hostOf(name === "web" ? "blue" : name) },
  });
  const azure = (standing = true) =>
    ({
      get: async (id: string) =>
        !standing ? undefined : { body: id.endsWith("/config/web") ? {} : site("web") },
      act: async () => ({ properties: { GENAIOPS_ARM: "blue" } }),
      list: async () => [site("green")],
      cloud: { credential: { getToken: async (scope: string) => ({ token: scope }) } },
    }) as unknown as ResourceManager;
  const flow = flowOf({ blue: [3, 100], green: [4, 0] });
  const look = (status: (url: string) => number, standing = true, endpoint?: string) =>
    webAppTarget(
      someEnvironment(registration, [flow]),
      flow,
      azure(standing),
      async ({ url }) => ({ status: status(url), body: {}, ms: 1 }),
      endpoint,
    ).look();

  test("waits for an arm that is cold", async () => {
    expect(await look((url) => (url.includes("green") ? 503 : 200))).toEqual({
      state: "waiting",
      what: "green is not warm: /health is 503",
    });
  });

  test("asks where arms are, with a token of the registration", async () => {
    const ready = await look(() => 200, true, "https://127.0.0.1:1/scoring/{host}");
    expect(ready).toMatchObject({
      state: "ready",
      endpoint: {
        scoreUrl: "https://127.0.0.1:1/scoring/web-app.azurewebsites.net/score",
        authentication: "AADToken",
        slots: {
          production: "blue",
          scoreUrls: {
            green: "https://127.0.0.1:1/scoring/web-app-green.azurewebsites.net/score",
          },
        },
      },
    });
    const headers = ready.state === "ready" ? await ready.endpoint.headers() : {};
    expect(headers).toEqual({
      authorization: `Bearer api://${registration.webApp.clientId}/.default`,
    });
  });

  test("tells of an app that does not stand", async () => {
    expect(await look(() => 200, false)).toEqual({
      state: "failed",
      why: [`there is no Web App ${flow.endpointName}: make it with pulumi up --stack dev`],
    });
  });
});
