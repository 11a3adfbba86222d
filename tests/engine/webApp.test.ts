import { readEnvironment } from "../../config/read";
import { genaiopsBeside } from "../cli/testEndpoint/command";
import { TestSandbox } from "../sandbox/server/sandbox";
import { Checkout } from "./support/checkout";
import { lastOf } from "./support/lastOf";
import type { Outcome } from "./support/operator";

/** A flow on a Web App through its whole life, on the real engine. */

const flow = "web-classification";
const clientId = "44444444-4444-4444-8444-444444444444";
const checkout = new Checkout("dev");

/** What an operation changed; an arm's model is read each time. */
const changesOf = ({ changed }: Outcome) =>
  changed.filter(
    ({ operation, type }) =>
      !["read", "discard"].includes(operation) && !type.startsWith("genaiops:platform:"),
  );
const steps = (outcome: Outcome) =>
  changesOf(outcome).map(({ operation, name }) => `${operation} ${name}`);
const site = () => checkout.find("azure-native:web:WebApp", flow);

/** Percent by host, as the production slot routes. */
function routed(): Record<string, number> {
  const { siteConfig } = site().body["properties"] as {
    siteConfig: {
      experiments?: {
        rampUpRules: readonly {
          readonly name: string;
          readonly actionHostName: string;
          readonly reroutePercentage: number;
        }[];
      };
    };
  };
  return Object.fromEntries(
    (siteConfig.experiments?.rampUpRules ?? []).map(
      ({ actionHostName, reroutePercentage }) =>
        [actionHostName.replace(".azurewebsites.net", ""), reroutePercentage] as const,
    ),
  );
}

/** What was written; the list of an app's variables is read by POST. */
const written = ({ writes }: Outcome) =>
  writes
    .map(({ method, path }) => `${method} ${path}`)
    .filter((write) => !write.endsWith("/config/appsettings/list"));
const slotParts = (arm: string) =>
  ["", ".authentication", ".ftp", ".logs", ".scm"].map((part) => `${flow}.${arm}${part}`);
const parts = [
  flow,
  ...["authentication", "ftp", "logs", "plan", "scm", "settings"].map((part) => `${flow}.${part}`),
  ...slotParts("gpt-mini"),
  ...slotParts("green"),
];

beforeAll(async () => {
  checkout.edit((config) => {
    config.delete(["devops"]);
    config.set(["webApp"], { clientId });
  });
  await checkout.run("up");
});

