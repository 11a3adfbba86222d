import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { readBaseline } from "../../../packages/cli/plan/baseline";
import { compare } from "../../../packages/cli/plan/compare";
import { formatJson } from "../../../packages/cli/plan/model";
import {
  ASSET,
  DEPLOYMENT,
  ENDPOINT,
  SETTINGS,
  VAULT,
  baseline,
  flow,
  planOf,
  urn,
  type Declared,
} from "./plans";

const folder = mkdtempSync(path.join(tmpdir(), "genaiops-baseline-"));
const file = path.join(folder, "against.json");
afterAll(() => rmSync(folder, { recursive: true }));

const stack = { project: "shop", stack: "dev" };
const endpointId = "/subscriptions/s/resourceGroups/rg/providers/x/onlineEndpoints/web-dev";
const modelId = "/subscriptions/s/models/web_dev/versions/7";
const secret = {
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  ciphertext: "v1:abc",
};

/** What `pulumi stack export` writes of the flow: concrete inputs, and the outputs that Azure gave. */
function exported(change: (resources: Record<string, unknown>[]) => void = () => {}) {
  const arm = (name: string) => ({
    urn: urn(DEPLOYMENT, `web.${name}`),
    custom: true,
    id: `${endpointId}/deployments/${name}`,
    type: DEPLOYMENT,
    inputs: {
      __defaults: [],
      deploymentName: name,
      endpointName: "web-dev",
      properties: { model: modelId },
      sku: { name: "Default", capacity: 1 },
      location: "swedencentral",
    },
    outputs: {},
  });
  const resources: Record<string, unknown>[] = [
    { urn: "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev", type: "pulumi:pulumi:Stack" },
    {
      urn: "urn:pulumi:dev::shop::pulumi:providers:azure-native::default_3_28_0",
      custom: true,
      id: "uuid",
      type: "pulumi:providers:azure-native",
      inputs: { version: "3.28.0" },
    },
    {
      urn: urn(ASSET, "web.model"),
      custom: true,
      id: "/subscriptions/s/models/web_dev",
      type: ASSET,
      inputs: { kind: "model", name: "web_dev", hash: "a".repeat(64) },
      outputs: { version: "7", assetId: modelId },
    },
    {
      urn: urn(ENDPOINT, "web"),
      custom: true,
      id: endpointId,
      type: ENDPOINT,
      inputs: { endpointName: "web-dev", location: "swedencentral", tags: { live: "yes" } },
      outputs: { name: "web-dev" },
    },
    arm("blue"),
    arm("green"),
    {
      urn: urn(SETTINGS, "web.settings"),
      custom: true,
      id: endpointId,
      type: SETTINGS,
      inputs: { endpoint: endpointId, weights: { blue: 90, green: 10 } },
      outputs: { weights: { blue: 90, green: 10 } },
    },
    { urn: urn(VAULT, "old"), custom: true, type: VAULT, id: "/old", delete: true, inputs: {} },
  ];
  change(resources);
  writeFileSync(file, JSON.stringify({ version: 3, deployment: { resources } }));
  return readBaseline(file, stack);
}

const find = (resources: Record<string, unknown>[], name: string) =>
  resources.find((resource) => String(resource["urn"]).endsWith(`::${name}`)) as {
    inputs: Record<string, unknown>;
    outputs: Record<string, unknown>;
  };

test("a plan that was applied shows no change against its export", () => {
  expect(compare(planOf(flow()), exported())).toEqual({ changes: [], unknowns: [] });
});

test("a concrete value that differs from what a reference leads to is one change", () => {
  const previous = exported((resources) => {
    (find(resources, "web.blue").inputs["properties"] as { model: string }).model = `${modelId}1`;
  });
  expect(compare(planOf(flow()), previous).changes).toEqual([
    {
      kind: "update",
      urn: urn(DEPLOYMENT, "web.blue"),
      type: DEPLOYMENT,
      name: "web.blue",
      properties: [
        {
          path: "properties.model",
          before: `${modelId}1`,
          after: `\${${urn(ASSET, "web.model")}.assetId}`,
          replaces: false,
        },
      ],
    },
  ]);
});

