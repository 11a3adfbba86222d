import { approvedVersionsToken, type ApprovedVersionsArgs } from "../../provider/tokens";
import { symbolicLookUp } from "../../sandbox/devops/symbolic";
import type { Answers } from "../../sandbox/recording";
import { computedOutputs } from "../../sandbox/translate";
import { table } from "../../sandbox/types/table";

/** Finds the versions that are approved; a model without one is absent. */
export type Approvals = (args: ApprovedVersionsArgs) => Promise<Record<string, number | string>>;

/**
 * What the cloud would answer. By default each model's approved version is a reference that `pulumi preview`
 * resolves against Azure.
 */
export function answersFor(approvals: Approvals = symbolicApprovals): Answers {
  return {
    computed: (token) => (token in table ? computedOutputs(token) : []),
    async invoke(token, args) {
      if (token === approvedVersionsToken) {
        return { versions: await approvals(args as unknown as ApprovedVersionsArgs) };
      }
      const found = symbolicLookUp(token, args);
      if (!found) throw new Error(`the plan has no answer to the function ${token}`);
      return found;
    },
  };
}

const symbolicApprovals: Approvals = async ({ environment, models }) =>
  Object.fromEntries(models.map((model) => [model, `\${approved:${environment}/${model}}`]));
