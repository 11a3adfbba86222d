import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { attachCluster } from "../../../packages/cli/sandbox/attachedCluster";
import { StateFile } from "../../../packages/sandbox/server/stateFile";
import { withWorkspace, workspaceId } from "../../sandbox/support";

const folder = mkdtempSync(join(tmpdir(), "genaiops-cluster-"));
const file = join(folder, "azure.json");
afterAll(() => rmSync(folder, { recursive: true }));

const place = { workspace: workspaceId, name: "aks-flows" };

/** The computes that stand, by id. */
function computes(): Record<string, unknown> {
  const { resources } = new StateFile(file).state.azure;
  const found = Object.values(resources).filter(({ id }) => id.includes("/computes/"));
  return Object.fromEntries(found.map(({ id, body }) => [id, body]));
}

test("nothing is attached, and nothing refused, before the workspace stands", () => {
  attachCluster(file, place);
  expect(computes()).toEqual({});
});

test("a cluster is attached once where the workspace stands", () => {
  const before = new StateFile(file);
  Object.assign(before.state.azure, withWorkspace().azure.state);
  before.save();
  attachCluster(file, place);
  const [writes, standing] = [new StateFile(file).state.azure.writes, computes()];
  expect(standing).toMatchObject({
    [`${workspaceId}/computes/aks-flows`]: {
      properties: { computeType: "Kubernetes", provisioningState: "Succeeded" },
    },
  });
  attachCluster(file, place);
  expect(new StateFile(file).state.azure.writes).toBe(writes);
});
