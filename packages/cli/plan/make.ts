import { EXIT } from "../exit";
import type { PlanFlags } from "../plan";
import { answersFor } from "./answers";
import { formatJson } from "./model";
import { loadProgram } from "./program";
import { recordPlan } from "./record";
import { readStackConfig } from "./stack-config";
import { renderTree } from "./tree";

export interface PlanResult {
  readonly text: string;
  /** Lines for the standard error. */
  readonly errors: readonly string[];
  readonly exitCode: number;
}

/** Read the files, record the program, compare and render. The verb's whole work except its output. */
export async function makePlan(root: string, flags: PlanFlags): Promise<PlanResult> {
  const { program, ...stack } = readStackConfig(root, flags.stack);
  const recorded = await recordPlan(loadProgram(program), {
    ...stack,
    answers: answersFor(stack.stack),
    trace: process.env["GENAIOPS_TRACE"] !== undefined,
  });
  const text = flags.format === "json" ? formatJson(recorded.plan) : renderTree(recorded.plan);
  return { text, errors: [], exitCode: EXIT.ok };
}
