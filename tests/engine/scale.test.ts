import { Checkout } from "./support/checkout";
import type { Outcome } from "./support/operator";

/** Arms whose number of instances is the autoscaler's, on the real engine. */

const deployment = "azure-native:machinelearningservices:OnlineDeployment";
const setting = "azure-native:monitor:AutoscaleSetting";
const flow = "web-classification";
const checkout = new Checkout("dev");

const steps = ({ changed }: Outcome) =>
  changed.map(({ operation, name }) => `${operation} ${name}`);
const capacity = () =>
  (checkout.find(deployment, "blue").body["sku"] as { capacity: number }).capacity;

beforeAll(async () => {
  checkout.edit((config) => {
    config.delete(["devops"]);
    config.set(["flows", flow, "scale"], { min: 2, max: 5 });
  });
  await checkout.run("up");
});

test("the instances that the autoscaler chose stay, whatever else changes", async () => {
  expect(capacity()).toBe(2);
  const { id, body } = checkout.find(deployment, "blue");
  checkout.behindItsBack("PATCH", id, deployment, {
    sku: { ...(body["sku"] as object), capacity: 4 },
  });
  const [second, , third] = (await checkout.runAll(["up", "refresh", "up"])) as [
    Outcome,
    Outcome,
    Outcome,
  ];
  for (const outcome of [second, third]) expect(steps(outcome)).toEqual([]);
  checkout.edit((config) =>
    config.set(["flows", flow, "arms", "blue", "environment"], { TONE: "dry" }),
  );
  expect(steps(await checkout.run("up"))).toEqual([`update ${flow}.blue`]);
  expect(capacity()).toBe(4);
});

test("other bounds are an update of each arm's setting alone", async () => {
  checkout.edit((config) => config.set(["flows", flow, "scale", "max"], 8));
  expect(steps(await checkout.run("up")).sort()).toEqual(
    ["blue", "gpt-mini", "green"].map((arm) => `update ${flow}.${arm}.scale`),
  );
});

test("an arm goes with its setting, and without scale all settings go and the capacity is ours again", async () => {
  checkout.edit((config) => config.delete(["flows", flow, "arms", "gpt-mini"]));
  expect(steps(await checkout.run("up")).sort()).toEqual([
    `delete ${flow}.gpt-mini`,
    `delete ${flow}.gpt-mini.scale`,
    `update ${flow}.settings`,
  ]);
  checkout.edit((config) => config.delete(["flows", flow, "scale"]));
  const without = steps(await checkout.run("up"));
  expect(without).toEqual(
    expect.arrayContaining([`delete ${flow}.blue.scale`, `update ${flow}.blue`]),
  );
  expect(capacity()).toBe(1);
  expect(() => checkout.find(setting)).toThrow("0 resources");
});
