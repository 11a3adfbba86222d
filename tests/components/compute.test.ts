import path from "node:path";
import { readEnvironment } from "../../config/read";
import { declare } from "../support/declared";
import { someEnvironment } from "../support/environment";

/** The simulated Azure refuses to change these in place, as Azure does: PropertyChangeNotAllowed. */
test("what Azure fixes at a cluster's creation makes a new cluster, and not an update that fails", async () => {
  const root = path.resolve(__dirname, "../..");
  const declared = await declare(readEnvironment({ root, stack: "dev" }));
  expect(declared.one("azure-native:machinelearningservices:Compute").replaceOnChanges).toEqual([
    "properties.properties.vmSize",
    "properties.properties.enableNodePublicIp",
  ]);
});

/** DOC/how-to-use-serverless-compute.md: a serverless job runs as an identity of its workspace. */
test("without a cluster, the workspace carries the identity of jobs beside its own", async () => {
  const workspace = "azure-native:machinelearningservices:Workspace";
  const identities = async (settings: Parameters<typeof someEnvironment>[0]) =>
    (await declare(someEnvironment(settings))).one(workspace).inputs["identity"];
  expect(await identities({})).toEqual({
    type: "UserAssigned",
    userAssignedIdentities: ["<workspace-identity.id>", "<compute-identity.id>"],
  });
  expect(await identities({ compute: { mode: "create" } })).toEqual({
    type: "UserAssigned",
    userAssignedIdentities: ["<workspace-identity.id>"],
  });
});
