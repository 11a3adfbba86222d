import { type Destroyable, destroy } from "../../../packages/cli/sandbox/operate";

const urn = (name: string) => `urn:pulumi:prod::genaiops-platform::azure-native:x:Y::${name}`;

function stackOf(previewFails: boolean, resources: { urn: string; protect?: boolean }[]) {
  const calls: string[] = [];
  const stack = {
    previewDestroy: async ({ onOutput }: { onOutput: (text: string) => void }) => {
      calls.push("preview");
      onOutput("why the engine refused\n");
      if (previewFails) throw new Error("all of the output, once more");
    },
    destroy: async () => void calls.push("destroy"),
    exportStack: async () => ({ version: 3, deployment: { resources } }),
  };
  return { stack: stack as unknown as Destroyable, calls };
}

let printed = "";
const streams = {
  color: "never" as const,
  onOutput: (text: string) => void (printed += text),
  onError: (text: string) => void (printed += text),
};
beforeEach(() => (printed = ""));

test("what is protected refuses a destroy before anything is deleted, with its names", async () => {
  const { stack, calls } = stackOf(true, [
    { urn: urn("storage"), protect: true },
    { urn: urn("storage.lock") },
    { urn: urn("key-vault"), protect: true },
  ]);
  await expect(destroy(stack, "prod", streams)).rejects.toMatchObject({
    exitCode: 3,
    message:
      "refused: nothing of prod was deleted, because it is protected: key-vault, storage; " +
      "to destroy it, set `protect: false` in Pulumi.prod.yaml, run up, then destroy again",
  });
  expect(calls).toEqual(["preview"]);
  expect(printed).toBe("");
});

test("a preview that fails for another reason ends it, with the engine's words printed once", async () => {
  const { stack, calls } = stackOf(true, [{ urn: urn("storage") }]);
  expect(await destroy(stack, "prod", streams)).toBe(1);
  expect(calls).toEqual(["preview"]);
  expect(printed).toBe("why the engine refused\n");
});

test("where nothing is protected the stack is destroyed", async () => {
  const { stack, calls } = stackOf(false, [{ urn: urn("storage") }]);
  expect(await destroy(stack, "dev", streams)).toBe(0);
  expect(calls).toEqual(["preview", "destroy"]);
  expect(printed).toBe("");
});
