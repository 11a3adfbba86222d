import { quote } from "../../../config/display";
import type { YamlFile } from "../../../config/source";
import { textOf } from "./deploymentConfig";
import type { Entry } from "./deploymentConfig";
import type { Findings } from "./findings";

/** What has no place in a flow's settings, because the stack says it once for all flows. */
const ELSEWHERE: Readonly<Record<string, readonly [found: string, mend: string]>> = {
  ENDPOINT_NAME: [
    "the endpoint is called",
    "names are composed of flow, stack and suffix: callers move to the new address, then the old endpoint goes",
  ],
  WEB_APP_NAME: [
    "the Web App is called",
    "names are composed of flow, stack and suffix: callers move to the new address, then the old one goes",
  ],
  COMPUTE_NAME: [
    "the cluster is attached as",
    "name it in the stack: kubernetes: { mode: existing, name: … }",
  ],
  APP_PLAN_NAME: ["the plan is called", "the flow gets one of its own; then the old one goes"],
  REGISTRY_NAME: ["images lie in the registry", "see to containerRegistry of the stack"],
  USER_MANAGED_ID: [
    "the identity is called",
    "the flow gets one of its own; then the old one goes",
  ],
  DEPLOYMENT_CONDA_PATH: ["packages are listed in", "add them to the image that serves the flow"],
};

/** Say what does not come over because it stands elsewhere here. */
export function sayElsewhere(file: YamlFile, entry: Entry, findings: Findings): void {
  for (const [key, [found, mend]] of Object.entries(ELSEWHERE)) {
    const value = textOf(entry, key);
    if (value === "") continue;
    findings.decisions.push(
      file.problem([entry.list, entry.index, key], {
        found: `${found} ${quote(value)}`,
        allowed: "not taken over",
        mend,
      }),
    );
  }
  if (textOf(entry, "ENDPOINT_DESC") !== "") {
    findings.changed.push(
      file.problem([entry.list, entry.index, "ENDPOINT_DESC"], {
        found: "the endpoint has a description",
        allowed: "a flow's folder describes it",
        mend: "left out",
      }),
    );
  }
}
