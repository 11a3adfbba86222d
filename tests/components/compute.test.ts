import path from "node:path";
import { readEnvironment } from "../../config/read";
import { declare } from "../support/declared";

/** The simulated Azure refuses to change these in place, as Azure does: PropertyChangeNotAllowed. */
test("what Azure fixes at a cluster's creation makes a new cluster, and not an update that fails", async () => {
  const root = path.resolve(__dirname, "../..");
  const declared = await declare(readEnvironment({ root, stack: "dev" }));
  expect(declared.one("azure-native:machinelearningservices:Compute").replaceOnChanges).toEqual([
    "properties.properties.vmSize",
    "properties.properties.enableNodePublicIp",
  ]);
});
