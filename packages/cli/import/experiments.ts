import { readFileSync } from "node:fs";
import path from "node:path";
import { quote } from "../../../config/display";
import { findFlow } from "../../../config/folders";
import type { FlowFolder } from "../../../config/folders";
import { readYaml } from "../../../config/source";
import type { YamlFile } from "../../../config/source";
import { ExperimentFile } from "./experimentFile";
import type { Findings } from "./findings";

export const EXPERIMENT = "experiment.yaml";

/** Text of a file as an editor shows it. */
export function textOfFile(folder: string, file: string): string {
  return readFileSync(path.join(folder, file), "utf8").replace(/^\uFEFF/, "");
}

/**
 * Read experiment.yaml and its overlays; those that change get a new text in `texts`. Answers the flow that the
 * experiment is about, where there is one.
 */
export function readExperiments(
  folder: string,
  files: readonly string[],
  texts: Map<string, string>,
  findings: Findings,
): FlowFolder | undefined {
  const file = readYaml(folder, EXPERIMENT);
  findings.problems.push(...file.problems);
  if (file.data === undefined) {
    if (file.problems.length === 0) {
      findings.problems.push(
        file.problem([], {
          found: "the file is empty",
          allowed: "name, flow, connections, datasets, evaluators and runtime",
          mend: "write the experiment",
        }),
      );
    }
    return undefined;
  }
  const heal = (yaml: YamlFile, change: (one: ExperimentFile) => string) => {
    const before = texts.get(yaml.file) ?? textOfFile(folder, yaml.file);
    const one = new ExperimentFile(folder, yaml, before, findings);
    const after = change(one);
    if (after !== before) texts.set(yaml.file, after);
    return one;
  };
  const base = heal(file, (one) => one.base());
  findings.read.push(`${EXPERIMENT}  ${blocks(file)}`);
  for (const name of files.filter((each) => /^experiment.*\.ya?ml$/.test(each))) {
    if (name === EXPERIMENT) continue;
    const overlay = readYaml(folder, name);
    if (!/^experiment\..+\.yaml$/.test(name)) {
      findings.decisions.push(
        overlay.problem([], {
          found: "another experiment than experiment.yaml and its overlays",
          allowed: "the file came over, and nothing reads it",
          mend: "make it a flow of its own, or an overlay experiment.<env>.yaml",
        }),
      );
      continue;
    }
    findings.problems.push(...overlay.problems);
    findings.read.push(`${name}  ${blocks(overlay)}`);
    if (overlay.data !== undefined) heal(overlay, (one) => one.overlay(base.data));
  }
  return mainFlow(folder, file, base, findings);
}

function blocks({ data }: YamlFile): string {
  if (data === undefined) return "empty: everything as in experiment.yaml";
  return typeof data === "object" && data !== null ? Object.keys(data).join(", ") : "no blocks";
}

function mainFlow(
  folder: string,
  file: YamlFile,
  { data }: ExperimentFile,
  findings: Findings,
): FlowFolder | undefined {
  const named = data["flow"] ?? data["name"];
  if (typeof named !== "string" || named === "") return undefined;
  const flow = findFlow(folder, ".", named.replaceAll("\\", "/"));
  if (flow === undefined) {
    findings.problems.push(
      file.problem(["flow"], {
        found: `there is no flow in ${quote(named)}`,
        allowed: "a folder of the use case with flow.dag.yaml or flow.flex.yaml",
        mend: "correct the path or add the flow",
      }),
    );
  }
  return flow;
}
