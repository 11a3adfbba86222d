import { Checkout, type Run } from "./support/checkout";

const endpointToken = "azure-native:machinelearningservices:OnlineEndpoint";

/** Weights of `web-classification` in both samples: what is edited, and what is expected live. */
const stacks = [
  { stack: "dev", arms: ["blue", "green", "gpt-mini"] },
  { stack: "prod", arms: ["blue", "green"] },
] as const;

describe.each(stacks)("the stack $stack on the real engine", ({ stack, arms }) => {
  const checkout = new Checkout(stack);
  const flow = "web-classification";

  const weights = (blue: number, green: number) =>
    checkout.edit((config) => {
      config.set(["flows", flow, "arms", "blue", "weight"], blue);
      config.set(["flows", flow, "arms", "green", "weight"], green);
    });
  const live = (blue: number, green: number) => ({
    ...Object.fromEntries(arms.map((arm) => [arm, 0])),
    blue,
    green,
  });
  /** The routing in every write to the endpoint once it carried traffic. */
  const routings = (run: Run) =>
    run.writes
      .filter(({ path, method }) => method === "PUT" && path === run.endpoint(flow).id)
      .map(({ body }) => (body as { properties: { traffic?: unknown } }).properties.traffic);

  beforeAll(async () => {
    weights(90, 10);
    if (stack === "prod") await checkout.approve();
  });

  test("up creates everything, and the endpoint gets its weights last", async () => {
    await checkout.open(async (run) => {
      const { changed } = await run.run("up");
      expect(changed.filter(({ operation }) => operation !== "create")).toEqual(
        // Before anything was approved for prod its endpoints stood without arms.
        stack === "prod"
          ? ["support-reply", flow].map((name) => ({
              operation: "update",
              type: "genaiops:index:EndpointSettings",
              name: `${name}.settings`,
              properties: expect.any(Array),
            }))
          : [],
      );
      expect(run.routing(flow).traffic).toEqual(live(90, 10));
      expect(routings(run).pop()).toEqual(live(90, 10));
    });
  });

  test("a second up changes nothing and writes nothing", async () => {
    await checkout.open(async (run) => {
      const { summary, changed } = await run.run("up");
      expect(changed).toEqual([]);
      expect(Object.keys(summary)).toEqual(["same"]);
      expect(run.writes).toEqual([]);
    });
  });

  test("90/10 to 50/50 is one changed resource, weight by weight", async () => {
    weights(50, 50);
    await checkout.open(async (run) => {
      const expected = [
        {
          operation: "update",
          type: "genaiops:index:EndpointSettings",
          name: `${flow}.settings`,
          properties: ["weights.blue", "weights.green"],
        },
      ];
      expect((await run.run("preview")).changed).toEqual(expected);
      expect((await run.run("up")).changed).toEqual(expected);
      expect(routings(run)).toEqual([live(50, 50)]);
      expect(run.routing(flow).traffic).toEqual(live(50, 50));
    });
  });

  test("a tag edit keeps the routing in every write", async () => {
    checkout.edit((config) => config.set(["tags", "cost-center"], "4711"));
    await checkout.open(async (run) => {
      const { changed } = await run.run("up");
      expect(new Set(changed.map(({ operation }) => operation))).toEqual(new Set(["update"]));
      expect(routings(run)).toEqual([live(50, 50)]);
      expect(run.routing(flow).tags).toMatchObject({ "cost-center": "4711", flow });
    });
  });

  test("refresh shows weights that changed behind its back, up restores them, a tag edit keeps them", async () => {
    const before = await checkout.open(async (run) => run.endpoint(flow));
    const properties = before.body["properties"] as Record<string, unknown>;
    checkout.behindItsBack("PUT", before.id, endpointToken, {
      ...before.body,
      properties: { ...properties, traffic: live(100, 0) },
    });
    checkout.edit((config) => config.set(["tags", "cost-center"], "4712"));
    await checkout.open(async (run) => {
      const refreshed = await run.run("refresh");
      expect(refreshed.changed).toContainEqual(
        expect.objectContaining({ operation: "refresh", name: `${flow}.settings` }),
      );
      const { changed } = await run.run("up");
      const settings = changed.find(({ name }) => name === `${flow}.settings`);
      expect(settings?.properties).toEqual(
        expect.arrayContaining(["weights.blue", "weights.green", "tags.cost-center"]),
      );
      // azure-native has copied the stale routing into its own inputs: it must not write it.
      expect(changed.map(({ name, type }) => [name, type])).not.toContainEqual([flow, endpointToken]);
      expect(routings(run)).toEqual([live(50, 50)]);
    });
  });

  test("an arm added stands at weight 0 before it gets requests, and one removed loses them first", async () => {
    checkout.edit((config) => {
      config.set(["flows", flow, "arms", "violet"], { version: stack === "prod" ? 1 : "current", weight: 0 });
    });
    await checkout.open(async (run) => {
      const { changed } = await run.run("up");
      expect(changed.map(({ operation, name }) => [operation, name])).toEqual([
        ["create", `${flow}.violet`],
        ["update", `${flow}.settings`],
      ]);
      expect(routings(run)).toEqual([{ ...live(50, 50), violet: 0 }]);
    });

    checkout.edit((config) => {
      config.set(["flows", flow, "arms", "green", "weight"], 0);
      config.set(["flows", flow, "arms", "violet", "weight"], 50);
    });
    await checkout.open(async (run) => {
      const { changed } = await run.run("up");
      expect(changed.map(({ operation, name }) => [operation, name])).toEqual([
        ["update", `${flow}.settings`],
      ]);
      expect(run.routing(flow).traffic).toEqual({ ...live(50, 0), violet: 50 });
    });

    checkout.edit((config) => {
      config.delete(["flows", flow, "arms", "violet"]);
      config.set(["flows", flow, "arms", "blue", "weight"], 100);
    });
    if (stack === "prod") {
      // What serves requests is protected: shift first, remove in the next update.
      await checkout.open(async (run) => {
        await expect(run.run("preview")).rejects.toThrow(/violet.*protected/s);
      });
      checkout.edit((config) => config.set(["flows", flow, "arms", "violet"], { version: 1, weight: 0 }));
      await checkout.open((run) => run.run("up"));
      checkout.edit((config) => config.delete(["flows", flow, "arms", "violet"]));
    }
    await checkout.open(async (run) => {
      const { changed } = await run.run("up");
      expect(changed.map(({ operation, name }) => [operation, name])).toEqual([
        ["update", `${flow}.settings`],
        ["delete", `${flow}.violet`],
      ]);
      expect(run.routing(flow).traffic).toEqual(live(100, 0));
      const moved = run.writes.findIndex(({ method, path }) => method === "PUT" && path === run.endpoint(flow).id);
      const removed = run.writes.findIndex(({ method }) => method === "DELETE");
      expect(moved).toBeGreaterThanOrEqual(0);
      expect(removed).toBeGreaterThan(moved);
    });
  });

  test("destroy leaves nothing behind; where data is protected only after protection is switched off", async () => {
    if (stack === "prod") {
      await checkout.open(async (run) => {
        const before = Object.keys(run.state().resources);
        await expect(run.run("destroy")).rejects.toThrow(/protected/);
        expect(Object.keys(run.state().resources)).toEqual(before);
      });
      checkout.edit((config) => {
        config.set(["protect"], false);
        config.set(["replaceLiveArms"], true);
      });
      await checkout.open((run) => run.run("up"));
    }
    await checkout.open(async (run) => {
      await run.run("destroy");
      const { resources } = await run.stack.exportStack().then(({ deployment }) => deployment);
      expect(resources ?? []).toEqual([]);
      expect(ownResources(run)).toEqual([]);
    });
  });

  test("up after destroy works: soft-deleted names are recovered or a new suffix is used", async () => {
    checkout.edit((config) => config.set(["suffix"], "second"));
    await checkout.open(async (run) => {
      const { summary } = await run.run("up");
      expect(Object.keys(summary)).toEqual(["create"]);
    });
  });
});

/** What is left in the simulated Azure; soft-deleted names are not among it. */
function ownResources(run: Run): string[] {
  return Object.keys(run.state().resources);
}
