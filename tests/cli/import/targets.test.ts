import { parse } from "yaml";
import { Place, section } from "./place";

jest.setTimeout(120_000);

let place: Place;
beforeEach(() => {
  place = new Place();
});
afterEach(() => place.remove());

const CONFIG = "configs/deployment_config.json";

/** The deployment config with these entries alone. */
const deploy = (lists: Record<string, Record<string, unknown>[]>) =>
  place.write(CONFIG, JSON.stringify(lists, undefined, 2));
const flowOf = (stack: string) =>
  parse(place.tree[`Pulumi.${stack}.yaml`] as string).config.flows["ticket-triage"];

const kubernetes = {
  ENV_NAME: "dev",
  PRIOR_DEPLOYMENT_NAME: "green",
  PRIOR_DEPLOYMENT_TRAFFIC_ALLOCATION: "30",
  CURRENT_DEPLOYMENT_NAME: "blue",
  CURRENT_DEPLOYMENT_TRAFFIC_ALLOCATION: "70",
  COMPUTE_NAME: "triage-aks",
  DEPLOYMENT_VM_SIZE: "promptinstancetype",
  DEPLOYMENT_INSTANCE_COUNT: 2,
  CPU_ALLOCATION: 0.5,
  MEMORY_ALLOCATION: "500Mi",
};

test("a Kubernetes endpoint comes over as the flow's target, with what each container is granted", async () => {
  deploy({ kubernetes_endpoint: [kubernetes] });
  place.write("environment/env.yaml", "");
  const stack = place.tree["Pulumi.dev.yaml"] as string;
  place.checkout.write(
    "Pulumi.dev.yaml",
    stack.replace("\n  flows:", "\n  kubernetes: { mode: existing, name: triage-aks }\n  flows:"),
  );
  const done = await place.bring();
  expect(done.valid).toBe(true);
  expect(section(done, "Written")).toEqual([
    "flows/ticket-triage/  23 files",
    "Pulumi.dev.yaml  flows.ticket-triage: kubernetes, blue 70 % (current), green 30 % (approved)",
  ]);
  expect(flowOf("dev")).toEqual({
    target: "kubernetes",
    kubernetes: {
      instanceType: "promptinstancetype",
      requests: { cpu: "0.5", memory: "500Mi" },
    },
    arms: {
      blue: { version: "current", weight: 70, instances: 2 },
      green: { version: "approved", weight: 30, instances: 2 },
    },
  });
});

test("a stack without a cluster is a decision, and validate waits for it", async () => {
  deploy({ kubernetes_endpoint: [kubernetes] });
  const done = await place.bring();
  expect(done.valid).toBe(false);
  const stack = place.tree["Pulumi.dev.yaml"] as string;
  const before = stack.slice(0, stack.indexOf("target: kubernetes")).split("\n");
  expect(section(done, "Needs a decision")).toContain(
    `Pulumi.dev.yaml:${before.length}:15  the flow ticket-triage runs on Kubernetes and the stack has no cluster; a cluster that is attached to the workspace; add kubernetes: { mode: existing, name: <name of the attached compute> }`,
  );
});

test("a Web App comes over as the flow's target; what the stack says of it is named", async () => {
  deploy({
    webapp_endpoint: [
      {
        ENV_NAME: "dev",
        CONNECTION_NAMES: ["aoai"],
        REGISTRY_NAME: "triageimages",
        APP_PLAN_NAME: "triage-plan",
        WEB_APP_NAME: "triage-app",
        WEB_APP_SKU: "B3",
        USER_MANAGED_ID: "triage-identity",
      },
    ],
  });
  place.write("environment/env.yaml", "");
  const done = await place.bring();
  expect(flowOf("dev")).toEqual({
    target: "webApp",
    arms: { blue: { version: "current", weight: 100 } },
  });
  expect(
    section(done, "Needs a decision").filter((line) => line.includes("deployment_config")),
  ).toEqual([
    `…/${CONFIG}:8:24  images lie in the registry "triageimages"; not taken over; see to containerRegistry of the stack`,
    `…/${CONFIG}:9:24  the plan is called "triage-plan"; not taken over; the flow gets one of its own; then the old one goes`,
    `…/${CONFIG}:10:23  the Web App is called "triage-app"; not taken over; names are composed of flow, stack and suffix: callers move to the new address, then the old one goes`,
    `…/${CONFIG}:11:22  the plan's size is "B3"; a size with slots for the arms: Standard or Premium; the flow gets P0v3; write another into its webApp: { sku: … }`,
    `…/${CONFIG}:12:26  the identity is called "triage-identity"; not taken over; the flow gets one of its own; then the old one goes`,
  ]);
});

test.each([
  ["S1", "S1"],
  ["P1V3", "P1v3"],
  ["p2mv3", "P2mv3"],
])("a plan's size %s comes over as %s", async (given, sku) => {
  deploy({
    webapp_endpoint: [{ ENV_NAME: "dev", WEB_APP_NAME: "triage-app", WEB_APP_SKU: given }],
  });
  place.write("environment/env.yaml", "");
  const stack = place.tree["Pulumi.dev.yaml"] as string;
  place.checkout.write(
    "Pulumi.dev.yaml",
    stack.replace(
      "\n  flows:",
      "\n  webApp: { clientId: 33333333-3333-4333-8333-333333333333 }\n  flows:",
    ),
  );
  const done = await place.bring();
  expect(done.valid).toBe(true);
  expect(flowOf("dev")).toEqual({
    target: "webApp",
    webApp: { sku },
    arms: { blue: { version: "current", weight: 100 } },
  });
});

const share = (prior: unknown, current: unknown, name = "v-1") => ({
  ENV_NAME: "dev",
  PRIOR_DEPLOYMENT_NAME: name,
  PRIOR_DEPLOYMENT_TRAFFIC_ALLOCATION: prior,
  CURRENT_DEPLOYMENT_NAME: "v-2",
  CURRENT_DEPLOYMENT_TRAFFIC_ALLOCATION: current,
});

test.each([
  ["numbers", share(10, 90), { "v-1": 10, "v-2": 90 }],
  ["texts", share("10", "90"), { "v-1": 10, "v-2": 90 }],
  ["no prior share", share("", 90), { "v-1": 10, "v-2": 90 }],
  ["no current share", share("30", ""), { "v-1": 30, "v-2": 70 }],
  ["shares that disagree", share(50, 90), { "v-1": 10, "v-2": 90 }],
  ["nothing for the current one", share(100, 0), { "v-1": 100, "v-2": 0 }],
  ["no prior name", share("", "100", ""), { "v-2": 100 }],
  ["no prior name, and less than 100", share("", "40", " "), { "v-2": 100 }],
])("weights of %s", async (_name, entry, weights) => {
  deploy({ azure_managed_endpoint: [entry] });
  expect((await place.bring()).valid).toBe(true);
  const { arms } = flowOf("dev") as { arms: Record<string, { weight: number }> };
  expect(
    Object.fromEntries(Object.entries(arms).map(([arm, { weight }]) => [arm, weight])),
  ).toEqual(weights);
});
