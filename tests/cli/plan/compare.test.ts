import fc from "fast-check";
import { compare, type Comparison } from "../../../packages/cli/plan/compare";
import { ASSET, SETTINGS, VAULT, WORKSPACE } from "./plans";
import { baseline, flow, planOf, urn, type Declared } from "./plans";

const vault = (inputs: Declared["inputs"], more: Partial<Declared> = {}): Declared => ({
  type: VAULT,
  name: "vault",
  inputs,
  ...more,
});

/** What a reader sees of a comparison: the kind, the name and the paths. */
function brief({ changes }: Comparison): string[] {
  return changes.map(({ kind, name, properties }) =>
    [kind, name, ...properties.map(({ path, replaces }) => (replaces ? `${path}!` : path))].join(
      " ",
    ),
  );
}

const inputs = fc.dictionary(
  fc.constantFrom("a", "b", "sku", "tags"),
  fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: "small" },
      fc.string(),
      fc.integer(),
      fc.boolean(),
      fc.array(tie("value"), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom("x", "y.z", "0"), tie("value")),
    ),
  })).value as fc.Arbitrary<string>,
);

test("nothing differs from itself", () => {
  fc.assert(
    fc.property(inputs, (values) => {
      const declared = [vault(values), ...flow()];
      expect(compare(planOf(declared), baseline(declared)).changes).toEqual([]);
    }),
  );
});

test("a leaf that is set is the one change, under its own path", () => {
  fc.assert(
    fc.property(inputs, (values) => {
      const { changes } = compare(
        planOf([vault({ ...values, added: { "to.it": 1 } })]),
        baseline([vault(values)]),
      );
      expect(changes.map(({ kind, properties }) => ({ kind, properties }))).toEqual([
        {
          kind: "update",
          properties: [
            { path: "added", before: undefined, after: { "to.it": 1 }, replaces: false },
          ],
        },
      ]);
    }),
  );
});

test.each<[string, Declared[], Declared[], string[]]>([
  ["new", [], [vault({})], ["create vault"]],
  ["gone", [vault({})], [], ["delete vault"]],
  [
    "changed in a map",
    [vault({ tags: { a: "1", b: "2" } })],
    [vault({ tags: { a: "1", b: "3" } })],
    ["update vault tags.b"],
  ],
  [
    "changed in a list of objects",
    [vault({ rules: [{ a: 1 }, { a: 2 }] })],
    [vault({ rules: [{ a: 1 }, { a: 3 }] })],
    ["update vault rules[1].a"],
  ],
  [
    "a list of texts, as a whole",
    [vault({ ips: ["a", "b"] })],
    [vault({ ips: ["b"] })],
    ["update vault ips"],
  ],
  ["removed", [vault({ sku: "x" })], [vault({})], ["update vault sku"]],
  ["null is absent", [vault({ sku: null })], [vault({})], []],
  ["an empty map is absent", [vault({ tags: {} })], [vault({})], []],
  [
    "renamed in Azure",
    [vault({ vaultName: "a" })],
    [vault({ vaultName: "b" })],
    ["replace vault vaultName!"],
  ],
  [
    "moved",
    [vault({ location: "westeurope" })],
    [vault({ location: "swedencentral" })],
    ["replace vault location!"],
  ],
  [
    "the same place",
    [vault({ location: "West Europe" })],
    [vault({ location: "westeurope" })],
    ["update vault location"],
  ],
  [
    "protected from now on",
    [vault({})],
    [vault({}, { protect: true })],
    ["update vault (protect)"],
  ],
  [
    "ignored",
    [vault({ tags: { a: "1" }, sku: "x" })],
    [vault({ tags: { a: "2" }, sku: "y" }, { ignoreChanges: ["tags"] })],
    ["update vault sku"],
  ],
  [
    "ignored deep down",
    [vault({ tags: { a: "1", b: "1" } })],
    [vault({ tags: { a: "2", b: "2" } }, { ignoreChanges: ["tags.a"] })],
    ["update vault tags.b"],
  ],
  [
    "replaced by its options",
    [vault({ identity: { type: "A" } })],
    [vault({ identity: { type: "B" } }, { replaceOnChanges: ["identity"] })],
    ["replace vault identity.type!"],
  ],
  [
    "renamed with an alias",
    [{ type: VAULT, name: "old", inputs: { a: 1 } }],
    [vault({ a: 1 }, { aliases: [urn(VAULT, "old")] })],
    ["update vault"],
  ],
  ["read from now on", [], [vault({}, { read: "/id" })], ["read vault"]],
  ["no longer read", [vault({}, { read: "/id" })], [], ["forget vault"]],
  [
    "managed, then only read",
    [vault({})],
    [vault({}, { read: "/id" })],
    ["replace vault (only read)! id"],
  ],
  [
    "only read, then managed",
    [vault({}, { read: "/id" })],
    [vault({})],
    ["replace vault (only read)! id"],
  ],
  [
    "another one is read",
    [vault({}, { read: "/a" })],
    [vault({}, { read: "/b" })],
    ["update vault id"],
  ],
  [
    "of an unknown type",
    [{ type: "x:y:Z", name: "z", inputs: { a: 1 } }],
    [{ type: "x:y:Z", name: "z", inputs: { a: 2 } }],
    ["update z a"],
  ],
])("%s", (_, before, after, expected) => {
  expect(brief(compare(planOf(after), baseline(before)))).toEqual(expected);
});

