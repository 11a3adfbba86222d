import { genaiops } from "../../packages/provider/provider";
import { propertyChanges } from "../../packages/provider/propertyChanges";
import { unknown, type Properties } from "../../packages/provider/serve";
import { resourceTokens } from "../../packages/provider/tokens";
import { Cloudlet, endpoint, messageOf, workspace } from "./support";

const { endpointSettings, assetVersion, blobFolder } = resourceTokens;
const hash = (digit: string) => digit.repeat(64);

/** The provider as the engine calls it, without the protocol. */
function engine(cloudlet = new Cloudlet(), type: string = endpointSettings) {
  const provider = genaiops(cloudlet.cloud(), "/nowhere");
  const common = { urn: "urn:x", type, signal: new AbortController().signal, timeoutSeconds: 0 };
  return {
    check: (inputs: Properties) => provider.check({ ...common, oldInputs: {}, inputs }),
    diff: (oldInputs: Properties, inputs: Properties) =>
      provider.diff({
        ...common,
        id: "id",
        oldInputs,
        oldOutputs: oldInputs,
        inputs,
        ignoreChanges: [],
      }),
    create: (inputs: Properties, preview = false) =>
      provider.create({ ...common, inputs, preview }),
    update: (id: string, old: Properties, inputs: Properties, preview = false) =>
      provider.update({ ...common, id, oldInputs: old, oldOutputs: old, inputs, preview }),
    read: (id: string, inputs: Properties, outputs: Properties) =>
      provider.read({ ...common, id, inputs, outputs }),
    delete: (id: string) => provider.delete({ ...common, id, inputs: {}, outputs: {} }),
  };
}

const settings = (change: Properties = {}): Properties => ({
  endpoint,
  weights: { blue: 90, green: 10 },
  authMode: "AADToken",
  publicNetworkAccess: "Disabled",
  tags: { team: "web" },
  ...change,
});

function serving(weights: Record<string, number> = { blue: 100 }): Cloudlet {
  const cloudlet = new Cloudlet();
  cloudlet.placeEndpoint({ traffic: weights }, { tags: { team: "web" } });
  for (const arm of ["blue", "green"]) cloudlet.placeDeployment(arm);
  return cloudlet;
}
const traffic = (cloudlet: Cloudlet) =>
  (cloudlet.live(endpoint)?.["properties"] as Properties)["traffic"];
const scoringUri = "https://web-one.swedencentral.inference.ml.azure.com/score";

