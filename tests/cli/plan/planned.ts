import type { Environment } from "../../../config/environment";
import program from "../../../index";
import { answersFor } from "../../../packages/cli/plan/answers";
import type { RecordedPlan } from "../../../packages/cli/plan/model";
import { recordPlan } from "../../../packages/cli/plan/record";

/** What the program declares of an environment that no file describes. */
export function planned(environment: Environment): Promise<RecordedPlan> {
  const { project, stack } = environment;
  return recordPlan(() => program({ environment }), {
    project,
    stack,
    config: {},
    secretKeys: [],
    answers: answersFor(),
  });
}
