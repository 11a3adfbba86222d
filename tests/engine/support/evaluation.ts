import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { startSandbox } from "../../../packages/sandbox/server";
import { bin, genaiopsBeside, type Run } from "../../cli/run";
import { leaveResults } from "../../register/support";
import type { Checkout } from "./checkout";

/** A command against the simulated Azure of a checkout while no operation runs. */
export async function genaiopsIn(
  { root, directory }: Checkout,
  ...args: readonly string[]
): Promise<Run> {
  const sandbox = await startSandbox({
    stateFile: join(directory, "azure.json"),
    settings: { tenantId: "22222222-2222-4222-8222-222222222222", dataRoles: false },
  });
  try {
    return await genaiopsBeside([...args, "--cwd", root], sandbox.environment);
  } finally {
    await sandbox.close();
  }
}

/** What `run`, `evaluate` and `report --fail-under` leave behind, and the registration that follows. */
export async function approve(checkout: Checkout, flow: string): Promise<Run> {
  const { root, stack } = checkout;
  leaveResults(root, flow, stack, 0.9);
  const gate = ["report", flow, "--env", stack, "--fail-under", "accuracy=0.85"];
  const judged = spawnSync(process.execPath, [bin, ...gate, "--cwd", root]);
  if (judged.status !== 0) throw new Error(String(judged.stderr));
  return genaiopsIn(checkout, "register", flow, "--env", stack, "--approve", stack);
}