describe("EndpointSettings", () => {
  it.each<[string, Properties, Properties, Properties]>([
    [
      "a changed weight is one changed property per arm",
      settings(),
      settings({ weights: { blue: 80, green: 20 } }),
      { "weights.blue": { kind: "update" }, "weights.green": { kind: "update" } },
    ],
    [
      "one changed weight is one changed property",
      settings({ weights: { blue: 0, green: 10 } }),
      settings({ weights: { blue: 0, green: 50 } }),
      { "weights.green": { kind: "update" } },
    ],
    [
      "an arm that goes",
      settings({ weights: { blue: 100, green: 0 } }),
      settings({ weights: { blue: 100 } }),
      { "weights.green": { kind: "delete" } },
    ],
    [
      "a mirror that comes",
      settings(),
      settings({ mirror: { arm: "green", percent: 5 } }),
      { mirror: { kind: "add" } },
    ],
    [
      "a tag with a dot",
      settings(),
      settings({ tags: { team: "web", "a.b": "c" } }),
      { 'tags["a.b"]': { kind: "add" } },
    ],
    [
      "the endpoint in another case is the same",
      settings(),
      settings({ endpoint: endpoint.toLowerCase() }),
      {},
    ],
    [
      "another endpoint replaces",
      settings(),
      settings({ endpoint: `${endpoint}2` }),
      { endpoint: { kind: "update", replace: true } },
    ],
    [
      "an endpoint that is being replaced replaces",
      settings(),
      settings({ endpoint: unknown }),
      { endpoint: { kind: "update", replace: true } },
    ],
    ["nothing changed", settings(), settings(), {}],
  ])("diff: %s", async (_, old, next, changes) => {
    expect(await engine().diff(old, next)).toEqual({ changes });
  });

  it("previews with the inputs, and with the address once it is known", async () => {
    const cloudlet = serving();
    expect(await engine(cloudlet).create(settings(), true)).toEqual({
      id: "",
      outputs: { ...settings(), scoringUri: unknown },
    });
    expect(
      await engine(cloudlet).update(
        endpoint,
        { ...settings(), scoringUri: "u" },
        settings({ tags: {} }),
        true,
      ),
    ).toEqual({
      outputs: { ...settings({ tags: {} }), scoringUri: "u" },
    });
    expect(cloudlet.requests).toEqual([]);
  });

  it("creates, and reads itself back without a difference", async () => {
    const cloudlet = serving();
    const { create, read, diff } = engine(cloudlet);
    const created = await create(settings());
    expect(created).toEqual({ id: endpoint, outputs: { ...settings(), scoringUri } });
    const found = await read(created.id, settings(), created.outputs);
    expect(found).toEqual({ id: endpoint, inputs: settings(), outputs: created.outputs });
    expect(await diff(found!.inputs, settings())).toEqual({ changes: {} });
  });

  it("shows drift of weights, mirror, tags, authentication and access after a refresh", async () => {
    const cloudlet = serving({ blue: 70, green: 0, violet: 30 });
    Object.assign(cloudlet.live(endpoint)!["properties"] as Properties, {
      mirrorTraffic: { green: 5 },
      authMode: "Key",
      publicNetworkAccess: "Enabled",
    });
    cloudlet.live(endpoint)!["tags"] = { team: "other", stray: "1" };
    const { read, diff } = engine(cloudlet);
    const found = await read(endpoint, settings(), settings());
    expect(Object.keys((await diff(found!.inputs, settings())).changes)).toEqual([
      "authMode",
      "mirror",
      "publicNetworkAccess",
      "tags.stray",
      "tags.team",
      "weights.blue",
      "weights.green",
      "weights.violet",
    ]);
  });

  it("is imported by the endpoint's id, with everything live", async () => {
    const cloudlet = serving({ blue: 100 });
    (cloudlet.live(endpoint)!["properties"] as Properties)["description"] = "answers";
    const found = await engine(cloudlet).read(endpoint, {}, {});
    expect(found?.inputs).toEqual(settings({ weights: { blue: 100 }, description: "answers" }));
    expect(await messageOf(engine(cloudlet).read("web", {}, {}))).toBe(
      "web is not the ARM id of an online endpoint",
    );
  });

  it("is gone when the endpoint is gone", async () => {
    expect(await engine().read(endpoint, settings(), settings())).toBeUndefined();
  });

  it("renamed in the program keeps the routing: the new name is written, then the old one deleted", async () => {
    const cloudlet = serving();
    const { create, delete: remove } = engine(cloudlet);
    await create(settings());
    await remove(endpoint);
    expect(traffic(cloudlet)).toEqual({ blue: 90, green: 10 });
  });

  it("deleted alone takes the arms out of the routing", async () => {
    const cloudlet = serving({ blue: 100 });
    await engine(cloudlet).delete(endpoint);
    expect(traffic(cloudlet)).toEqual({ blue: 0, green: 0 });
  });
});

