import * as pulumi from "@pulumi/pulumi";
import { readFileSync } from "node:fs";
import type { Plan } from "../packages/cli/plan/model";
import { report } from "./child";
import { declarePlainly } from "./plain";

/**
 * Measured: the resources of a plan with one flow (the file of the first argument), its flow repeated as
 * often as the second argument says, on the SDK's own mocks.
 */
async function main(): Promise<void> {
  const [file = "", count = "1"] = process.argv.slice(2);
  const plan = JSON.parse(readFileSync(file, "utf8")) as Plan;
  let resources = 0;
  await pulumi.runtime.setMocks(
    {
      newResource: ({ name, inputs }) => {
        resources++;
        return { id: `${name}-id`, state: inputs };
      },
      call: () => ({}),
    },
    plan.project,
    plan.stack,
  );
  await pulumi.runtime.runInPulumiStack(async () => declarePlainly(plan, Number(count)));
  await pulumi.runtime.disconnect();
  report({ resources });
}

void main();
