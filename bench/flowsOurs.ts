import { readEnvironment } from "../config/read";
import { planStack } from "../packages/cli/plan/stack";
import { report, root } from "./child";
import { manyFlows } from "./manyFlows";

/** Measured: the plan of `dev` with as many flows as the first argument says. */
async function main(): Promise<void> {
  const environment = manyFlows(readEnvironment({ root, stack: "dev" }), Number(process.argv[2]));
  const { plan } = await planStack(root, environment);
  report({ resources: plan.resources.length });
}

void main();
