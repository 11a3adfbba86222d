import { readEnvironment } from "../../../config/read";
import { EXIT } from "../exit";
import type { PlanFlags } from "../plan";
import { formatJson } from "./model";
import { renderTree } from "./tree";

export interface PlanResult {
  readonly text: string;
  /** Lines for the standard error. */
  readonly errors: readonly string[];
  readonly exitCode: number;
}

/** Read the files, record the program, compare and render. The verb's whole work except its output. */
export async function makePlan(root: string, flags: PlanFlags): Promise<PlanResult> {
  // Every problem of the files is found here, before the SDK is loaded.
  const environment = readEnvironment({ root, stack: flags.stack });
  const { planStack } = require("./stack") as typeof import("./stack");
  const recorded = await planStack(root, environment, flags);
  const text = flags.format === "json" ? formatJson(recorded.plan) : renderTree(recorded.plan);
  return { text, errors: [], exitCode: EXIT.ok };
}
