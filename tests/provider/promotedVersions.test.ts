import { promotedVersions } from "../../packages/provider/promotedVersions";
import type { PromotedVersionsArgs } from "../../packages/provider/tokens";
import { messageOf } from "./support";

/** Which versions of a shared registry an environment may deploy: the rule over listings of its own. */

const registry =
  "/subscriptions/s/resourceGroups/rg/providers/Microsoft.MachineLearningServices/registries/mlr";
const context = "c".repeat(64);
const digest = "d".repeat(64);

type Tags = Record<string, string>;
const passed = (more: Tags = {}): Tags => ({
  content_hash: "a".repeat(64),
  approved_dev: "evaluation 1: accuracy 0.9",
  image_serve: `context:${context}`,
  ...more,
});
const version = (name: string, tags: Tags, more: object = {}) => ({
  id: `${registry}/models/web_dev/versions/${name}`,
  name,
  properties: { tags, ...more },
});
const served = {
  id: `${registry}/environments/serve/versions/${digest.slice(0, 30)}`,
  name: digest.slice(0, 30),
  properties: {
    image: `crdev.azurecr.io/serve@sha256:${digest}`,
    tags: { content_hash: digest, context_hash: context },
  },
};

const args = (asked: number | "approved", holdsFlow = false): PromotedVersionsArgs => ({
  registry,
  containerRegistry:
    "/subscriptions/s/resourceGroups/rg/providers/Microsoft.ContainerRegistry/registries/crDev",
  from: "dev",
  environment: "prod",
  arms: [{ flow: "web", arm: "blue", model: "web_dev", version: asked, image: "serve", holdsFlow }],
});

function ask(
  asked: number | "approved",
  models: object[],
  environments: object[] = [served],
  holdsFlow = false,
) {
  const reader = {
    get: async (id: string) => (id === registry ? { body: {}, etag: undefined } : undefined),
    list: async (id: string) =>
      (id.includes("/models/") ? models : environments) as Record<string, unknown>[],
  };
  return promotedVersions(reader, args(asked, holdsFlow));
}

const image = {
  reference: `crdev.azurecr.io/serve@sha256:${digest}`,
  repository: "serve",
  digest: `sha256:${digest}`,
  imported: true,
};

test("the newest version that both environments approved, with the image it passed with", async () => {
  const models = [
    version("1", passed({ approved_prod: "yes" })),
    version("2", passed({ approved_prod: "yes" })),
    version("3", passed()),
    version("10", { ...passed({ approved_prod: "yes" }) }, { isArchived: true }),
  ];
  expect((await ask("approved", models)).arms).toEqual({
    "web.blue": {
      version: 2,
      hash: "a".repeat(64),
      passed: "evaluation 1: accuracy 0.9",
      image,
    },
  });
});

test("of two images built from the same files nobody knows which was evaluated; an archived one does not count", async () => {
  const again = "b".repeat(64);
  const second = (more: object = {}) => ({
    id: `${registry}/environments/serve/versions/${again.slice(0, 30)}`,
    name: again.slice(0, 30),
    properties: {
      image: `crdev.azurecr.io/serve@sha256:${again}`,
      tags: { content_hash: again, context_hash: context },
      ...more,
    },
  });
  const models = [version("2", passed({ approved_prod: "yes" }))];
  expect(await messageOf(ask(2, models, [served, second()]))).toContain(
    "flow web, arm blue: version 2 of web_dev: the registry has 2 images serve built from the files it passed with, and only one was evaluated: " +
      `crdev.azurecr.io/serve@sha256:${again}, crdev.azurecr.io/serve@sha256:${digest}; ` +
      "archive the environment versions of the images that dev does not serve (az ml environment archive)",
  );
  const { arms } = await ask(2, models, [served, second({ isArchived: true })]);
  expect(arms["web.blue"]?.image).toEqual(image);
});

test("an approval of prod without one of dev counts for nothing", async () => {
  const { approved_dev: _, ...only } = passed({ approved_prod: "yes" });
  expect((await ask("approved", [version("1", only)])).arms).toEqual({});
});

test("a named version needs no approval of prod, but the one of dev", async () => {
  const { approved_dev: _, ...never } = passed();
  const models = [version("1", passed()), version("2", never)];
  expect((await ask(1, models)).arms["web.blue"]?.version).toBe(1);
  expect(await messageOf(ask(2, models))).toBe(
    "refused to deploy what did not pass dev\n" +
      "- flow web, arm blue: version 2 of web_dev never passed dev: it lacks the tag approved_dev; " +
      "evaluate it there and run: genaiops register web --env dev --approve dev",
  );
  expect(await messageOf(ask(7, models))).toContain(
    "version 7 of web_dev is not in the registry; those that passed dev are 1",
  );
  expect(await messageOf(ask(7, []))).toContain("none passed dev yet");
});

test("an image by digest is found by its digest, and taken from where it is", async () => {
  const elsewhere = {
    ...served,
    properties: {
      image: `ghcr.example/serve@sha256:${digest}`,
      tags: { content_hash: digest },
    },
  };
  const models = [version("1", passed({ image_serve: `digest:${digest}` }))];
  expect((await ask(1, models, [elsewhere])).arms["web.blue"]?.image).toMatchObject({
    reference: `ghcr.example/serve@sha256:${digest}`,
    imported: false,
  });
});

test("an arm that nothing else brings the files to gets an image that held them when the version passed", async () => {
  const holding = version("1", passed({ image_serve: `flow:${context}` }));
  expect((await ask(1, [holding], [served], true)).arms["web.blue"]?.image).toEqual(image);
  expect(await messageOf(ask(1, [version("1", passed())], [served], true))).toContain(
    "- flow web, arm blue: version 1 of web_dev passed dev in an image serve that does not hold the flow: " +
      "run pulumi up --stack dev, and approve these files there again",
  );
});

test.each<[string, Tags, object[], string]>([
  [
    "no image",
    { content_hash: "a", approved_dev: "1" },
    [served],
    "version 1 of web_dev passed dev without the image serve: let an arm of dev use it, and approve the version there again",
  ],
  [
    "an image of other bytes",
    passed({ image_serve: `context:${"e".repeat(64)}` }),
    [served],
    `the registry has no image serve of the bytes it passed with (context:${"e".repeat(64)}); build and register it with: pulumi up --stack dev`,
  ],
  ["an image that is not registered", passed(), [], "the registry has no image serve"],
])("a version that passed with %s is refused", async (_what, tags, environments, message) => {
  expect(await messageOf(ask(1, [version("1", tags)], environments))).toContain(message);
});

test("all that is refused is told at once", async () => {
  const reader = { get: async () => ({ body: {}, etag: undefined }), list: async () => [] };
  const { arms, ...rest } = args(1);
  const two = [...arms, { ...arms[0]!, arm: "green", version: 2 as const }];
  const message = await messageOf(promotedVersions(reader, { ...rest, arms: two }));
  expect(message.match(/^- /gm)).toHaveLength(2);
});

test("a registry that is gone is no registry where nothing was approved", async () => {
  const reader = { get: async () => undefined, list: async () => [] };
  expect(await messageOf(promotedVersions(reader, args("approved")))).toBe(
    `the registry that dev shares does not exist: ${registry}; bring dev up first, with: pulumi up --stack dev`,
  );
});