describe("AssetVersion", () => {
  const asset = (change: Properties = {}): Properties => ({
    workspace,
    kind: "data",
    name: "questions",
    hash: hash("a"),
    properties: { dataUri: "azureml://datastores/flows/paths/a", dataType: "uri_folder" },
    ...change,
  });
  const id = (digit: string) => `${workspace}/data/questions/versions/${digit.repeat(30)}`;

  it.each<[string, Properties, Properties]>([
    ["another hash is an update", asset({ hash: hash("b") }), { hash: { kind: "update" } }],
    [
      "another name is a replacement",
      asset({ name: "answers" }),
      { name: { kind: "update", replace: true } },
    ],
    [
      "another workspace is a replacement",
      asset({ workspace: `${workspace}2` }),
      { workspace: { kind: "update", replace: true } },
    ],
    [
      "another kind is a replacement",
      asset({ kind: "model" }),
      { kind: { kind: "update", replace: true } },
    ],
    ["a tag is an update", asset({ tags: { a: "b" } }), { tags: { kind: "add" } }],
  ])("diff: %s", async (_, next, changes) => {
    expect(await engine(undefined, assetVersion).diff(asset(), next)).toEqual({ changes });
  });

  it("names every problem at once, and none that is not known yet", async () => {
    const { check } = engine(undefined, assetVersion);
    const wrong = {
      workspace: "ws",
      kind: "flow",
      name: "a b",
      hash: "xyz",
      properties: { provisioningState: "x", tags: {} },
      tags: { content_hash: "a", b: 1 },
    };
    expect((await check(wrong)).failures.map(({ property }) => property)).toEqual([
      "workspace",
      "kind",
      "name",
      "hash",
      "properties.provisioningState",
      "properties.tags",
      "tags.content_hash",
      "tags.b",
    ]);
    const later = {
      workspace: unknown,
      kind: "model",
      name: "a",
      hash: unknown,
      properties: { modelUri: unknown },
      tags: unknown,
    };
    expect((await check(later)).failures).toEqual([]);
    expect((await check(asset())).failures).toEqual([]);
  });

  it("knows the version of data in the first preview; that of a model comes with the number", async () => {
    const { create } = engine(undefined, assetVersion);
    expect((await create(asset(), true)).outputs).toMatchObject({
      version: "a".repeat(30),
      assetId: id("a"),
    });
    expect((await create(asset({ workspace: unknown }), true)).outputs).toMatchObject({
      version: "a".repeat(30),
      assetId: unknown,
    });
    expect((await create(asset({ kind: "model" }), true)).outputs).toMatchObject({
      version: unknown,
      assetId: unknown,
    });
  });

  it("moves to another version in place, keeps its id, and comes back", async () => {
    const cloudlet = new Cloudlet();
    const { create, update, read } = engine(cloudlet, assetVersion);
    const one = await create(asset());
    expect([one.id, one.outputs["assetId"]]).toEqual([`${workspace}/data/questions`, id("a")]);
    const two = await update(one.id, one.outputs, asset({ hash: hash("b") }));
    const back = await update(one.id, two.outputs, asset());
    expect([two.outputs["assetId"], back.outputs["assetId"]]).toEqual([id("b"), id("a")]);
    expect(await read(one.id, asset(), back.outputs)).toEqual({
      id: one.id,
      inputs: asset(),
      outputs: back.outputs,
    });
    await engine(cloudlet, assetVersion).delete(one.id);
    expect(
      Object.keys(cloudlet.azure.state.resources).filter((key) => key.includes("/versions/"))
        .length,
    ).toBe(2);
  });

  it("drops a tag that the program no longer has, and keeps those of others", async () => {
    const cloudlet = new Cloudlet();
    const { create, update, read } = engine(cloudlet, assetVersion);
    const one = await create(asset({ tags: { flow: "web", old: "1" } }));
    const live = cloudlet.live(id("a"))!["properties"] as { tags: Record<string, string> };
    live.tags["approved_dev"] = "yes";
    const two = await update(
      one.id,
      { ...asset({ tags: { flow: "web", old: "1" } }), ...one.outputs },
      asset({ tags: { flow: "chat" } }),
    );
    expect((cloudlet.live(id("a"))!["properties"] as { tags: object }).tags).toEqual({
      flow: "chat",
      approved_dev: "yes",
      content_hash: hash("a"),
    });
    const found = await read(one.id, asset({ tags: { flow: "chat" } }), two.outputs);
    expect(found?.inputs["tags"]).toEqual({ flow: "chat" });
  });

  it("that is gone from Azure is gone from the stack", async () => {
    const outputs = { ...asset(), assetId: id("a"), version: "a".repeat(30) };
    expect(await engine(undefined, assetVersion).read("x", asset(), outputs)).toBeUndefined();
  });
});

describe("BlobFolder", () => {
  const folder = {
    account: "stone",
    container: "flows",
    prefix: "web",
    source: "flows/web",
    files: { a: hash("1") },
    hash: hash("a"),
  };

  it("knows its path in a preview", async () => {
    const { create, update } = engine(undefined, blobFolder);
    expect((await create(folder, true)).outputs["path"]).toBe(`web/${hash("a")}`);
    expect((await create({ ...folder, hash: unknown }, true)).outputs["path"]).toBe(unknown);
    expect((await update("x", folder, { ...folder, hash: hash("b") }, true)).outputs["path"]).toBe(
      `web/${hash("b")}`,
    );
  });

  it("is replaced at another place and updated for other files", async () => {
    const { diff } = engine(undefined, blobFolder);
    expect(await diff(folder, { ...folder, container: "data" })).toEqual({
      changes: { container: { kind: "update", replace: true } },
    });
    expect(
      await diff(folder, {
        ...folder,
        hash: hash("b"),
        files: { a: hash("2"), "b/c.txt": hash("3") },
      }),
    ).toEqual({
      changes: {
        'files["b/c.txt"]': { kind: "add" },
        "files.a": { kind: "update" },
        hash: { kind: "update" },
      },
    });
  });
});

describe("the provider", () => {
  it("names what it has when asked for something else", async () => {
    expect(await messageOf(engine(undefined, "genaiops:index:Endpoint").check({}))).toBe(
      `the provider genaiops 0.1.0 has no genaiops:index:Endpoint; it has ${Object.values(resourceTokens).join(", ")}`,
    );
  });
});

describe("property changes", () => {
  it.each<[string, Properties, Properties, Properties]>([
    ["null and undefined are absent", { a: null, b: undefined }, {}, {}],
    [
      "lists item by item",
      { a: [1, 2] },
      { a: [1, 3, 4] },
      { "a[1]": { kind: "update" }, "a[2]": { kind: "add" } },
    ],
    ["another type as a whole", { a: { b: 1 } }, { a: "x" }, { a: { kind: "update" } }],
    ["an object that goes", { a: { b: 1 } }, {}, { a: { kind: "delete" } }],
    ["deep", { a: { b: { c: 1 } } }, { a: { b: { c: 2 } } }, { "a.b.c": { kind: "update" } }],
  ])("%s", (_, old, next, changes) => expect(propertyChanges(old, next)).toEqual(changes));
});
