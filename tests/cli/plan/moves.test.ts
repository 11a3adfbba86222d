import type { Environment } from "../../../config/environment";
import { baselineOf } from "../../../packages/cli/plan/baseline";
import { changeLines } from "../../../packages/cli/plan/changes";
import { compare, type Comparison } from "../../../packages/cli/plan/compare";
import { refusals } from "../../../packages/cli/plan/guard";
import { movesIn } from "../../../packages/cli/plan/moves";
import { protectionRefusals } from "../../../packages/cli/plan/protection";
import { themeFor } from "../../../packages/cli/plan/text";
import { cluster, onKubernetes, someEnvironment, someFlow } from "../../support/environment";
import { planned } from "./planned";

jest.setTimeout(120_000);

const web = someFlow("web");
const other = someFlow("other");

/** What taking `web` from the one target to the other changes, and what is refused. */
async function move(before: Environment, after: Environment) {
  const standing = baselineOf((await planned(before)).plan);
  const comparison = compare(await planned(after), standing);
  return {
    comparison,
    refused: [
      ...refusals(comparison, standing),
      ...protectionRefusals(comparison, standing, "dev"),
    ].map(({ message }) => message),
  };
}

const kinds = ({ changes }: Comparison, kind: string) =>
  changes
    .filter((change) => change.kind === kind)
    .map(({ type, name }) => `${type.slice(type.lastIndexOf(":") + 1)} ${name}`)
    .sort();

test("a flow that moves is created on its new target and deleted on its old one, and no other is touched", async () => {
  const { comparison, refused } = await move(
    someEnvironment(cluster, [web, other]),
    someEnvironment(cluster, [onKubernetes(web), other]),
  );
  const parts = [
    "DiagnosticSetting web.logs",
    "EndpointSettings web.settings",
    "OnlineDeployment web.blue",
    "OnlineDeployment web.green",
    "OnlineEndpoint web",
  ];
  expect(kinds(comparison, "create")).toEqual([...parts, "KubernetesFlowEndpoint web"].sort());
  expect(kinds(comparison, "delete")).toEqual([...parts, "FlowEndpoint web"].sort());
  expect(comparison.changes).toHaveLength(12);
  expect(refused).toEqual([]);
  expect(changeLines(comparison, themeFor(false))[0]).toBe(
    "! flow web: target managed → kubernetes; managed answers until kubernetes stands with all arms and weights, then it is deleted in the same update: its callers need the new address",
  );
});

test("back again is a move too; a flow that comes or goes is none", async () => {
  const back = await move(
    someEnvironment(cluster, [onKubernetes(web), other]),
    someEnvironment(cluster, [web]),
  );
  expect(movesIn(back.comparison)).toEqual([{ flow: "web", from: "kubernetes", to: "managed" }]);
});

test("in a protected stack the move is refused once, with its steps, and passes without protection", async () => {
  const stack = (protect: boolean, flow: typeof web) =>
    someEnvironment({ ...cluster, protect }, [flow]);
  const { refused } = await move(stack(true, web), stack(true, onKubernetes(web)));
  expect(refused).toEqual([
    "refused: flow web moves from managed to kubernetes, and what it has on managed is protected; set `protect: false` in Pulumi.dev.yaml and apply that first, then change the target and apply that, then set `protect: true` again",
  ]);
  for (const [before, after] of [
    [stack(true, web), stack(false, web)],
    [stack(false, web), stack(false, onKubernetes(web))],
    [stack(false, onKubernetes(web)), stack(true, onKubernetes(web))],
  ] as const) {
    expect((await move(before, after)).refused).toEqual([]);
  }
});

test("another cluster is another endpoint, which is refused while it serves", async () => {
  const on = (name: string) =>
    someEnvironment({ kubernetes: { mode: "existing", name } }, [onKubernetes(web)]);
  expect((await move(on("aks-one"), on("aks-two"))).refused).toEqual([
    expect.stringContaining(
      "the endpoint of flow web carries traffic (blue 90 %, green 10 %) and would be replaced, because properties.compute changes",
    ),
  ]);
});
