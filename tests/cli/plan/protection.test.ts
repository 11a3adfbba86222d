import type { Baseline } from "../../../packages/cli/plan/baseline";
import { compare } from "../../../packages/cli/plan/compare";
import { protectionRefusals } from "../../../packages/cli/plan/protection";
import {
  DEPLOYMENT,
  ENDPOINT,
  VAULT,
  WORKSPACE,
  baseline,
  flow,
  planOf,
  webApp,
  type Declared,
} from "./plans";

const guarded = (declared: readonly Declared[]): Declared[] =>
  declared.map((one) => ({ ...one, protect: [ENDPOINT, DEPLOYMENT].includes(one.type) }));

function refused(previous: Baseline, after: readonly Declared[]): string[] {
  return protectionRefusals(compare(planOf(after), previous), previous, "prod").map(
    ({ message }) => message,
  );
}

const vault = (name: string): Declared => ({
  type: VAULT,
  name: "key-vault",
  inputs: { vaultName: name },
  protect: true,
});

test("removing a protected arm is refused with the two steps that remove it", () => {
  const after = guarded(flow({ weights: { blue: 100 } })).filter(
    ({ name }) => name !== "web.green",
  );
  expect(refused(baseline(guarded(flow())), after)).toEqual([
    "refused: arm green of flow web is protected, carries 10 % of the traffic and would be removed; " +
      "give green the weight 0 and apply that first, then remove it",
  ]);
});

test("removing a protected flow is refused once, with the steps that remove it", () => {
  expect(refused(baseline(guarded(flow())), [])).toEqual([
    "refused: flow web is protected and would be removed; set `protect: false` in Pulumi.prod.yaml and " +
      "apply that first, then remove the flow and set `protect: true` again",
  ]);
});

test("a protected Web App is refused as an endpoint is, and its slot as an arm", () => {
  const app = webApp({ protect: true });
  expect(refused(baseline(app), [])).toEqual([
    "refused: flow web is protected and would be removed; set `protect: false` in Pulumi.prod.yaml and " +
      "apply that first, then remove the flow and set `protect: true` again",
  ]);
  const withoutGreen = app.filter((one) => one.name !== "web.green");
  expect(refused(baseline(app), withoutGreen)).toEqual([
    "refused: arm green of flow web is protected, carries 10 % of the traffic and would be removed; " +
      "give green the weight 0 and apply that first, then remove it",
  ]);
});

test("replacing or removing what holds data is one refusal, with what makes it so", () => {
  const openAI: Declared = { ...vault("ai"), name: "openai" };
  expect(refused(baseline([vault("kv-one"), openAI]), [vault("kv-two")])).toEqual([
    "refused: what is protected would be replaced or removed: key-vault (vaultName), openai (removed); " +
      "take the change back, or set `protect: false` in Pulumi.prod.yaml and apply that first, if its data may go",
  ]);
});

test("a protected endpoint is the guard's while it serves, and ours while it does not", () => {
  const renamed = (weights: Record<string, number>) =>
    refused(
      baseline(guarded(flow({ weights }))),
      guarded(flow({ weights, endpoint: { endpointName: "web-new" } })),
    );
  expect(renamed({ blue: 90, green: 10 })).toEqual([]);
  expect(renamed({ blue: 0, green: 0 })).toEqual([
    expect.stringMatching(
      /^refused: what is protected would be replaced or removed: web \(endpointName\); /,
    ),
  ]);
});

test("a role under a lock cannot be removed; one that stays, or under no lock, is no matter", () => {
  const authorization = (type: string, name: string, scope: string): Declared => ({
    type: `azure-native:authorization:${type}`,
    name,
    inputs: { scope },
  });
  const lock = authorization("ManagementLockByScope", "storage.lock", "/storage");
  const held = authorization("RoleAssignment", "deployer.storage", "/storage");
  const free = authorization("RoleAssignment", "deployer.workspace", "/workspace");
  expect(refused(baseline([lock, held, free]), [lock])).toEqual([
    "refused: roles under a lock would be removed, which Azure refuses: deployer.storage; set `protect: false` " +
      "in Pulumi.prod.yaml and apply that first, then make this change and set `protect: true` again",
  ]);
  expect(refused(baseline([lock, held, free]), [lock, held])).toEqual([]);
  expect(refused(baseline([held]), [])).toEqual([]);
});

test("what counts is the protection that stands: off in the state, everything may go", () => {
  expect(refused(baseline(flow()), [])).toEqual([]);
  const unprotected = { ...vault("kv-one"), protect: false };
  expect(refused(baseline([unprotected]), [vault("kv-two")])).toEqual([]);
});

test.each([
  ["AllowOnlyApprovedOutbound", "Disabled", true],
  ["AllowOnlyApprovedOutbound", "AllowInternetOutbound", true],
  ["Disabled", "AllowOnlyApprovedOutbound", false],
])("a managed network from %s to %s: refused is %s", (before, after, expected) => {
  const workspace = (isolationMode: string): Declared => ({
    type: WORKSPACE,
    name: "workspace",
    inputs: { managedNetwork: { isolationMode } },
  });
  expect(refused(baseline([workspace(before)]), [workspace(after)])).toEqual(
    expected
      ? [
          `refused: the managed network of workspace would go from ${before} to ${after}, which Azure never ` +
            "does; keep `network: closed`, or declare the open environment as a new stack",
        ]
      : [],
  );
});

test("a workspace in use gets no managed network; an empty one does", () => {
  const workspace = (isolationMode: string): Declared => ({
    type: WORKSPACE,
    name: "workspace",
    inputs: { managedNetwork: { isolationMode } },
  });
  const closed = workspace("AllowOnlyApprovedOutbound");
  const cluster = {
    type: "azure-native:machinelearningservices:Compute",
    name: "compute",
    inputs: {},
  };
  const message =
    "refused: workspace would get a managed network while compute, web stand in it, and Azure asks for compute " +
    "and endpoints to be gone first; take `compute` and `flows` out of Pulumi.prod.yaml and apply that, then set " +
    "`network: closed` and apply that, then bring them back; or declare the closed environment as a new stack";
  const inUse = baseline([workspace("Disabled"), cluster, ...flow()]);
  expect(refused(inUse, [closed, cluster, ...flow()])).toEqual([message]);
  // What one update removes goes after the workspace has changed.
  expect(refused(inUse, [closed])).toEqual([message]);
  expect(refused(baseline([workspace("Disabled")]), [closed, cluster, ...flow()])).toEqual([]);
});
