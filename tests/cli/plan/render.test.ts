import { factsOf } from "../../../packages/cli/plan/facts";
import { compare } from "../../../packages/cli/plan/compare";
import { renderMarkdown } from "../../../packages/cli/plan/markdown";
import { overLimits } from "../../../packages/cli/plan/summary";
import { renderTree } from "../../../packages/cli/plan/tree";
import { bar, counted } from "../../../packages/cli/plan/text";
import { VAULT, baseline, flow, planOf, urn } from "./plans";
import type { Declared } from "./plans";

const stackUrn = "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev";
const stack: Declared = { type: "pulumi:pulumi:Stack", name: "shop-dev", custom: false };
const component = "genaiops:platform:KeyVault";

const platform: Declared[] = [
  stack,
  { type: component, name: "key-vault", custom: false, parent: stackUrn },
  {
    type: VAULT,
    name: "vault",
    protect: true,
    parent: urn(component, "key-vault"),
    inputs: {
      vaultName: "kv-shop",
      properties: { enableRbacAuthorization: true, publicNetworkAccess: "Disabled" },
      tags: { key: "[secret]" },
    },
  },
  {
    type: "azure-native:managedidentity:UserAssignedIdentity",
    name: "runner",
    parent: stackUrn,
    inputs: { resourceName: "id-runner" },
  },
  {
    type: "azure-native:authorization:RoleAssignment",
    name: "grant",
    parent: stackUrn,
    inputs: {
      principalId:
        "${urn:pulumi:dev::shop::azure-native:managedidentity:UserAssignedIdentity::runner.principalId}",
      roleDefinitionId:
        "/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions/4633458b-17de-408a-b874-0445c86b69e6",
      scope: `\${${urn(VAULT, "vault")}.id}`,
    },
  },
];

/** The same flow under numbered names. */
function flows(count: number): Declared[] {
  return Array.from({ length: count }, (_, index) => {
    const name = `flow-${String(index).padStart(4, "0")}`;
    const renamed = JSON.stringify(flow())
      .replaceAll("::web", `::${name}`)
      .replaceAll('"name":"web', `"name":"${name}`);
    return JSON.parse(renamed) as Declared[];
  }).flat();
}

test("the tree of a small stack, whole", () => {
  const outputs = {
    notices: ["flow web: arm x is left out"],
    rolesToGrant: [{ principal: "runner", principalId: "p", role: "AcrPull", scope: "/registry" }],
  };
  expect(renderTree(factsOf(planOf([...platform, ...flow()], outputs)))).toBe(
    `dev  shop · 1 secret masked

Platform
  runner     UserAssignedIdentity  id-runner
  key-vault
    vault    Vault                 kv-shop · by roles · public access off · protected

Flows
  web  web-dev
    blue   ██████████████████░░   90 %  version this checkout (aaaaaaaaaaaa)    1 × (none)  (none)
    green  ██░░░░░░░░░░░░░░░░░░   10 %  version this checkout (aaaaaaaaaaaa)    1 × (none)  (none)

Roles (1)
  runner  Key Vault Secrets User  on vault

Roles that somebody else must grant (1)
  runner  AcrPull  on /registry

Notices
  ! flow web: arm x is left out

dev: 8 resources in 1 component, 1 flow, 2 arms, 1 role, 1 protected
`,
  );
});

test("what stands in Azure DevOps has a part of its own", () => {
  const gate = "genaiops:devops:Gate";
  const devOps: Declared[] = [
    { type: gate, name: "devops-gate", custom: false, parent: stackUrn },
    {
      type: "azuredevops:index/environment:Environment",
      name: "devops-gate",
      parent: urn(gate, "devops-gate"),
      inputs: { name: "genaiops-dev" },
    },
  ];
  const facts = factsOf(planOf([...platform, ...devOps]));
  expect(renderTree(facts)).toContain(
    `
    vault    Vault                 kv-shop · by roles · public access off · protected

Azure DevOps
  devops-gate
    devops-gate  Environment  genaiops-dev

Roles`,
  );
  expect(renderMarkdown(facts).split("<details>").at(-1)).toContain(
    "<summary>Azure DevOps</summary>\n\n| Resource | Type | What |\n| --- | --- | --- |\n| devops-gate |  |  |\n",
  );
  expect(renderMarkdown(factsOf(planOf(platform)))).not.toContain("Azure DevOps");
});

test("a version is a number, this checkout, or what is resolved later; an image is named by digest", () => {
  const digest = `registry.io/app@sha256:${"d".repeat(64)}`;
  const versions = (model: string) =>
    factsOf(
      planOf(flow({ blue: { model, environmentId: digest, instanceType: "Standard_DS2_v2" } })),
    ).flows[0]?.arms[0];
  expect(versions("/models/web/versions/12")).toMatchObject({
    version: "12",
    image: "registry.io/app@sha256:dddddddddddd…",
    instance: "1 × Standard_DS2_v2",
  });
  const approved = "${urn:x.id}/models/web/versions/${approved:dev/web}";
  expect(versions(approved)?.version).toBe("newest approved");
  expect(factsOf(planOf(flow({ blue: { model: approved } }))).notices).toEqual([
    "the newest approved version of 1 arm is resolved by `pulumi preview` against Azure; an arm without one is left out then",
  ]);
});

