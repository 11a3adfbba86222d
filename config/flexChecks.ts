import { existsSync } from "node:fs";
import path from "node:path";
import { quote } from "./display";
import { record } from "./folders";
import type { FlowFolder } from "./folders";
import type { Problem } from "./problem";
import { readYaml } from "./source";

const ENTRY = /^(?<module>[A-Za-z_]\w*(\.[A-Za-z_]\w*)*):(?<name>[A-Za-z_]\w*)$/;

/** A flex flow's entry names a Python file of its folder. What stands in it is seen only when it runs. */
export function flexProblems(root: string, { folder, file: relative }: FlowFolder): Problem[] {
  const file = readYaml(root, relative);
  if (file.problems.length > 0) {
    return [...file.problems];
  }
  const { entry } = record(file.data);
  const module = typeof entry === "string" ? ENTRY.exec(entry)?.groups?.["module"] : undefined;
  if (module === undefined) {
    return [
      file.problem(["entry"], {
        found: entry === undefined ? "there is no entry" : "entry has not the form module:name",
        allowed:
          "<module>:<class or function>, for example reply:Reply for class Reply in reply.py",
        mend: "write entry",
      }),
    ];
  }
  const code = `${folder}/${module.replaceAll(".", "/")}.py`;
  return existsSync(path.join(root, code))
    ? []
    : [
        file.problem(["entry"], {
          found: `there is no file ${quote(code)}`,
          allowed: "a module in the folder of the flow",
          mend: "correct the module or add the file",
        }),
      ];
}
