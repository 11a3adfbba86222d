import * as resources from "@pulumi/azure-native/resources";
import * as pulumi from "@pulumi/pulumi";
import { lock } from "../../components/lock";
import { record } from "../../packages/sandbox/monitor";

test("a lock never carries protect, or switching protection off could not take it away", async () => {
  const { registrations } = await record(
    () => {
      const parent = new pulumi.ComponentResource("test:Holder", "holder", {}, { protect: true });
      const group = new resources.ResourceGroup("group", {}, { parent });
      lock("group.lock", group, { parent });
    },
    {
      project: "genaiops-platform",
      stack: "dev",
      config: {},
      secretKeys: [],
      answers: { computed: () => [], invoke: async () => ({}) },
    },
  );
  const protectedByName = registrations.map(({ name, protect }) => [name, protect]);
  expect(Object.fromEntries(protectedByName)).toMatchObject({ group: true, "group.lock": false });
});