test("a thousand flows stay readable, and one can be asked for", () => {
  const facts = factsOf(planOf([...platform, ...flows(1000)]));
  const tree = renderTree(facts);
  expect(tree.split("\n").length).toBeLessThan(60);
  expect(tree).toContain("… and 980 more flows");
  expect(tree).toMatch(/flow-0003 +blue 90 %, green 10 %/);
  expect(tree).toContain("dev: 5,003 resources in 1 component, 1,000 flows, 2,000 arms, 1 role");
  const one = renderTree(facts, { flow: "flow-0777" });
  expect(one).toContain("Flow flow-0777");
  expect(one).toMatch(/^ {4}blue {3}█/m);
  expect(renderMarkdown(facts).length).toBeLessThan(65_536);
});

test("colours are for terminals alone", () => {
  const facts = factsOf(planOf([...platform, ...flow()]));
  const escape = "\u001b[";
  expect(renderTree(facts)).not.toContain(escape);
  expect(renderTree(facts, { colors: true })).toContain(escape);
});

test("changes say what is done to which property, and what nobody can say here", () => {
  const before = [...platform, ...flow({ weights: { blue: 100, green: 0 } })];
  const comparison = compare(planOf([...platform, ...flow()]), baseline(before.slice(0, -1)));
  const withWeights = compare(planOf([...platform, ...flow()]), baseline(before));
  const facts = factsOf(planOf([...platform, ...flow()]));
  expect(renderTree(facts, { comparison })).toContain(
    "\nChanges\n  + create EndpointSettings web.settings\n  1 secret not compared: only the engine can decrypt them\n",
  );
  expect(renderTree(facts, { comparison }).trimEnd().split("\n").at(-1)).toBe("1 to create");
  expect(renderTree(facts, { comparison: withWeights })).toContain(
    "  ~ update EndpointSettings web.settings\n      weights.blue: 100 => 90\n      weights.green: 0 => 10\n",
  );
});

test("the comment of a pull request shows the changes first and folds the rest", () => {
  const after = [...platform, ...flow()];
  const comparison = compare(
    planOf(after),
    baseline([...platform, ...flow({ weights: { blue: 50, green: 50 } })]),
  );
  const text = renderMarkdown(factsOf(planOf(after)), { comparison });
  expect(text.indexOf("**1 to update**")).toBeLessThan(text.indexOf("| Flow |"));
  expect(text).toContain(
    "```diff\n! update EndpointSettings web.settings\n    weights.blue: 50 => 90",
  );
  expect(text).toContain(
    "| **web** |  | `blue` | █████████░ 90 % | this checkout (aaaaaaaaaaaa) |",
  );
  expect(text).toContain("<details><summary>Roles (1)</summary>");
  expect(text.match(/<details>/g)?.length).toBe(text.match(/<\/details>/g)?.length);
});

test("a table's cell holds no bar and no line break of a value", () => {
  const named: Declared = {
    type: VAULT,
    name: "a|b",
    parent: stackUrn,
    inputs: { vaultName: "x\ny|z" },
  };
  const rows = renderMarkdown(factsOf(planOf([stack, named]))).split("\n");
  expect(rows.find((row) => row.includes("a\\|b"))).toContain("x\\\\ny\\|z");
});

test("what is over a limit says the number, the limit and what to do", () => {
  const environment = {
    flows: [],
    settings: {
      limits: { endpoints: 1, deployments: 500, roleAssignments: 4000 },
      network: "open",
    },
  } as never;
  const facts = factsOf(planOf(flows(2)), environment);
  const placeOf = (setting: string) => `Pulumi.dev.yaml:4:5 (${setting})`;
  expect(overLimits(facts, placeOf)).toEqual([
    "Pulumi.dev.yaml:4:5 (endpoints)  declares 2 endpoints; Azure allows 1 per subscription and region; " +
      "move flows to another subscription or region, or ask Azure for more and raise `limits.endpoints`",
  ]);
  expect(renderTree(facts)).toContain("Limits  endpoints 2 of 1 · deployments 4 of 500");
  expect(overLimits(factsOf(planOf(flows(1)), environment), placeOf)).toEqual([]);
});

test.each([
  [0, "░░░░░░░░░░"],
  [1, "█░░░░░░░░░"],
  [50, "█████░░░░░"],
  [100, "██████████"],
])("the bar of %d percent", (percent, expected) => {
  expect(bar(percent, 10)).toBe(expected);
});

test.each([
  [1, "1 flow"],
  [0, "0 flows"],
  [1234567, "1,234,567 flows"],
])("%d is written %s", (count, expected) => {
  expect(counted(count, "flow")).toBe(expected);
});

