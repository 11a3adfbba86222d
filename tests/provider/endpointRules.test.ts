import fc from "fast-check";
import { differences, settingsOf, withSettings } from "../../packages/provider/endpointChange";
import { inputProblems } from "../../packages/provider/endpointRules";
import { unknown, type Properties } from "../../packages/provider/serve";
import { endpoint } from "./support";

const right: Properties = {
  endpoint,
  weights: { blue: 90, green: 10, violet: 0 },
  mirror: { arm: "violet", percent: 50 },
  authMode: "AADToken",
  publicNetworkAccess: "Disabled",
  tags: { team: "web" },
};

describe("inputs of EndpointSettings", () => {
  const change = "give a whole number from 0 to 100";
  const cases: [string, Properties, [string, string][]][] = [
    ["nothing wrong", {}, []],
    ["no arms, no mirror", { weights: {}, mirror: undefined }, []],
    ["all at 0 while bootstrapping", { weights: { blue: 0, green: 0 }, mirror: undefined }, []],
    [
      "nothing known in a preview",
      {
        endpoint: unknown,
        weights: unknown,
        mirror: unknown,
        authMode: unknown,
        publicNetworkAccess: unknown,
        tags: unknown,
        description: unknown,
      },
      [],
    ],
    ["an unknown weight", { weights: { blue: unknown, green: 10, violet: 0 } }, []],
    ["an unknown mirror", { mirror: { arm: unknown, percent: unknown } }, []],
    ["a mirror on an arm of unknown weight", { weights: { blue: 100, violet: unknown } }, []],
    [
      "a sum of 110",
      { weights: { blue: 100, green: 10, violet: 0 } },
      [
        [
          "weights",
          "the sum of blue 100, green 10, violet 0 is 110; make it 100, or 0 while no arm serves yet",
        ],
      ],
    ],
    [
      "a sum of 99",
      { weights: { blue: 99, violet: 0 } },
      [
        [
          "weights",
          "the sum of blue 99, violet 0 is 99; make it 100, or 0 while no arm serves yet",
        ],
      ],
    ],
    [
      "known weights above 100 beside an unknown one",
      { weights: { blue: 60, green: 50, violet: unknown } },
      [
        [
          "weights",
          "the sum of blue 60, green 50 is 110; make it 100, or 0 while no arm serves yet",
        ],
      ],
    ],
    [
      "a fraction",
      { weights: { blue: 99.5, green: 0.5, violet: 0 } },
      [
        ["weights.blue", `found 99.5; ${change}`],
        ["weights.green", `found 0.5; ${change}`],
      ],
    ],
    [
      "a text",
      { weights: { blue: "100", violet: 0 } },
      [["weights.blue", `found "100"; ${change}`]],
    ],
    [
      "a negative weight",
      { weights: { blue: 110, green: -10, violet: 0 } },
      [
        ["weights.blue", `found 110; ${change}`],
        ["weights.green", `found -10; ${change}`],
      ],
    ],
    [
      "weights that are a list",
      { weights: [100], mirror: undefined },
      [
        [
          "weights",
          "found [100]; give whole percents by arm, { blue: 100 }, or {} while no arm serves",
        ],
      ],
    ],
    [
      "no weights",
      { weights: undefined, mirror: undefined },
      [
        [
          "weights",
          "found nothing; give whole percents by arm, { blue: 100 }, or {} while no arm serves",
        ],
      ],
    ],
    [
      "a mirror of 51",
      { mirror: { arm: "violet", percent: 51 } },
      [["mirror.percent", "found 51; give a whole number from 1 to 50"]],
    ],
    [
      "a mirror of 0",
      { mirror: { arm: "violet", percent: 0 } },
      [["mirror.percent", "found 0; give a whole number from 1 to 50"]],
    ],
    [
      "a mirror on a live arm",
      { mirror: { arm: "green", percent: 10 } },
      [
        [
          "mirror.arm",
          "green has weight 10; an arm gets live or mirrored requests, not both: set its weight to 0 or mirror to another arm",
        ],
      ],
    ],
    [
      "a mirror on no arm",
      { mirror: { arm: "gold", percent: 10 } },
      [
        [
          "mirror.arm",
          "gold is no arm of this endpoint; name one of blue, green, violet, with weight 0",
        ],
      ],
    ],
    [
      "a mirror that is a text",
      { mirror: "violet" },
      [["mirror", 'found "violet"; give { arm, percent }']],
    ],
    [
      "another authentication",
      { authMode: "aad" },
      [["authMode", 'found "aad"; allowed are AADToken, AMLToken, Key']],
    ],
    [
      "another access",
      { publicNetworkAccess: true },
      [["publicNetworkAccess", "found true; allowed are Enabled, Disabled"]],
    ],
    ["a tag that is no text", { tags: { cost: 7 } }, [["tags.cost", "found 7; give a text"]]],
    ["no tags", { tags: undefined }, [["tags", "found nothing; give texts by name, {} for none"]]],
    [
      "a description that is no text",
      { description: 1 },
      [["description", "found 1; give a text"]],
    ],
    [
      "a workspace's id",
      { endpoint: endpoint.split("/onlineEndpoints")[0] },
      [
        [
          "endpoint",
          `found "${endpoint.split("/onlineEndpoints")[0]}"; give the ARM id of an online endpoint, .../workspaces/<workspace>/onlineEndpoints/<name>`,
        ],
      ],
    ],
  ];
  it.each(cases)("with %s", (_, wrong, problems) => {
    const found = inputProblems({ ...right, ...wrong });
    expect(found.map(({ property, reason }) => [property, reason])).toEqual(problems);
  });

  it("are all named at once", () => {
    const wrong = {
      weights: { blue: 1.5 },
      mirror: { arm: "x", percent: 99 },
      authMode: 1,
      publicNetworkAccess: 2,
      tags: 3,
      endpoint: 4,
      description: 5,
    };
    expect(inputProblems(wrong).map(({ property }) => property)).toEqual([
      "endpoint",
      "authMode",
      "publicNetworkAccess",
      "description",
      "tags",
      "weights.blue",
      "weights",
      "mirror.percent",
      "mirror.arm",
    ]);
  });
});

