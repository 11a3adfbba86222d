import { approvedVersions } from "../../packages/provider/approvedVersions";
import type { Asset } from "../../packages/provider/assetRules";
import { ensureVersion, setVersionTags } from "../../packages/provider/assetVersion";
import type { Json } from "../../packages/provider/resourceManager";
import { UserError } from "../../packages/provider/userError";
import { Cloudlet, messageOf, refusal, workspace } from "./support";

const hash = (digit: string) => digit.repeat(64);
const uri = (digit: string) => `azureml://datastores/flows/paths/web/${hash(digit)}`;

const model = (digit: string, change: Partial<Asset> = {}): Asset => ({
  workspace,
  kind: "model",
  name: "web_dev",
  hash: hash(digit),
  properties: { modelUri: uri(digit), modelType: "custom_model" },
  ...change,
});
const data = (digit: string, change: Partial<Asset> = {}): Asset => ({
  workspace,
  kind: "data",
  name: "questions",
  hash: hash(digit),
  properties: { dataUri: uri(digit), dataType: "uri_folder" },
  ...change,
});

const models = `${workspace}/models/web_dev/versions`;
const propertiesOf = (cloudlet: Cloudlet, id: string) => cloudlet.live(id)?.["properties"] as Json;
const writesOf = (cloudlet: Cloudlet) =>
  cloudlet.writes.map(({ method, path }) => `${method} ${path}`);

describe("a model", () => {
  it("gets the version 1, and its content hash as a tag", async () => {
    const cloudlet = new Cloudlet();
    const found = await ensureVersion(
      cloudlet.resourceManager(),
      model("a", { tags: { flow: "web" } }),
    );
    expect(found).toEqual({ version: "1", assetId: `${models}/1` });
    expect(
      cloudlet.writes.map(({ path, headers, body }) => [path, headers["if-none-match"], body]),
    ).toEqual([
      [
        `${models}/1`,
        "*",
        {
          properties: {
            modelUri: uri("a"),
            modelType: "custom_model",
            tags: { flow: "web", content_hash: hash("a") },
          },
        },
      ],
    ]);
  });

  it("gets the next number for new content, and its earlier version when content returns to it", async () => {
    const cloudlet = new Cloudlet();
    const azure = cloudlet.resourceManager();
    const versions: string[] = [];
    for (const digit of ["a", "b", "a", "c", "b", "c"]) {
      versions.push((await ensureVersion(azure, model(digit))).version);
    }
    expect(versions).toEqual(["1", "2", "1", "3", "2", "3"]);
    expect(writesOf(cloudlet)).toEqual([`PUT ${models}/1`, `PUT ${models}/2`, `PUT ${models}/3`]);
  });

  it("counts on from the highest number of all pages, archived versions too, and past names that are no number", async () => {
    const cloudlet = new Cloudlet();
    for (let version = 1; version <= 120; version++) {
      cloudlet.placeVersion("models", "web_dev", String(version), {
        isArchived: version === 120,
        tags: {},
      });
    }
    cloudlet.placeVersion("models", "web_dev", "007", { tags: {} });
    cloudlet.placeVersion("models", "web_dev", "latest", { tags: {} });
    const found = await ensureVersion(cloudlet.resourceManager(), model("a"));
    expect(found.version).toBe("121");
    const lists = cloudlet.requests.filter(({ path }) => path === models);
    expect(
      lists.slice(0, 3).map(({ query }) => [query.get("listViewType"), query.get("$skip")]),
    ).toEqual([
      ["All", null],
      ["All", "50"],
      ["All", "100"],
    ]);
  });

  it("is found on a later page, and nothing is written", async () => {
    const cloudlet = new Cloudlet();
    for (let version = 1; version <= 120; version++) {
      const own = {
        modelUri: uri("a"),
        modelType: "custom_model",
        tags: { content_hash: hash("a") },
      };
      cloudlet.placeVersion(
        "models",
        "web_dev",
        String(version),
        version === 97 ? own : { tags: {} },
      );
    }
    const found = await ensureVersion(cloudlet.resourceManager(), model("a"));
    expect(found.version).toBe("97");
    expect(cloudlet.writes).toEqual([]);
  });

  it("keeps tags that others set, such as an approval, when its own change", async () => {
    const cloudlet = new Cloudlet();
    const azure = cloudlet.resourceManager();
    const { assetId } = await ensureVersion(azure, model("a", { tags: { flow: "web", old: "1" } }));
    await setVersionTags(azure, assetId, { approved_dev: "2026-11-23", build: "7" });
    await setVersionTags(azure, assetId, { build: null });
    await ensureVersion(azure, model("a", { tags: { flow: "search" } }), {}, ["old"]);
    expect(propertiesOf(cloudlet, assetId)["tags"]).toEqual({
      flow: "search",
      approved_dev: "2026-11-23",
      content_hash: hash("a"),
    });
    expect(writesOf(cloudlet)).toEqual([1, 2, 3, 4].map(() => `PUT ${assetId}`));
  });

  it("is refused where its hash stands on a version with other content", async () => {
    const cloudlet = new Cloudlet();
    const azure = cloudlet.resourceManager();
    await ensureVersion(azure, model("a"));
    const work = ensureVersion(
      azure,
      model("a", { properties: { modelUri: uri("b"), modelType: "custom_model" } }),
    );
    await expect(work).rejects.toThrow(UserError);
    expect(await messageOf(work)).toBe(
      `refused to register model web_dev: version 1 has the content hash ${hash("a")} and is not equal\n` +
        `- modelUri: found "${uri("a")}", wanted "${uri("b")}"\n${models}/1\n` +
        "A registered version cannot change. Give the asset another name, or make content and hash agree.",
    );
    expect(cloudlet.writes.length).toBe(1);
  });

  it("is adopted where Azure wrote the datastore's address out in full", async () => {
    const cloudlet = new Cloudlet();
    const full = `azureml://subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/rg-one/workspaces/ws-one/datastores/flows/paths/web/${hash("a")}/`;
    cloudlet.placeVersion("models", "web_dev", "4", {
      modelUri: full,
      modelType: "custom_model",
      tags: { content_hash: hash("a") },
    });
    expect((await ensureVersion(cloudlet.resourceManager(), model("a"))).version).toBe("4");
  });
});

