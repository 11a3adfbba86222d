import { compare } from "../../../packages/cli/plan/compare";
import { productionSlotRefusals, refusals } from "../../../packages/cli/plan/guard";
import { SETTINGS, baseline, flow, planOf, webApp, type Declared } from "./plans";

const renamed = (arm: string): Declared[] =>
  flow().map((declared) =>
    declared.name === `web.${arm}`
      ? { ...declared, inputs: { ...declared.inputs, location: "westeurope" } }
      : { ...declared, inputs: { ...declared.inputs } },
  );

const placed = (declared: Declared[]): Declared[] =>
  declared.map((one) =>
    one.name.startsWith("web.") && "deploymentName" in (one.inputs ?? {})
      ? { ...one, inputs: { location: "swedencentral", ...one.inputs } }
      : one,
  );

function refused(before: Declared[], after: Declared[]) {
  const previous = baseline(placed(before));
  return refusals(compare(planOf(placed(after)), previous), previous);
}

test("replacing an arm with traffic is refused, with what to do", () => {
  expect(refused(flow(), renamed("blue"))).toEqual([
    {
      setting: ["flows", "web", "arms", "blue"],
      message:
        "refused: arm blue of flow web carries 90 % of the traffic and would be replaced, because location changes; " +
        "add an arm with the change and shift the traffic to it, or give blue the weight 0 and apply that first",
    },
  ]);
});

test("an arm without traffic may be replaced", () => {
  expect(refused(flow({ weights: { blue: 0, green: 100 } }), renamed("blue"))).toEqual([]);
});

test("what counts is the traffic that flows now, not the planned one", () => {
  const after = renamed("blue").map((declared) =>
    declared.name === "web.settings"
      ? { ...declared, inputs: { ...declared.inputs, weights: { blue: 0, green: 100 } } }
      : declared,
  );
  expect(refused(flow(), after).map(({ setting }) => setting.at(-1))).toEqual(["blue"]);
});

test("replacing an endpoint with live arms is refused once, not for each arm", () => {
  const [refusal, ...others] = refused(flow(), flow({ endpoint: { endpointName: "web-new" } }));
  expect(others).toEqual([]);
  expect(refusal?.setting).toEqual(["flows", "web"]);
  expect(refusal?.message).toMatch(
    /^refused: the endpoint of flow web carries traffic \(blue 90 %, green 10 %\) .* because endpointName changes; declare a second flow/,
  );
});

test("an identity of the endpoint cannot change under traffic", () => {
  const identity = (type: string) => flow({ endpoint: { identity: { type } } });
  expect(refused(identity("UserAssigned"), identity("SystemAssigned"))[0]?.message).toContain(
    "because identity.type changes",
  );
});

test("updates and removals are not the guard's", () => {
  expect(refused(flow(), flow({ blue: { appInsightsEnabled: true } }))).toEqual([]);
  expect(
    refused(
      flow(),
      flow().filter(({ name }) => name !== "web.green"),
    ),
  ).toEqual([]);
});

test("weights that somebody shifted by hand are the ones that count", () => {
  const previous = baseline(placed(flow()));
  const settings = [...previous.resources.values()].find(({ type }) => type === SETTINGS);
  const shifted = { weights: { blue: 0, green: 100 } };
  Object.assign(settings as object, { outputs: shifted });
  const change = (arm: string) => compare(planOf(placed(renamed(arm))), previous);
  expect(refusals(change("blue"), previous)).toEqual([]);
  expect(refusals(change("green"), previous).map(({ setting }) => setting.at(-1))).toEqual([
    "green",
  ]);
});

describe("an arm that would take a Web App's production slot", () => {
  const said = (before: Declared[], after: Declared[]) => {
    const previous = baseline(before);
    return productionSlotRefusals(compare(planOf(after), previous), previous).map(
      ({ message }) => message,
    );
  };
  const green = webApp({ production: "green", weights: { green: 100 } });

  test("is refused while the one there serves, in the words of the update", () => {
    expect(said(webApp(), green)).toEqual([
      "refused: flow web: arm green would take the production slot from blue, which serves 90 %; " +
        "set webApp.production to blue, or bring the weight of blue to 0 first",
    ]);
  });
  test("takes it once that serves nothing", () => {
    expect(said(webApp({ weights: { blue: 0, green: 100 } }), green)).toEqual([]);
  });
  test("is none where the weights alone change", () => {
    expect(said(webApp(), webApp({ weights: { blue: 50, green: 50 } }))).toEqual([]);
  });
});
