import type { Arm, Flow } from "../../../config/environment";
import { chooseArms, planServing } from "../../../packages/cli/serve/plan";
import { root } from "../run";

function flowWith(
  arms: Record<string, readonly [Arm["version"], number]>,
  mirror?: Flow["mirror"],
) {
  return {
    name: "chat",
    arms: Object.entries(arms).map(([name, [version, weight]]) => ({
      name,
      version,
      weight,
      environment: {},
    })),
    mirror,
  } as unknown as Flow;
}

const weightsOf = ({ arms }: ReturnType<typeof chooseArms>) =>
  Object.fromEntries(arms.map(({ name, weight }) => [name, weight]));

test("arms that serve this checkout keep their weights, also 0", () => {
  const choice = chooseArms(
    flowWith({ blue: ["current", 90], green: ["current", 10], red: ["current", 0] }),
    "dev",
  );
  expect(weightsOf(choice)).toEqual({ blue: 90, green: 10, red: 0 });
  expect(choice.notes).toEqual([]);
});

test("the share of arms that are not here goes to those with weight, and it is said", () => {
  const choice = chooseArms(
    flowWith({ blue: [7, 50], green: ["current", 25], red: ["current", 25] }),
    "dev",
  );
  expect(weightsOf(choice)).toEqual({ green: 50, red: 50 });
  expect(choice.notes).toEqual([
    "not served: blue serves version 7; only version: current is here",
    "their share of the requests goes to the other arms with weight",
  ]);
});

test("an arm at weight 0 never gets requests that name none", () => {
  const choice = chooseArms(flowWith({ blue: ["approved", 100], green: ["current", 0] }), "prod");
  expect(weightsOf(choice)).toEqual({ green: 0 });
  expect(choice.notes[1]).toBe("no arm with weight is left: a request must name its arm");
});

test("a mirror stays with its arm or is said to be missing", () => {
  const mirror = { arm: "green", percent: 20 };
  const here = { blue: ["current", 100], green: ["current", 0] } as const;
  expect(chooseArms(flowWith(here, mirror), "dev").mirror).toEqual(mirror);
  const away = chooseArms(flowWith({ ...here, green: [3, 0] }, mirror), "dev");
  expect(away.mirror).toBeUndefined();
  expect(away.notes).toContain("not mirrored: the arm green is not served");
});

test("one arm alone gets every request", () => {
  const flow = flowWith({ blue: ["current", 90], green: ["current", 10] });
  expect(weightsOf(chooseArms(flow, "dev", "green"))).toEqual({ green: 100 });
});

test.each<[string, Parameters<typeof chooseArms>, string]>([
  [
    "no arm of this checkout",
    [flowWith({ blue: ["approved", 100] }), "prod"],
    "no arm of chat in prod serves this checkout: blue serves version approved; leave --env out to serve the flow with its own defaults, or let an arm serve version: current",
  ],
  [
    "an unknown arm",
    [flowWith({ blue: ["current", 100] }), "dev", "bleu"],
    'chat has no arm "bleu" in dev; did you mean "blue"?',
  ],
  [
    "an arm from the registry",
    [flowWith({ blue: [3, 100] }), "dev", "blue"],
    "blue serves version 3, which is in the registry and not in this checkout; serve an arm with version: current",
  ],
])("%s is refused", (_, given, message) => {
  expect(() => chooseArms(...given)).toThrow(new Error(message));
});

test("the environment dev serves what it declares, with variants and variables", () => {
  const { arms, experiment } = planServing({ root, flow: "web-classification", env: "dev" });
  expect(arms).toEqual([
    { name: "blue", weight: 90, environment: {} },
    { name: "gpt-mini", weight: 0, environment: { CHAT_DEPLOYMENT: "gpt-4o-mini" } },
    {
      name: "green",
      weight: 10,
      variant: "summarize_text_content.variant_2",
      environment: {},
    },
  ]);
  expect(experiment.kind).toBe("dag");
});