describe("creators of one model at the same time", () => {
  it("with different content get different numbers, and nobody's version is overwritten", async () => {
    const cloudlet = new Cloudlet();
    const digits = ["a", "b", "c", "d", "e", "f"];
    const found = await Promise.all(
      digits.map((digit) => ensureVersion(cloudlet.resourceManager(), model(digit))),
    );
    expect(found.map(({ version }) => Number(version)).sort()).toEqual([1, 2, 3, 4, 5, 6]);
    for (const [index, { assetId }] of found.entries()) {
      expect(propertiesOf(cloudlet, assetId)["modelUri"]).toBe(uri(digits[index]!));
    }
  });

  it("with equal content end with the same version", async () => {
    const cloudlet = new Cloudlet();
    const found = await Promise.all(
      [1, 2, 3, 4].map(() => ensureVersion(cloudlet.resourceManager(), model("a"))),
    );
    expect(found.map(({ version }) => version)).toEqual(["1", "1", "1", "1"]);
    expect(
      Object.keys(cloudlet.azure.state.resources).filter((id) =>
        id.includes("/models/web_dev/versions/"),
      ).length,
    ).toBe(1);
  });

  it.each([
    [409, "Conflict"],
    [400, "UserError"],
    [412, "PreconditionFailed"],
  ])(
    "a number that somebody takes before the write (%s %s) is left, and the next one taken",
    async (status, code) => {
      const cloudlet = new Cloudlet();
      cloudlet.interfere = ({ method, path }) => {
        if (method !== "PUT" || path !== `${models}/1` || cloudlet.live(path)) return undefined;
        cloudlet.placeVersion("models", "web_dev", "1", {
          modelUri: uri("b"),
          tags: { content_hash: hash("b") },
        });
        return refusal(status, code);
      };
      expect((await ensureVersion(cloudlet.resourceManager(), model("a"))).version).toBe("2");
    },
  );

  it("a listing that lags does not lead to a number in use", async () => {
    const cloudlet = new Cloudlet();
    cloudlet.placeVersion("models", "web_dev", "1", { tags: { content_hash: hash("b") } });
    cloudlet.placeVersion("models", "web_dev", "2", { tags: { content_hash: hash("c") } });
    cloudlet.interfere = ({ path }) =>
      path === models ? { status: 200, headers: {}, body: { value: [] } } : undefined;
    expect((await ensureVersion(cloudlet.resourceManager(), model("a"))).version).toBe("3");
    expect(writesOf(cloudlet)).toEqual([`PUT ${models}/3`]);
  });

  it("a conflict that is no lost race is waited for", async () => {
    const cloudlet = new Cloudlet();
    let conflicts = 0;
    cloudlet.interfere = ({ method }) =>
      method === "PUT" && conflicts++ < 2 ? refusal(409, "Conflict") : undefined;
    expect((await ensureVersion(cloudlet.resourceManager(), model("a"))).version).toBe("1");
    expect(conflicts).toBe(3);
  });

  it("a refusal of Azure's carries its code and words", async () => {
    const cloudlet = new Cloudlet();
    cloudlet.interfere = ({ method }) =>
      method === "PUT"
        ? refusal(403, "AuthorizationFailed", "no action versions/write")
        : undefined;
    expect(await messageOf(ensureVersion(cloudlet.resourceManager(), model("a")))).toBe(
      `cannot write ${models}/1\nAzure answered 403 AuthorizationFailed: no action versions/write\n` +
        "Grant the identity that runs this the right on that resource. A role just granted works after some minutes; a closed network must let this machine in.",
    );
  });
});

