import type { Environment } from "../../../config/environment";
import { answersFor } from "./answers";
import type { RecordedPlan } from "./model";
import { loadProgram } from "./program";
import { recordPlan } from "./record";
import { readStackConfig } from "./stackConfig";

/** Record the program of a repository for one environment. */
export async function planStack(
  root: string,
  environment: Environment,
  { versions }: { readonly versions?: string } = {},
): Promise<RecordedPlan> {
  return recordPlan(loadProgram(root, { environment }), {
    ...readStackConfig(root, environment.stack),
    answers: answersFor(versions === undefined ? undefined : approvalsIn(versions)),
    trace: process.env["GENAIOPS_TRACE"] !== undefined,
  });
}

/** The provider's rule loads Azure's pipeline with it, so only where it is asked for. */
function approvalsIn(file: string) {
  const { sandboxApprovals } = require("./sandboxApprovals") as typeof import("./sandboxApprovals");
  return sandboxApprovals(file);
}
