import { record } from "../../../config/folders";
import type { FlowFolder } from "../../../config/folders";
import { readYaml } from "../../../config/source";
import type { DataPath } from "../../../config/source";
import type { Findings } from "./findings";

/**
 * Say which arguments of a flex flow's class are filled by nothing: the reference's scripts read their placeholders
 * from a pipeline's variables (llmops/common/deployment/generate_config.py), and the server here reads the defaults.
 */
export function unfilledInit(folder: string, flow: FlowFolder, findings: Findings): void {
  if (flow.kind !== "flex") return;
  const file = readYaml(folder, flow.file);
  for (const at of placeholdersIn(record(file.data)["init"], ["init"])) {
    findings.decisions.push(
      file.problem(at, {
        found: `nothing fills ${String(at.at(-1))} of the flow's class`,
        allowed: "it came over as it is",
        mend: "name a connection of the experiment there, for example connection: aoai in place of address and key",
      }),
    );
  }
}

function placeholdersIn(value: unknown, at: DataPath): DataPath[] {
  if (typeof value === "string") return /^\$\{\w+\}$/.test(value) ? [at] : [];
  // An alias may stand inside of what it stands for.
  if (at.length > 10) return [];
  return Object.entries(record(value)).flatMap(([key, each]) => placeholdersIn(each, [...at, key]));
}