test("one changed word moves the flow, and the old endpoint goes once the app routes", async () => {
  const old = checkout.endpoint(flow).id;
  checkout.moveTo(flow, "webApp");
  const outcome = await checkout.run("up");
  const created = steps(outcome).filter((step) => step.startsWith("create "));
  expect(created.filter((step) => !/\.(files|model)$/.test(step)).sort()).toEqual(
    parts.map((part) => `create ${part}`).sort(),
  );
  const { id, body } = site();
  const name = id.slice(id.lastIndexOf("/") + 1);
  expect(routed()).toEqual({ [`${name}-green`]: 10 });
  const routing = lastOf(outcome, "PATCH", `${id}/config/web`);
  expect(routing).toBeGreaterThan(-1);
  expect(routing).toBeLessThan(lastOf(outcome, "DELETE", old));
  expect(body).toMatchObject({ kind: "app,linux,container" });
  expect(() => checkout.endpoint(flow)).toThrow("0 resources");
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

test("90/10 to 50/50 is one changed resource and one write", async () => {
  checkout.weigh(flow, { blue: 50, green: 50 });
  const outcome = await checkout.run("up");
  expect(changesOf(outcome)).toEqual([
    {
      operation: "update",
      type: "genaiops:index:WebAppSettings",
      name: `${flow}.settings`,
      properties: ["weights.blue", "weights.green"],
    },
  ]);
  const { id } = site();
  expect(written(outcome)).toEqual([`PATCH ${id}/config/web`]);
  expect(Object.values(routed())).toEqual([50]);
});

test("an arm is added, and removed after its requests", async () => {
  checkout.edit((config) =>
    config.set(["flows", flow, "arms", "violet"], { version: "current", weight: 0 }),
  );
  expect(steps(await checkout.run("up")).sort()).toEqual(
    [...slotParts("violet").map((part) => `create ${part}`), `update ${flow}.settings`].sort(),
  );
  checkout.weigh(flow, { green: 0, violet: 50 });
  await checkout.run("up");
  expect(Object.keys(routed())).toEqual([expect.stringMatching(/-violet$/)]);
  checkout.weigh(flow, { blue: 100 });
  checkout.edit((config) => config.delete(["flows", flow, "arms", "violet"]));
  const removed = await checkout.run("up");
  const [first, ...rest] = steps(removed);
  expect(first).toBe(`update ${flow}.settings`);
  expect(rest.sort()).toEqual(
    slotParts("violet")
      .map((part) => `delete ${part}`)
      .sort(),
  );
  expect(routed()).toEqual({});
});

test("an arm does not take the production slot from one that serves", async () => {
  checkout.edit((config) => config.set(["flows", flow, "webApp"], { production: "green" }));
  for (const operation of ["preview", "up"] as const) {
    await expect(checkout.run(operation)).rejects.toThrow(
      /arm green would take the production slot from blue, which serves 100 %/,
    );
  }
  expect(routed()).toEqual({});
  checkout.edit((config) => config.delete(["flows", flow, "webApp"]));
  // The slot that blue would have moved to stood by then.
  expect(steps(await checkout.run("up")).sort()).toEqual(
    slotParts("blue")
      .map((part) => `delete ${part}`)
      .sort(),
  );
});

test("the load says how many instances the plan has, and an update leaves them alone", async () => {
  checkout.edit((config) => config.set(["flows", flow, "scale"], { min: 2, max: 5 }));
  expect(steps(await checkout.run("up"))).toEqual([`create ${flow}.scale`]);
  expect(steps(await checkout.run("up"))).toEqual([]);
});

test("test-endpoint finds every arm by its slot and the split without cookies", async () => {
  checkout.weigh(flow, { blue: 70, green: 30 });
  await checkout.run("up");
  const answer = { category: "App", evidence: "Both", summary: "S" };
  const arms = Object.fromEntries(
    ["blue", "green", "gpt-mini"].map((arm) => [arm, { answer, latencyMs: 5 }]),
  );
  const { tenantId } = readEnvironment({ root: checkout.root, stack: "dev" });
  const box = await TestSandbox.start({ arms, tenantId }, checkout.directory);
  try {
    const { code, out, err } = await genaiopsBeside(
      ["test-endpoint", flow, "--env", "dev", "--cwd", checkout.root, "--requests", "200"],
      box.sandbox.environment,
    );
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(/^ {2}blue +70 % +ok, 200 in \d+ ms +1\d\d +/m);
    expect(out).toMatch(/^ {2}gpt-mini +0 % +ok, 200 in \d+ ms +0 +0$/m);
  } finally {
    await box.close();
  }
  checkout.weigh(flow, { blue: 100, green: 0 });
  await checkout.run("up");
});

test("the same word moves it back", async () => {
  const { id } = site();
  checkout.moveTo(flow, "managed");
  const outcome = await checkout.run("up");
  const endpoint = checkout.endpoint(flow);
  expect(lastOf(outcome, "PUT", endpoint.id)).toBeLessThan(lastOf(outcome, "DELETE", id));
  expect(lastOf(outcome, "DELETE", id)).toBeGreaterThan(-1);
  expect(endpoint.body["properties"]).toMatchObject({
    traffic: { blue: 100, green: 0, "gpt-mini": 0 },
  });
  expect(checkout.standing().filter((one) => one.includes("Microsoft.Web"))).toEqual([]);
});

test("destroy takes the app, its slots and its plan", async () => {
  checkout.moveTo(flow, "webApp");
  await checkout.run("up");
  await checkout.run("destroy");
  expect(checkout.standing().filter((id) => id.includes("Microsoft.Web"))).toEqual([]);
});