describe("the body of a write", () => {
  const json = fc.dictionary(
    fc.string({ minLength: 1 }).filter((key) => key !== "__proto__"),
    fc.jsonValue(),
    { maxKeys: 5 },
  );
  const ours = ["traffic", "mirrorTraffic", "authMode", "publicNetworkAccess", "description"];
  const computed = ["provisioningState", "scoringUri", "swaggerUri"];
  const settings = fc
    .record({
      blue: fc.integer({ min: 0, max: 100 }),
      percent: fc.option(fc.integer({ min: 1, max: 50 })),
      tags: fc.dictionary(fc.constantFrom("a", "b", "c"), fc.string()),
      description: fc.option(fc.string({ minLength: 1 }), { nil: undefined }),
    })
    .map(({ blue, percent, tags, description }) => ({
      weights: { blue, green: 100 - blue, violet: 0 },
      ...(percent !== null && { mirror: { arm: "violet", percent } }),
      authMode: "Key" as const,
      publicNetworkAccess: "Enabled" as const,
      tags,
      ...(description !== undefined && { description }),
    }));

  it("has the settings, and whatever else the endpoint had", () => {
    fc.assert(
      fc.property(settings, json, json, (wanted, top, inner) => {
        const live = {
          ...top,
          location: "x",
          properties: { ...inner, authMode: "AADToken", keys: null, scoringUri: "u" },
        };
        delete (live as Properties)["identity"];
        const body = withSettings(live, wanted);
        expect(differences(body, wanted)).toEqual([]);
        const properties = body["properties"] as Properties;
        for (const [key, value] of Object.entries(inner)) {
          if (![...ours, ...computed, "keys"].includes(key)) expect(properties[key]).toEqual(value);
        }
        expect(
          Object.keys(properties).filter((key) => [...computed, "keys"].includes(key)),
        ).toEqual([]);
        for (const [key, value] of Object.entries(top)) {
          if (
            ![
              "id",
              "name",
              "type",
              "systemData",
              "etag",
              "tags",
              "properties",
              "location",
              "identity",
            ].includes(key)
          ) {
            expect(body[key]).toEqual(value);
          }
        }
      }),
    );
  });

  it("keeps an access key that somebody sets again, and sends none that Azure did not give", () => {
    const wanted = settingsOf({ properties: { authMode: "Key" } }, []);
    expect(withSettings({ properties: { keys: null } }, wanted)["properties"]).not.toHaveProperty(
      "keys",
    );
  });
});

describe("settings read from Azure", () => {
  it("list declared arms with 0 where Azure names none, and undeclared ones where requests reach them", () => {
    const live = {
      properties: {
        authMode: "aadtoken",
        traffic: { blue: 70, stray: 30, old: 0 },
        mirrorTraffic: { green: 0, violet: 5 },
        description: "",
      },
    };
    expect(settingsOf(live, ["blue", "green"])).toEqual({
      weights: { blue: 70, green: 0, stray: 30 },
      mirror: { arm: "violet", percent: 5 },
      authMode: "AADToken",
      publicNetworkAccess: "Enabled",
      tags: {},
    });
  });
});
