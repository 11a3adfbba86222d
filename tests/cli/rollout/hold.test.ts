import { readFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { hashFolder } from "../../../config/hash";
import { readEnvironment } from "../../../config/read";
import { hold } from "../../../packages/cli/rollout/hold";
import { endpointId, siteId } from "../../../packages/cli/rollout/place";
import { repository, type Edit } from "../../config/repository";
import { TestSandbox, type Resource } from "../../sandbox/server/sandbox";
import { genaiopsBeside } from "../testEndpoint/command";

/** What `rollout --hold` makes of declared weights, and that it does so with what Azure answers. */

type Weights = Record<string, number>;

test.each<[string, Weights, Weights, Weights, string[]]>([
  [
    "the first deployment: all begin at 0",
    { blue: 90, green: 10 },
    {},
    { blue: 0, green: 0 },
    ["blue", "green"],
  ],
  ["an endpoint without routing", { blue: 100 }, { blue: 0 }, { blue: 0 }, ["blue"]],
  ["a new arm", { blue: 90, green: 10 }, { blue: 100 }, { blue: 100, green: 0 }, ["green"]],
  [
    "an arm at weight 0",
    { blue: 90, green: 10 },
    { blue: 100, green: 0 },
    { blue: 100, green: 0 },
    ["green"],
  ],
  [
    "a new arm beside two",
    { a: 20, b: 30, c: 50 },
    { a: 50, b: 50 },
    { a: 40, b: 60, c: 0 },
    ["c"],
  ],
  [
    "a swap keeps what serves",
    { blue: 0, green: 100 },
    { blue: 100 },
    { blue: 100, green: 0 },
    ["green"],
  ],
  ["a swap of two", { a: 0, b: 0, c: 100 }, { a: 70, b: 30 }, { a: 70, b: 30, c: 0 }, ["c"]],
  [
    "another share of arms that serve",
    { blue: 50, green: 50 },
    { blue: 90, green: 10 },
    { blue: 50, green: 50 },
    [],
  ],
  [
    "a roll-back goes at once",
    { blue: 100, green: 0 },
    { blue: 50, green: 50 },
    { blue: 100, green: 0 },
    [],
  ],
  ["a new arm without weight", { blue: 100, green: 0 }, { blue: 100 }, { blue: 100, green: 0 }, []],
  ["nothing routed while bootstrapping", { blue: 0, green: 0 }, {}, { blue: 0, green: 0 }, []],
])("%s", (_, declared, live, weights, held) => {
  expect(hold(declared, live)).toEqual({ weights, held, faults: [] });
});

test("no arm gets requests that had none, nobody loses some to a held arm, and holding again changes nothing", () => {
  const names = ["a", "b", "c", "d"];
  const weights = fc
    .array(fc.nat(100), { minLength: 4, maxLength: 4 })
    .filter((parts) => parts.some((part) => part > 0))
    .map((parts) => {
      const sum = parts.reduce((all, part) => all + part, 0);
      const whole = parts.map((part) => Math.floor((part * 100) / sum));
      const most = parts.indexOf(Math.max(...parts));
      whole[most] = (whole[most] ?? 0) + 100 - whole.reduce((all, part) => all + part, 0);
      return Object.fromEntries(names.map((name, index) => [name, whole[index] ?? 0]));
    });
  fc.assert(
    fc.property(weights, weights, (declared, live) => {
      const first = hold(declared, live);
      expect(Object.values(first.weights).reduce((all, one) => all + one, 0)).toBe(100);
      for (const name of names) {
        const [now = 0, was = 0, wanted = 0] = [first.weights[name], live[name], declared[name]];
        if (was === 0) expect(now).toBe(0);
        else if (Object.keys(live).some((arm) => live[arm]! > 0 && declared[arm]! > 0)) {
          expect(now).toBeGreaterThanOrEqual(wanted);
        }
      }
      // After the update the endpoint routes by these weights.
      expect(hold(first.weights, first.weights).held).toEqual([]);
      expect(hold(declared, first.weights).weights).toEqual(first.weights);
    }),
  );
});

test("an arm that is mirrored to cannot take what a new one must wait for", () => {
  const { faults } = hold({ blue: 0, green: 100 }, { blue: 100 }, { arm: "blue", percent: 10 });
  expect(faults.map(({ fault }) => fault.found)).toEqual([
    'the arm "blue" is mirrored and has weight 100',
  ]);
});

describe("over HTTPS", () => {
  const ml = "azure-native:machinelearningservices";
  const location = "swedencentral";

  interface Live {
    /** Share and model version of each deployment. */
    readonly arms: Readonly<Record<string, readonly [number, number]>>;
    /** Tags of each version of the model. */
    readonly versions: Readonly<Record<number, Record<string, string>>>;
  }

  /** The same arms as slots, the first by name in the production slot. */
  function webApp(site: string, arms: Live["arms"]): Resource[] {
    const sites = Object.entries(arms).map(([arm, [weight, version]], index) => {
      const host = `${arm}.azurewebsites.net`;
      const appSettings = [
        { name: "GENAIOPS_ARM", value: arm },
        { name: "GENAIOPS_MODEL_VERSION", value: String(version) },
      ];
      return { arm, weight, host, appSettings, production: index === 0 };
    });
    const rampUpRules = sites
      .filter(({ production, weight }) => !production && weight > 0)
      .map(({ arm, host, weight }) => ({
        name: arm,
        actionHostName: host,
        reroutePercentage: weight,
      }));
    return sites.map(({ arm, host, appSettings, production }) => ({
      id: production ? site : `${site}/slots/${arm}`,
      token: `azure-native:web:${production ? "WebApp" : "WebAppSlot"}`,
      body: {
        location,
        properties: {
          state: "Running",
          defaultHostName: host,
          siteConfig: { appSettings, ...(production ? { experiments: { rampUpRules } } : {}) },
        },
      },
    }));
  }

  async function held(edits: readonly Edit[], live?: Live) {
    const { root, remove } = repository(edits);
    const environment = readEnvironment({ root, stack: "dev" });
    const flow = environment.flows[0]!;
    const endpoint = endpointId(environment, flow);
    const [group = ""] = endpoint.split("/providers/");
    const [workspace = ""] = endpoint.split("/onlineEndpoints/");
    const model = `${workspace}/models/${flow.modelName}`;
    const standing: Resource[] = [
      { id: group, token: "azure-native:resources:ResourceGroup", body: { location } },
      { id: workspace, token: `${ml}:Workspace`, body: { location, properties: {} } },
    ];
    if (live) {
      const traffic = Object.fromEntries(
        Object.entries(live.arms).map(([arm, [weight]]) => [arm, weight]),
      );
      standing.push(
        {
          id: endpoint,
          token: `${ml}:OnlineEndpoint`,
          body: { location, properties: { traffic } },
        },
        ...Object.entries(live.arms).map(([arm, [, version]]) => ({
          id: `${endpoint}/deployments/${arm}`,
          token: `${ml}:OnlineDeployment`,
          body: { location, properties: { model: `${model}/versions/${version}` } },
        })),
        ...webApp(siteId(environment, flow), live.arms),
        ...Object.entries(live.versions).map(([version, tags]) => ({
          id: `${model}/versions/${version}`,
          token: `${ml}:ModelVersion`,
          body: { properties: { tags } },
        })),
      );
    }
    const box = await TestSandbox.start({}, standing);
    const before = box.state.azure;
    const file = path.join(root, "Pulumi.dev.yaml");
    const text = readFileSync(file, "utf8");
    const run = () =>
      genaiopsBeside(
        ["rollout", "web", "--env", "dev", "--hold", "--cwd", root],
        box.sandbox.environment,
      );
    try {
      const first = await run();
      const changed = readFileSync(file, "utf8");
      expect(box.state.azure).toEqual(before);
      return {
        ...first,
        text,
        changed,
        again: await run(),
        hash: hashFolder(root, flow.folder).hash,
      };
    } finally {
      await box.close();
      remove();
    }
  }

  const approved = { approved_dev: "2026-11-25" };

  test("before the first deployment all begin at 0, and the rest of the file stays", async () => {
    const { code, out, text, changed, again } = await held([
      { from: "weight: 90 }", to: "weight: 90 } # serves" },
    ]);
    expect([code, out]).toEqual([
      0,
      "Pulumi.dev.yaml: blue 0, green 0; blue, green takes no requests until it was tested\n",
    ]);
    expect(changed).toBe(
      text.replace("weight: 90 }", "weight: 0 }").replace("weight: 10,", "weight: 0,"),
    );
    expect(again.out).toBe(
      "Pulumi.dev.yaml stays as it is: every arm of web with a weight takes requests already\n",
    );
  }, 60_000);

  test("a new arm waits; the version that the others have moves nothing", async () => {
    const { code, out, text, changed } = await held([], {
      arms: { blue: [100, 3] },
      versions: { 3: approved, 4: approved },
    });
    expect([code, out]).toEqual([
      0,
      "Pulumi.dev.yaml: blue 100, green 0; green takes no requests until it was tested\n",
    ]);
    expect(changed).toBe(
      text.replace("weight: 90", "weight: 100").replace("weight: 10,", "weight: 0,"),
    );
  }, 60_000);

  test("a newer approved version behind an arm that takes requests is told", async () => {
    const { code, out, text, changed } = await held([], {
      arms: { blue: [90, 3], green: [10, 4] },
      versions: { 3: approved, 4: approved, 5: approved },
    });
    expect([code, out]).toEqual([
      0,
      "green takes 10 % of the requests and changes from version 4 to 5 where it stands\n" +
        "Pulumi.dev.yaml stays as it is: every arm of web with a weight takes requests already\n",
    ]);
    expect(changed).toBe(text);
  }, 60_000);

  const onWebApp: readonly Edit[] = [
    {
      from: "  network: open\n",
      to: "  network: open\n  webApp: { clientId: 33333333-3333-4333-8333-333333333333 }\n",
    },
    { from: "    web:\n", to: "    web:\n      target: webApp\n" },
  ];

  test("a Web App's new arm waits, and what its slots serve is told apart by the version", async () => {
    const { code, out, text, changed } = await held(
      [...onWebApp, { from: "version: 3", to: "version: 5" }],
      {
        arms: { blue: [100, 3], green: [0, 4] },
        versions: { 3: approved, 4: approved, 5: approved },
      },
    );
    expect([code, out]).toEqual([
      0,
      "blue takes 100 % of the requests and changes from version 3 to 5 where it stands\n" +
        "Pulumi.dev.yaml: blue 100, green 0; green takes no requests until it was tested\n",
    ]);
    expect(changed).toBe(
      text.replace("weight: 90", "weight: 100").replace("weight: 10,", "weight: 0,"),
    );
  }, 60_000);

  test("slots of a Web App that serve as declared stay, each with its own version", async () => {
    const { code, out } = await held(onWebApp, {
      arms: { blue: [90, 3], green: [10, 4] },
      versions: { 3: approved, 4: approved },
    });
    expect([code, out]).toEqual([
      0,
      "Pulumi.dev.yaml stays as it is: every arm of web with a weight takes requests already\n",
    ]);
  }, 60_000);

  test("in a protected environment it is refused at its place, with every other reason", async () => {
    const { code, err, text, changed } = await held(
      [
        { from: "  network: open\n", to: "  network: open\n  protect: true\n" },
        { from: "version: 3", to: "version: 5" },
      ],
      { arms: { blue: [90, 3], green: [10, 4] }, versions: { 3: approved, 5: approved } },
    );
    expect(code).toBe(3);
    expect(err.trim().split("\n")).toEqual([
      "Pulumi.dev.yaml:19:26  blue takes 90 % of the requests and would change from version 3 to 5, untested; in a protected environment a version changes at weight 0; write version: 3 here, and give an arm with weight 0 the new one",
      "Pulumi.dev.yaml:20:27  green takes 10 % of the requests and would change from version 4 to 5, untested; in a protected environment a version changes at weight 0; write version: 4 here, and give an arm with weight 0 the new one",
    ]);
    expect(changed).toBe(text);
  }, 60_000);

  test("an arm that takes requests and is declared no more leaves nobody to take them", async () => {
    const { code, err, text, changed } = await held([], {
      arms: { old: [100, 3] },
      versions: { 3: approved },
    });
    expect([code, err.trim()]).toEqual([
      3,
      "Pulumi.dev.yaml:17:7  no arm that takes requests now (old 100) is declared; one that takes them until blue, green was tested; declare old with weight 0, and remove it in the next change",
    ]);
    expect(changed).toBe(text);
  }, 60_000);

  test.each([
    ["stays where the checkout is what serves", true, ""],
    [
      "is told where it changes",
      false,
      "blue takes 100 % of the requests and changes from version 7 to this checkout where it stands\n",
    ],
  ])(
    "this checkout %s",
    async (_, same, told) => {
      const edits = [{ from: "blue: { version: 3,", to: "blue: { version: current," }];
      const { hash } = await held(edits);
      const { code, out } = await held(edits, {
        arms: { blue: [100, 7] },
        versions: { 7: { content_hash: same ? hash : "0".repeat(64) } },
      });
      expect([code, out]).toEqual([
        0,
        `${told}Pulumi.dev.yaml: blue 100, green 0; green takes no requests until it was tested\n`,
      ]);
    },
    60_000,
  );
});

test.each([
  [["--hold", "--to", "green"], "--hold goes without --to, --steps and --auto"],
  [
    ["--to", "green"],
    "--to and --steps are missing; write for example --to green --steps 10,50,100, or --hold alone",
  ],
])(
  "%j is refused",
  async (flags, message) => {
    const { code, err } = await genaiopsBeside(["rollout", "web-classification", ...flags]);
    expect([code, err.trim()]).toEqual([2, message]);
  },
  60_000,
);