describe("a data set", () => {
  const id = (digit: string) => `${workspace}/data/questions/versions/${digit.repeat(30)}`;

  it("has the first 30 digits of its hash as version, the most that Azure takes, and the whole hash as tag", async () => {
    const cloudlet = new Cloudlet();
    const found = await ensureVersion(cloudlet.resourceManager(), data("a"));
    expect(found).toEqual({ version: "a".repeat(30), assetId: id("a") });
    expect(propertiesOf(cloudlet, id("a"))["tags"]).toEqual({ content_hash: hash("a") });
    expect(cloudlet.requests.map(({ method }) => method)).toEqual(["GET", "PUT", "GET", "GET"]);
  });

  it("returns to its earlier version with its earlier content", async () => {
    const cloudlet = new Cloudlet();
    const azure = cloudlet.resourceManager();
    for (const digit of ["a", "b", "a"]) {
      expect((await ensureVersion(azure, data(digit))).assetId).toBe(id(digit));
    }
    expect(cloudlet.writes.length).toBe(2);
  });

  it("is refused where only the start of the hash is the same", async () => {
    const cloudlet = new Cloudlet();
    const other = "a".repeat(63) + "b";
    cloudlet.placeVersion("data", "questions", "a".repeat(30), {
      dataUri: uri("a"),
      dataType: "uri_folder",
      tags: { content_hash: other },
    });
    expect(await messageOf(ensureVersion(cloudlet.resourceManager(), data("a")))).toContain(
      `- content_hash: found ${other}, wanted ${hash("a")}`,
    );
  });

  it("that another creator makes at the same moment is adopted", async () => {
    const cloudlet = new Cloudlet();
    cloudlet.interfere = ({ method, path }) => {
      if (method !== "PUT" || cloudlet.live(path)) return undefined;
      cloudlet.placeVersion("data", "questions", "a".repeat(30), {
        dataUri: uri("a"),
        dataType: "uri_folder",
        tags: { content_hash: hash("a") },
      });
      return refusal(409, "Conflict");
    };
    expect((await ensureVersion(cloudlet.resourceManager(), data("a"))).assetId).toBe(id("a"));
  });

  it("gets a new description without a new version", async () => {
    const cloudlet = new Cloudlet();
    const azure = cloudlet.resourceManager();
    await ensureVersion(azure, data("a"));
    const described = { ...data("a").properties, description: "questions of users" };
    await ensureVersion(azure, data("a", { properties: described }));
    expect(propertiesOf(cloudlet, id("a"))["description"]).toBe("questions of users");
    expect(writesOf(cloudlet)).toEqual([`PUT ${id("a")}`, `PUT ${id("a")}`]);
  });
});

describe("approved versions", () => {
  const approve = (
    cloudlet: Cloudlet,
    name: string,
    version: number,
    tags: Json,
    rest: Json = {},
  ) => cloudlet.placeVersion("models", name, String(version), { tags, ...rest });

  it("are the newest ones that carry the environment's tag; others are absent", async () => {
    const cloudlet = new Cloudlet();
    approve(cloudlet, "web", 2, { approved_dev: "x" });
    approve(cloudlet, "web", 9, { approved_dev: "" });
    approve(cloudlet, "web", 10, { approved_prod: "x" });
    approve(cloudlet, "web", 11, { approved_dev: "x" }, { isArchived: true });
    approve(cloudlet, "chat", 1, {});
    const found = await approvedVersions(cloudlet.resourceManager(), {
      workspace,
      environment: "dev",
      models: ["web", "chat", "none", "web"],
    });
    expect(found).toEqual({ versions: { web: 9 } });
  });

  it("are none where the workspace does not exist, after one request", async () => {
    const cloudlet = new Cloudlet();
    const absent = `${workspace}-absent`;
    const args = { workspace: absent, environment: "dev", models: ["web"] };
    expect(await approvedVersions(cloudlet.resourceManager(), args)).toEqual({ versions: {} });
    expect(cloudlet.requests.map(({ path }) => path)).toEqual([absent]);
  });

  it("of a subscription without access are an error and not silently none", async () => {
    const cloudlet = new Cloudlet();
    cloudlet.interfere = () =>
      refusal(404, "SubscriptionNotFound", "The subscription could not be found.");
    const work = approvedVersions(cloudlet.resourceManager(), {
      workspace,
      environment: "dev",
      models: ["web"],
    });
    expect(await messageOf(work)).toContain(
      "404 SubscriptionNotFound: The subscription could not be found.",
    );
  });

  it("of 1,000 models cost one request each and never more than 16 at once", async () => {
    const cloudlet = new Cloudlet();
    const names = Array.from({ length: 1000 }, (_, index) => `flow${index}_dev`);
    names.forEach((name, index) =>
      approve(cloudlet, name, 1 + (index % 5), index % 2 ? { approved_dev: "x" } : {}),
    );
    const { versions } = await approvedVersions(cloudlet.resourceManager(), {
      workspace,
      environment: "dev",
      models: names,
    });
    expect(Object.keys(versions).length).toBe(500);
    expect([versions["flow1_dev"], versions["flow999_dev"], versions["flow2_dev"]]).toEqual([
      2,
      5,
      undefined,
    ]);
    expect([cloudlet.requests.length, cloudlet.most]).toEqual([1001, 16]);
  });
});