test("references inside a longer text are resolved too", () => {
  const text = `url of \${${urn(ENDPOINT, "web")}.id}/x`;
  const plan = planOf(flow({ blue: { description: text } }));
  const described = (description: string) =>
    exported((resources) => {
      (find(resources, "web.blue").inputs["properties"] as Record<string, string>)["description"] =
        description;
    });
  expect(compare(plan, described(`url of ${endpointId}/x`)).changes).toEqual([]);
  expect(compare(plan, described(`url of ${endpointId}/y`)).changes).toHaveLength(1);
});

test.each([
  ["secret", "[secret]", secret, "secret"],
  [
    "approved",
    "/models/web_dev/versions/${approved:dev/web_dev}",
    "/models/web_dev/versions/3",
    "approved",
  ],
  ["output", `\${${urn(ASSET, "web.model")}.unheard}`, "anything", "output"],
])("%s: what cannot be compared is no change, and is said", (_, planned, stands, why) => {
  const previous = exported((resources) => {
    (find(resources, "web.blue").inputs["properties"] as Record<string, unknown>)["secretly"] =
      stands;
  });
  expect(compare(planOf(flow({ blue: { secretly: planned } })), previous)).toEqual({
    changes: [],
    unknowns: [{ urn: urn(DEPLOYMENT, "web.blue"), path: "properties.secretly", why }],
  });
});

test("what a provider fills in by itself is no change; what was given and is gone is one", () => {
  const image: Declared = {
    type: "docker:index/image:Image",
    name: "image",
    inputs: { imageName: "r/app:1", build: { context: "images/app" } },
  };
  const environment: Declared = {
    type: ASSET,
    name: "environment",
    inputs: { hash: `\${${urn(image.type, "image")}.repoDigest}` },
  };
  const previous = exported((resources) => {
    Object.assign(find(resources, "web").inputs, { azureApiVersion: "2025-12-01" });
    Object.assign(find(resources, "web.model").inputs, { __defaults: ["kept"], kept: 1, gone: 2 });
    resources.push(
      {
        urn: urn(image.type, "image"),
        type: image.type,
        custom: true,
        inputs: {
          imageName: "r/app:1",
          build: { context: "images/app", contextDigest: "c", dockerfile: "images/app/Dockerfile" },
        },
        outputs: { repoDigest: `r/app@sha256:${"e".repeat(64)}` },
      },
      {
        urn: urn(ASSET, "environment"),
        type: ASSET,
        custom: true,
        inputs: { hash: "e".repeat(64) },
        outputs: {},
      },
    );
  });
  expect(compare(planOf([...flow(), image, environment]), previous)).toEqual({
    changes: [
      {
        kind: "update",
        urn: urn(ASSET, "web.model"),
        type: ASSET,
        name: "web.model",
        properties: [{ path: "gone", before: 2, after: undefined, replaces: false }],
      },
    ],
    unknowns: [],
  });
});

test("an approved version of another model is a change", () => {
  const previous = exported((resources) => {
    (find(resources, "web.blue").inputs["properties"] as Record<string, unknown>)["model"] =
      "/models/other/versions/3";
  });
  const model = "/models/web_dev/versions/${approved:dev/web_dev}";
  expect(compare(planOf(flow({ blue: { model } })), previous).changes).toHaveLength(1);
});

test("a secret that becomes plain is a change, and its value is not shown", () => {
  const previous = exported((resources) => {
    find(resources, "web.blue").inputs["tags"] = secret;
  });
  const { changes } = compare(planOf(flow()), previous);
  expect(changes[0]?.properties).toEqual([
    { path: "tags", before: "[secret]", after: undefined, replaces: false },
  ]);
});