test("one weight is one change", () => {
  const { changes } = compare(
    planOf(flow({ weights: { blue: 50, green: 50 } })),
    baseline(flow({ weights: { blue: 50, green: 10 } })),
  );
  expect(changes).toEqual([
    {
      kind: "update",
      urn: urn(SETTINGS, "web.settings"),
      type: SETTINGS,
      name: "web.settings",
      properties: [{ path: "weights.green", before: 10, after: 50, replaces: false }],
    },
  ]);
});

describe("what follows another resource changes with it", () => {
  test("arms follow the content of their model", () => {
    const before = flow();
    const after = flow().map((declared) =>
      declared.type === ASSET
        ? { ...declared, inputs: { ...declared.inputs, hash: "b".repeat(64) } }
        : declared,
    );
    const comparison = compare(planOf(after), baseline(before));
    expect(brief(comparison)).toEqual([
      "update web.blue properties.model",
      "update web.green properties.model",
      "update web.model hash",
    ]);
    expect(comparison.changes[0]?.properties[0]?.follows).toBe(urn(ASSET, "web.model"));
  });

  test("a replaced endpoint takes its deployments and settings with it", () => {
    const comparison = compare(
      planOf(flow({ endpoint: { endpointName: "web-new" } })),
      baseline(flow()),
    );
    expect(brief(comparison)).toEqual([
      "replace web.blue endpointName!",
      "replace web.green endpointName!",
      "replace web endpointName!",
      "replace web.settings endpoint!",
    ]);
  });

  test("an update that leaves the output alone touches nobody else", () => {
    const after = flow().map((declared) =>
      declared.type === ASSET
        ? { ...declared, inputs: { ...declared.inputs, tags: { a: "1" } } }
        : declared,
    );
    expect(brief(compare(planOf(after), baseline(flow())))).toEqual(["update web.model tags"]);
  });

  test("a resource that is replaced under the same name keeps its id", () => {
    const workspace: Declared = {
      type: WORKSPACE,
      name: "workspace",
      inputs: {
        keyVault: `\${${urn(VAULT, "vault")}.id}`,
        url: `\${${urn(VAULT, "vault")}.properties.vaultUri}`,
      },
    };
    const before = [vault({ vaultName: "v", location: "a" }), workspace];
    const after = [vault({ vaultName: "v", location: "b" }), workspace];
    expect(brief(compare(planOf(after), baseline(before)))).toEqual([
      "replace vault location!",
      "update workspace url",
    ]);
  });
});

test("a secret that becomes open, and an open value that becomes secret, differ", () => {
  const open = [vault({ key: "open" })];
  const secret = [vault({ key: "[secret]" })];
  expect(brief(compare(planOf(secret), baseline(open)))).toEqual(["update vault key"]);
  expect(brief(compare(planOf(open), baseline(secret)))).toEqual(["update vault key"]);
});

test("a version follows the folder of its files, whose place changes with the content", () => {
  const folder = "genaiops:index:BlobFolder";
  const files = (hash: string): Declared[] => [
    { type: folder, name: "files", inputs: { prefix: "flows/web", hash } },
    {
      type: ASSET,
      name: "model",
      inputs: { name: "web", properties: { modelUri: `at \${${urn(folder, "files")}.path}` } },
    },
  ];
  expect(brief(compare(planOf(files("b")), baseline(files("a"))))).toEqual([
    "update model properties.modelUri",
    "update files hash",
  ]);
});
