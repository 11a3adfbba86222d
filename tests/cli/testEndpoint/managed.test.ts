import { someEnvironment, someFlow } from "../../support/environment";
import type { Flow } from "../../../config/environment";
import { judge, managedTarget } from "../../../packages/cli/testEndpoint/managed";

const flowOf = (arms: Record<string, readonly [number | string, number]>) =>
  ({
    arms: Object.entries(arms).map(([name, [version, weight]]) => ({ name, version, weight })),
  }) as unknown as Flow;
const endpoint = (traffic: Record<string, number>, provisioningState = "Succeeded") => ({
  properties: { traffic, provisioningState },
});
const deployments = (states: Record<string, string>) =>
  Object.entries(states).map(([name, provisioningState]) => ({
    name,
    properties: { provisioningState },
  }));

test("an arm without an approved version is left out, its share with the others", () => {
  const flow = flowOf({ blue: [3, 60], green: ["approved", 40] });
  expect(judge(flow, endpoint({ blue: 100 }), deployments({ blue: "Succeeded" }))).toEqual({
    state: "ready",
    endpoint: {
      weights: { blue: 100 },
      problems: [],
      notes: ["the arm green waits for its first approved version"],
    },
  });
});

test("no arm at all is a failure, not an empty success", () => {
  expect(judge(flowOf({ blue: ["approved", 100] }), endpoint({}), [])).toEqual({
    state: "failed",
    why: ["no arm is deployed"],
  });
});

test("what nobody declares and gets requests is a problem", () => {
  const look = judge(
    flowOf({ blue: [1, 100] }),
    endpoint({ blue: 80, old: 20 }),
    deployments({ blue: "Succeeded", old: "Succeeded" }),
  );
  expect(look).toMatchObject({
    endpoint: {
      problems: [
        "Azure's routing is not the declared one: blue has 80 % and not 100 %",
        "Azure's routing is not the declared one: old has 20 % and is not declared",
      ],
    },
  });
});

test.each([
  ["Creating", "waiting"],
  ["Updating", "waiting"],
  ["Scaling", "waiting"],
  ["Failed", "failed"],
  ["Canceled", "failed"],
  ["Succeeded", "ready"],
])("an arm that is %s: %s", (provisioningState, state) => {
  const look = judge(
    flowOf({ blue: [1, 100] }),
    endpoint({ blue: 100 }),
    deployments({ blue: provisioningState }),
  );
  expect(look.state).toBe(state);
});

test.each([
  [undefined, "http://20.0.0.4/api/v1/endpoint/web/score"],
  [
    "https://127.0.0.1:1/scoring/{host}",
    "https://127.0.0.1:1/scoring/20.0.0.4/api/v1/endpoint/web/score",
  ],
])(
  "a cluster's address without https is asked as it is, or in the place of %s",
  async (given, expected) => {
    const azure = {
      get: async () => ({
        body: {
          properties: {
            ...endpoint({ blue: 100 }).properties,
            scoringUri: "http://20.0.0.4/api/v1/endpoint/web/score",
          },
        },
      }),
      list: async () => deployments({ blue: "Succeeded" }),
    };
    const look = await managedTarget(
      someEnvironment(),
      { ...someFlow("web"), ...flowOf({ blue: [1, 100] }) },
      azure as never,
      given,
    ).look();
    expect(look).toMatchObject({ state: "ready", endpoint: { scoreUrl: expected } });
  },
);
