import type { Environment, Flow } from "../../../config/environment";
import { formatProblems } from "../../../config/problem";
import { readStackText } from "../../../config/stackFile";
import { CommandError, EXIT } from "../exit";

/**
 * Refuse a flow whose arms have no numbers of their own: the slots of a Web App send metrics of sites, which lack
 * what arms are compared by.
 */
export function requireOnline({ root, stack }: Environment, { name, target }: Flow): void {
  if (target.name !== "webApp") return;
  const { file, place } = readStackText(root, stack);
  const fault = {
    found: "the flow runs on a Web App",
    allowed: "arms are compared on online endpoints alone: managed and kubernetes",
    mend: "change weights by hand and deploy, each time after: genaiops test-endpoint",
  };
  const problem = file.problem(place(["flows", name, "target"]), fault);
  throw new CommandError(formatProblems([problem]), EXIT.problems);
}