test("what nobody can compare here is named, for who reads the plan to look at it", () => {
  const gate = "azuredevops:index/checkApproval:CheckApproval";
  const approver = (id: string): Declared[] => [
    { type: gate, name: "gate", inputs: { approvers: [id] } },
  ];
  const standing = { ...baseline(approver("29e4522a")), kind: "export" as const };
  const next = planOf(approver("${getIdentityUsers(lead@x.io).id}"));
  expect(renderTree(factsOf(next), { comparison: compare(next, standing) })).toContain(
    "1 value not compared, known when the engine runs: gate approvers[0]\n",
  );
});

test("the comment of a pull request says what is refused, and where, before it says anything else", () => {
  const refused = ["Pulumi.prod.yaml:36:7  refused: arm blue <x>"];
  const markdown = renderMarkdown({ ...factsOf(planOf(flow())), refused });
  expect(markdown).toContain("\n> ❌ Pulumi.prod.yaml:36:7  refused: arm blue &lt;x&gt;\n");
});

test("a long comment still shows what is deleted, replaced and granted", () => {
  const grant = (principalId: string): Declared => ({
    type: "azure-native:authorization:RoleAssignment",
    name: "zz-grant",
    inputs: { principalId },
  });
  const many = (note: string): Declared[] =>
    Array.from({ length: 300 }, (_, index) => ({
      type: VAULT,
      name: `v${index}`,
      inputs: { tags: { note } },
    }));
  const gone: Declared = { type: VAULT, name: "zz-gone" };
  const next = planOf([...many("b"), grant("mallory")]);
  const comparison = compare(next, baseline([...many("a"), gone]));
  const markdown = renderMarkdown(factsOf(next), { comparison });
  expect(markdown).toContain(
    "```diff\n+ create RoleAssignment zz-grant\n- delete Vault zz-gone\n! ",
  );
  expect(markdown).toMatch(/… and \d+ more lines/);
});

describe("what a pull request writes cannot make a plan say something else", () => {
  const vault = (tag: string, name = "vault"): Declared[] => [
    stack,
    { type: VAULT, name, parent: stackUrn, inputs: { vaultName: tag, tags: { note: tag } } },
  ];
  const shown = (before: string, after: string) => {
    const next = planOf(vault(after));
    const comparison = compare(next, baseline(vault(before)));
    const facts = factsOf(next);
    return { tree: renderTree(facts, { comparison }), md: renderMarkdown(facts, { comparison }) };
  };

  test("a value is one line, and its control and direction characters are written out", () => {
    const value = "a\nb\r\n- delete Vault x\u001b[2K\u202etxt\u2028end\u0000";
    const { tree, md } = shown("a", value);
    const line = "tags.note: a => a\\nb\\r\\n- delete Vault x\\u001b[2K\\u202etxt\\u2028end\\u0000";
    expect(tree).toContain(`      ${line}\n`);
    expect(md).toContain(`    ${line}\n`);
    expect(tree + md).not.toMatch(/[\0-\x09\x0b-\x1f\u2028\u202e]/);
  });

  test("a property's name is one line too", () => {
    const tagged = (tags: Record<string, string>): Declared[] => [
      { type: VAULT, name: "vault", inputs: { tags } },
    ];
    const next = planOf(tagged({ "a\u202e\nb": "1" }));
    const comparison = compare(next, baseline(tagged({})));
    expect(renderTree(factsOf(next), { comparison })).toContain(
      'tags["a\\u202e\\nb"]: (none) => 1',
    );
  });

  test("a long value is shown around its first difference, with its length", () => {
    const long = "x".repeat(5000);
    const { tree } = shown(`${long}before${long}`, `${long}after${long}`);
    const [line = ""] = tree.split("\n").filter((each) => each.includes("tags.note"));
    expect(line).toContain("xbefore");
    expect(line).toContain("xafter");
    expect(line).toContain("(10,006 characters)");
    expect(line.length).toBeLessThan(900);
  });

  test("a value in a table is text: no cell ends, no tag begins, no link, no emphasis", () => {
    const { md } = shown("a", "k\\|v | w <img src=x> `c` [l](http://x) **b** @me");
    const row = md.split("\n").find((line) => line.startsWith("| vault |"));
    expect(row).toBe(
      "| vault | `azure-native:keyvault:Vault` | " +
        "k\\\\\\|v \\| w &lt;img src=x&gt; \\`c\\` \\[l\\](http://x) \\*\\*b\\*\\* @me · by access policies |",
    );
  });

  test("a notice has neither tags nor lines of its own", () => {
    const facts = factsOf(planOf(platform, { notices: ["arm <b>x</b>\n# Approved"] }));
    expect(renderMarkdown(facts)).toContain("> ⚠️ arm &lt;b&gt;x&lt;/b&gt;\\n# Approved\n");
  });
});
