import { readFileSync } from "node:fs";
import path from "node:path";
import { isProduction } from "../../../config/armChecks";
import { record } from "../../../config/folders";
import { readStackText, stackNames } from "../../../config/stackFile";
import { nearest } from "../../../config/suggest";
import type { Entry } from "./deploymentConfig";
import { shownFlow, withFlow } from "./editFlows";
import { flowBlock } from "./environments";
import type { FlowBlock } from "./environments";
import type { Findings } from "./findings";
import type { UseCase } from "./source";

/** What the stack files get of one flow. */
export interface StackEdits {
  /** New text of each file that changes, by name. */
  readonly texts: ReadonlyMap<string, string>;
  /** What each gets, a line each. */
  readonly said: readonly string[];
}

/**
 * Edit the stack file of each environment that is deployed. One that has no file, or whose layout takes no block,
 * is a decision with the block to put in. What is wrong goes to `source` or, in a stack file, to `own`.
 */
export function editStacks(
  root: string,
  name: string,
  useCase: UseCase,
  source: Findings,
  own: Findings,
): StackEdits {
  const texts = new Map<string, string>();
  const said: string[] = [];
  for (const [environment, entry] of useCase.entries) {
    const file = `Pulumi.${environment}.yaml`;
    const known = stackNames(root).includes(environment);
    const stack = known ? readStackText(root, environment) : undefined;
    const settings = stack?.settings ?? {};
    const production = isProduction(environment, settings);
    const block = flowBlock(useCase.config, entry, useCase.variables, production, source);
    if (block === undefined) continue;
    if (stack === undefined) {
      const guess = nearest(environment, stackNames(root));
      byHand(useCase, entry, name, block, source, {
        found: `there is no ${file}`,
        mend: `${guess === undefined ? "" : `did you mean ${guess}? If not, `}make the stack, and write this`,
      });
      continue;
    }
    if (!stack.readable || stack.file.problems.length > 0) {
      own.problems.push(...stack.problems);
      continue;
    }
    const at = stack.place(["flows"]).map(String) as [string, string];
    if (name in record(settings["flows"])) {
      own.problems.push(
        stack.file.problem(
          [...at, name],
          {
            found: `the stack has a flow ${JSON.stringify(name)} already`,
            allowed: "an import adds a flow and changes none",
            mend: "remove it there, or choose another name with --name",
          },
          "key",
        ),
      );
      continue;
    }
    const edit = withFlow(readFileSync(path.join(root, file), "utf8"), at, name, block);
    if ("text" in edit) {
      texts.set(file, edit.text);
      said.push(`${file}  flows.${name}: ${armsOf(block)}`);
    } else {
      byHand(useCase, entry, name, block, source, {
        found: `${file} cannot be edited: ${edit.cannot}`,
        mend: "write this",
      });
    }
  }
  return { texts, said };
}

function armsOf({ target, arms }: FlowBlock): string {
  const shown = Object.entries(arms).map(
    ([arm, { weight, version }]) => `${arm} ${String(weight)} % (${String(version)})`,
  );
  return `${target === undefined ? "" : `${target}, `}${shown.join(", ")}`;
}

function byHand(
  { config }: UseCase,
  { list, index }: Entry,
  name: string,
  block: FlowBlock,
  findings: Findings,
  { found, mend }: { found: string; mend: string },
): void {
  findings.decisions.push(
    config.problem([list, index, "ENV_NAME"], {
      found,
      allowed: "the arms of this environment are written nowhere",
      mend: `${mend}: below its flows, ${shownFlow(name, block)}`,
    }),
  );
}
