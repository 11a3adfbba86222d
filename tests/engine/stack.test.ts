import { Checkout } from "./support/checkout";
import type { Outcome } from "./support/operator";

const endpointToken = "azure-native:machinelearningservices:OnlineEndpoint";
const flow = "web-classification";

/** Arms of `web-classification` in both samples. */
const stacks = [
  { stack: "dev", arms: ["blue", "green", "gpt-mini"] },
  { stack: "prod", arms: ["blue", "green"] },
] as const;

const steps = ({ changed }: Outcome) =>
  changed.map(({ operation, name }) => `${operation} ${name}`);

describe.each(stacks)("the stack $stack on the real engine", ({ stack, arms }) => {
  const checkout = new Checkout(stack);
  const version = stack === "prod" ? 1 : "current";

  const live = (weights: Readonly<Record<string, number>>) => ({
    ...Object.fromEntries(arms.map((arm) => [arm, 0])),
    ...weights,
  });
  /** The weights in every write to the flow's endpoint. */
  const routings = ({ writes }: Outcome) => {
    const { id } = checkout.endpoint(flow);
    return writes
      .filter(({ method, path }) => method === "PUT" && path === id)
      .map(({ body }) => (body as { properties: { traffic?: unknown } }).properties.traffic);
  };

  beforeAll(async () => {
    // Azure DevOps has a test of its own: devopsStack.test.ts.
    checkout.edit((config) => config.delete(["devops"]));
    // What prod takes from dev has a test of its own: promotion.test.ts. Here it evaluates by itself.
    if (stack === "prod") checkout.evaluateHere();
    checkout.weigh(flow, { blue: 90, green: 10 });
    if (stack === "prod") await checkout.approve();
  });

  test("up creates everything, and the endpoint gets its weights once its arms stand", async () => {
    const outcome = await checkout.run("up");
    // Before anything was approved for prod its endpoints stood without arms.
    const settings = stack === "prod" ? ["support-reply.settings", `${flow}.settings`] : [];
    const updated = steps(outcome).filter((step) => !step.startsWith("create "));
    expect(updated.sort()).toEqual(settings.map((name) => `update ${name}`));
    expect(checkout.traffic(flow)).toEqual(live({ blue: 90, green: 10 }));
    expect(routings(outcome).pop()).toEqual(live({ blue: 90, green: 10 }));
  });

  test("a second up changes nothing and writes nothing", async () => {
    const { changed, writes, summary } = await checkout.run("up");
    expect(changed).toEqual([]);
    expect(writes).toEqual([]);
    expect(Object.keys(summary)).toEqual(["same"]);
  });

  test("90/10 to 50/50 is one changed resource, weight by weight", async () => {
    checkout.weigh(flow, { blue: 50, green: 50 });
    const [preview, up] = await checkout.runAll(["preview", "up"]);
    const expected = [
      {
        operation: "update",
        type: "genaiops:index:EndpointSettings",
        name: `${flow}.settings`,
        properties: ["weights.blue", "weights.green"],
      },
    ];
    expect(preview?.changed).toEqual(expected);
    expect(up?.changed).toEqual(expected);
    expect(routings(up as Outcome)).toEqual([live({ blue: 50, green: 50 })]);
    expect(checkout.traffic(flow)).toEqual(live({ blue: 50, green: 50 }));
  });

  test("a tag edit keeps the routing in every write", async () => {
    checkout.edit((config) => config.set(["tags", "cost-center"], "4711"));
    const outcome = await checkout.run("up");
    expect(new Set(outcome.changed.map(({ operation }) => operation))).toEqual(new Set(["update"]));
    expect(routings(outcome)).toEqual([live({ blue: 50, green: 50 })]);
    expect(checkout.endpoint(flow).body["tags"]).toMatchObject({ "cost-center": "4711", flow });
  });

  test("refresh shows weights changed behind its back; up restores them, with a tag edit in the same write", async () => {
    const { id, body } = checkout.endpoint(flow);
    checkout.behindItsBack("PUT", id, endpointToken, {
      ...body,
      properties: { ...(body["properties"] as object), traffic: live({ blue: 100, green: 0 }) },
    });
    checkout.edit((config) => config.set(["tags", "cost-center"], "4712"));
    const [refreshed, up] = (await checkout.runAll(["refresh", "up"])) as [Outcome, Outcome];
    expect(steps(refreshed)).toContain(`refresh ${flow}.settings`);
    const settings = up.changed.find(({ name }) => name === `${flow}.settings`);
    expect(settings?.properties).toEqual(["tags.cost-center", "weights.blue", "weights.green"]);
    // azure-native's endpoint has copied the stale routing into its inputs: it must not write it.
    expect(steps(up)).not.toContain(`update ${flow}`);
    expect(routings(up)).toEqual([live({ blue: 50, green: 50 })]);
  });

  test("an arm is added at weight 0 and then gets requests", async () => {
    checkout.edit((config) =>
      config.set(["flows", flow, "arms", "violet"], { version, weight: 0 }),
    );
    const added = await checkout.run("up");
    expect(steps(added)).toEqual([`create ${flow}.violet`, `update ${flow}.settings`]);
    // An arm without a weight gets no requests: there is nothing to write.
    expect(checkout.traffic(flow)).toEqual(live({ blue: 50, green: 50 }));

    checkout.weigh(flow, { green: 0, violet: 50 });
    const shifted = await checkout.run("up");
    expect(steps(shifted).filter((step) => !/^update .*\.(violet|green)$/.test(step))).toEqual([
      `update ${flow}.settings`,
    ]);
    expect(checkout.traffic(flow)).toEqual(live({ blue: 50, green: 0, violet: 50 }));
  });

  test("an arm that is removed loses its requests first", async () => {
    checkout.weigh(flow, { blue: 100 });
    checkout.edit((config) => config.delete(["flows", flow, "arms", "violet"]));
    if (stack === "prod") {
      // What serves requests is protected: shift in one update, remove in the next.
      await expect(checkout.run("preview")).rejects.toThrow(/violet[^]*protected/);
      checkout.edit((config) =>
        config.set(["flows", flow, "arms", "violet"], { version, weight: 0 }),
      );
      await checkout.run("up");
      checkout.edit((config) => config.delete(["flows", flow, "arms", "violet"]));
    }
    const removed = await checkout.run("up");
    expect(steps(removed)).toEqual([`update ${flow}.settings`, `delete ${flow}.violet`]);
    expect(checkout.traffic(flow)).toEqual(live({ blue: 100, green: 0 }));
    const methods = removed.writes.map(({ method }) => method);
    expect(methods).toEqual(["PUT", "DELETE"]);
  });

  test("destroy is refused where protection is on, and leaves nothing behind where it is off", async () => {
    if (stack === "prod") {
      const before = checkout.standing();
      await expect(checkout.run("destroy")).rejects.toThrow(/protected/);
      expect(checkout.standing()).toEqual(before);
      checkout.edit((config) => {
        config.set(["protect"], false);
        config.set(["replaceLiveArms"], true);
      });
      await checkout.run("up");
    }
    const { resources } = await checkout.run("destroy");
    expect(resources).toEqual([]);
    expect(checkout.standing()).toEqual([]);
  });

  test("up after destroy needs a new suffix where a name is still kept, and then creates everything", async () => {
    await expect(checkout.run("up")).rejects.toThrow(/soft-deleted|in deleted state/i);
    checkout.edit((config) => config.set(["suffix"], "second"));
    const { summary } = await checkout.run("up");
    expect(summary["create"]).toBeGreaterThan(0);
    expect(summary["delete"]).toBeUndefined();
  });
});
