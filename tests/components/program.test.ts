import * as machinelearning from "@pulumi/azure-native/machinelearningservices";
import * as pulumi from "@pulumi/pulumi";
import { setMocks } from "@pulumi/pulumi/runtime/mocks";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { stackEnvironment } from "../../components/stackEnvironment";
import { dropVersionAliases } from "../../components/versionAliases";
import { declare } from "../support/declared";
import { someEnvironment, someFlow } from "../support/environment";

/** Aliases of a workspace, as the SDK would send them. */
async function aliasesOfWorkspace(prepare: () => void): Promise<pulumi.URN[]> {
  await setMocks({
    newResource: ({ inputs }) => ({ id: "id", state: inputs }),
    call: () => ({}),
  });
  let aliases: pulumi.Input<pulumi.URN>[] = [];
  await pulumi.runtime.runInPulumiStack(async () => {
    prepare();
    const workspace = new machinelearning.Workspace(
      "workspace",
      { resourceGroupName: "rg" },
      { aliases: [{ name: "older-name" }] },
    );
    aliases = (workspace as unknown as { __aliases: pulumi.Input<pulumi.URN>[] }).__aliases;
  });
  return Promise.all(
    aliases.map((urn) => new Promise<pulumi.URN>((found) => pulumi.output(urn).apply(found))),
  );
}

test("aliases for API versions are dropped, all others stay", async () => {
  expect((await aliasesOfWorkspace(() => {})).length).toBeGreaterThan(40);
  expect(await aliasesOfWorkspace(dropVersionAliases)).toEqual([
    "urn:pulumi:stack::project::azure-native:machinelearningservices:Workspace::older-name",
  ]);
});

test("what a user can mend ends the program with its message and no stack trace", async () => {
  const root = mkdtempSync(path.join(tmpdir(), "genaiops-"));
  writeFileSync(path.join(root, "Pulumi.stack.yaml"), "config:\n  network: ajar\n");
  await setMocks({ newResource: () => ({ id: "", state: {} }), call: () => ({}) });
  pulumi.runtime.setAllConfig({ "genaiops-platform:network": "ajar" });
  let error: unknown;
  try {
    stackEnvironment(root);
  } catch (caught) {
    error = caught;
  }
  expect(pulumi.RunError.isInstance(error)).toBe(true);
  expect((error as Error).message).toMatch(/^Pulumi\.stack\.yaml:2:12 {2}.*ajar/m);
});

test("resources grow with flows and arms, and by nothing else", async () => {
  const count = async (flows: number) => {
    const names = Array.from({ length: flows }, (_, index) => `flow${index}`);
    return (
      await declare(
        someEnvironment(
          {},
          names.map((name) => someFlow(name)),
        ),
      )
    ).resources.length;
  };
  const [none, one, four] = [await count(0), await count(1), await count(4)];
  const image = 2;
  // Two components, identity, four roles, endpoint, two arms, settings, log setting.
  expect(one - none - image).toBe(12);
  expect(four - one).toBe(3 * 12);
});
