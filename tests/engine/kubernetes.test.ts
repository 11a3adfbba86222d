import { Checkout } from "./support/checkout";
import { lastOf } from "./support/lastOf";
import type { Outcome } from "./support/operator";

/** A flow on Kubernetes through its whole life, on the real engine. */

const compute = "azure-native:machinelearningservices:Compute";
const flow = "web-classification";
const checkout = new Checkout("dev");

/** What an operation changed; the cluster is read each time. */
const changesOf = ({ changed }: Outcome) =>
  changed.filter(({ operation, name }) => `${operation} ${name}` !== "read kubernetes");
const steps = (outcome: Outcome) =>
  changesOf(outcome).map(({ operation, name }) => `${operation} ${name}`);
const live = (weights: Readonly<Record<string, number>>) => ({
  blue: 0,
  green: 0,
  "gpt-mini": 0,
  ...weights,
});
const properties = () => checkout.endpoint(flow).body["properties"] as Record<string, unknown>;

/** Everything of the flow that the move makes and takes away, in the order of the operations. */
const moved = [
  `create ${flow}`,
  `create ${flow}.blue`,
  `create ${flow}.gpt-mini`,
  `create ${flow}.green`,
  `create ${flow}.logs`,
  `create ${flow}.settings`,
];

beforeAll(async () => {
  checkout.edit((config) => config.delete(["devops"]));
  await checkout.run("up");
  // The cluster's owner attaches it to the workspace, as `az ml compute attach` does.
  const workspace = checkout.find("azure-native:machinelearningservices:Workspace").id;
  checkout.behindItsBack("PUT", `${workspace}/computes/aks-flows`, compute, {
    properties: {
      computeType: "Kubernetes",
      resourceId:
        "/subscriptions/1/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/aks",
      properties: { namespace: "flows" },
    },
  });
  checkout.edit((config) => config.set(["kubernetes"], { mode: "existing", name: "aks-flows" }));
});

test("without the cluster the flow is refused before anything changes", async () => {
  checkout.edit((config) => {
    config.set(["kubernetes", "name"], "not-there");
    config.set(["flows", flow, "target"], "kubernetes");
  });
  const before = checkout.standing();
  await expect(checkout.run("up")).rejects.toThrow(/not-there/);
  expect(checkout.standing()).toEqual(before);
  checkout.edit((config) => config.set(["kubernetes", "name"], "aks-flows"));
});

test("one changed word moves the flow, and the old endpoint goes once the new one routes", async () => {
  const old = checkout.endpoint(flow).id;
  checkout.moveTo(flow, "kubernetes");
  const outcome = await checkout.run("up");
  const created = steps(outcome).filter((step) => step.startsWith("create "));
  expect(created.filter((step) => !/\.(files|model)$/.test(step)).sort()).toEqual(moved);

  const { id } = checkout.endpoint(flow);
  expect(id).not.toBe(old);
  expect(lastOf(outcome, "PUT", id)).toBeLessThan(lastOf(outcome, "DELETE", old));
  expect(lastOf(outcome, "PUT", id)).toBeGreaterThan(-1);
  expect(checkout.endpoint(flow).body["kind"]).toBe("Kubernetes");
  expect(properties()).toMatchObject({
    authMode: "AMLToken",
    compute: `${id.slice(0, id.indexOf("/onlineEndpoints/"))}/computes/aks-flows`,
    traffic: live({ blue: 90, green: 10 }),
  });
  expect(outcome.writes.filter(({ path }) => path.includes("/computes/aks-flows"))).toEqual([]);
});

test("a second up changes nothing and writes nothing, after a refresh too", async () => {
  const [second, , third] = (await checkout.runAll(["up", "refresh", "up"])) as [
    Outcome,
    Outcome,
    Outcome,
  ];
  for (const outcome of [second, third]) {
    expect(changesOf(outcome)).toEqual([]);
    expect(outcome.writes).toEqual([]);
  }
});

test("90/10 to 50/50 is one changed resource", async () => {
  checkout.weigh(flow, { blue: 50, green: 50 });
  const outcome = await checkout.run("up");
  expect(changesOf(outcome)).toEqual([
    {
      operation: "update",
      type: "genaiops:index:EndpointSettings",
      name: `${flow}.settings`,
      properties: ["weights.blue", "weights.green"],
    },
  ]);
  expect(checkout.traffic(flow)).toEqual(live({ blue: 50, green: 50 }));
});

test("an arm is added, and removed after its requests", async () => {
  checkout.edit((config) =>
    config.set(["flows", flow, "arms", "violet"], { version: "current", weight: 0 }),
  );
  expect(steps(await checkout.run("up"))).toEqual([
    `create ${flow}.violet`,
    `update ${flow}.settings`,
  ]);
  checkout.weigh(flow, { green: 0, violet: 50 });
  await checkout.run("up");
  checkout.weigh(flow, { blue: 100 });
  checkout.edit((config) => config.delete(["flows", flow, "arms", "violet"]));
  const removed = await checkout.run("up");
  expect(steps(removed)).toEqual([`update ${flow}.settings`, `delete ${flow}.violet`]);
  expect(removed.writes.map(({ method }) => method)).toEqual(["PUT", "DELETE"]);
  expect(checkout.traffic(flow)).toEqual(live({ blue: 100 }));
});

test("the same word moves it back", async () => {
  const old = checkout.endpoint(flow).id;
  checkout.moveTo(flow, "managed");
  const outcome = await checkout.run("up");
  const { id, body } = checkout.endpoint(flow);
  expect(body["kind"]).toBe("Managed");
  expect(lastOf(outcome, "PUT", id)).toBeLessThan(lastOf(outcome, "DELETE", old));
  expect(properties()).toMatchObject({ authMode: "AADToken", traffic: live({ blue: 100 }) });
});

test("destroy takes the endpoint and leaves the cluster to whom it belongs", async () => {
  checkout.moveTo(flow, "kubernetes");
  await checkout.run("up");
  const outcome = await checkout.run("destroy");
  expect(outcome.writes.filter(({ path }) => path.includes("/computes/aks-flows"))).toEqual([]);
  expect(checkout.standing().filter((id) => id.includes("/onlineEndpoints/"))).toEqual([]);
});