test("an id is the same as text and as number, and a look-up by another resource's output is unknown", () => {
  const model = `\${${urn(ASSET, "web.model")}.id}`;
  const previous = exported((resources) => {
    (find(resources, "web.model") as { id?: string }).id = "26";
    find(resources, "web.blue").inputs["pipelineId"] = 26;
    find(resources, "web.blue").inputs["identityId"] = "29e4522a";
  });
  const after = (identityId: string, pipelineId = model) =>
    compare(
      planOf(
        flow().map((one) =>
          one.name === "web.blue"
            ? { ...one, inputs: { ...one.inputs, pipelineId, identityId } }
            : one,
        ),
      ),
      previous,
    ).changes.flatMap(({ properties }) => properties.map(({ path }) => path));
  expect(after(`\${getStorageKey(${model}).storageKey}`)).toEqual([]);
  expect(after(`\${getUsers(${model}, ["svc"]).users[0].descriptor}`)).toEqual([]);
  expect(after("another", `\${${urn(VAULT, "new")}.id}`)).toEqual(["identityId", "pipelineId"]);
});

test("who is looked up is compared by what is asked: another approver is a change", () => {
  const gate = (mail: string): Declared[] => [
    {
      type: "azuredevops:index/checkApproval:CheckApproval",
      name: "gate",
      inputs: {
        approvers: [`\${getIdentityUsers(${mail}).id}`],
        note: `by \${getUsers(${mail}).users[0].id}`,
      },
    },
  ];
  const changed = (before: string, after: string) => {
    const { changes, unknowns } = compare(planOf(gate(after)), baseline(gate(before)));
    return [changes.flatMap(({ properties }) => properties.map(({ path }) => path)), unknowns];
  };
  expect(changed("lead@x.io", "lead@x.io")).toEqual([[], []]);
  expect(changed("lead@x.io", "mallory@x.io")).toEqual([["approvers", "note"], []]);
});

test("a damaged export is named without a piece of it", () => {
  writeFileSync(file, '{"deployment": {"plaintext": "canary-1" canary-2}}');
  expect(() => readBaseline(file, stack)).toThrow(/is no JSON; a comparison takes a plan/);
  expect(() => readBaseline(file, stack)).not.toThrow(/canary/);
  expect(() => readBaseline(`${file}.none`, stack)).toThrow(/ENOENT/);
});

test("another stack's plan is read as if it were this stack's", () => {
  const { plan } = planOf(flow());
  writeFileSync(file, formatJson(plan).replaceAll("urn:pulumi:dev::", "urn:pulumi:prod::"));
  expect(compare(planOf(flow()), readBaseline(file, stack)).changes).toEqual([]);
});

test.each([
  ["no JSON", "{", /against\.json {2}.*JSON.*genaiops plan --format json/],
  ["neither", '{"a":1}', /against\.json {2}is neither; .*pulumi stack export/],
  [
    "a plan with damaged resources",
    '{"version":1,"resources":[null,{"urn":3,"type":"t","name":"n","parent":7,"inputs":{},"protect":true}]}',
    /resources\[0\] has no valid urn, type, name, parent, inputs, protect; .*\n.*resources\[1\] has no valid urn, parent; /,
  ],
  [
    "an export with a damaged resource",
    '{"version":3,"deployment":{"resources":[{"urn":"x"}]}}',
    /against\.json {2}resources\[0\] has no valid type; /,
  ],
  [
    "an export whose resources are no list",
    '{"version":3,"deployment":{"resources":"no"}}',
    /against\.json {2}resources is not a list; /,
  ],
])("%s is refused with what to do", (_, text, message) => {
  writeFileSync(file, text);
  expect(() => readBaseline(file, stack)).toThrow(message);
});

test("an empty stack is exported without resources", () => {
  writeFileSync(file, '{"version":3,"deployment":{}}');
  expect(readBaseline(file, stack).resources.size).toBe(0);
});

test("a file that is not there is named", () => {
  expect(() => readBaseline(path.join(folder, "none.json"), stack)).toThrow(
    /none\.json.*no such file/,
  );
});
