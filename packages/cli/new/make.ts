import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { armName } from "../../../config/fields";
import type { FlowKind } from "../../../config/experiment";
import { ProblemsError } from "../../../config/problem";
import { loadExperiment } from "../../../config/readExperiment";
import { servingProblems } from "../../../config/servingChecks";
import { CommandError, EXIT } from "../exit";
import { nextSteps } from "./nextSteps";

const templates = path.join(__dirname, "templates");

/**
 * Make `flows/<flow>` from the template of a kind; answers what to do next. The folder appears under its name
 * only when it is complete and checked.
 *
 * @throws CommandError for a name that no stack takes, a folder that exists, or a place without a repository
 */
export function makeFlow(root: string, flow: string, kind: FlowKind): string {
  checkPlace(root, flow);
  const files = render(path.join(templates, kind), {
    __flow__: flow,
    __experiment__: flow.replaceAll("-", "_"),
  });
  try {
    place(root, flow, files);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new CommandError(`flows/${flow} cannot be made: ${message}`, EXIT.failed);
  }
  return nextSteps(flow, kind, Object.keys(files));
}

/** Write the files beside, check them, and put the folder under its name. */
function place(root: string, flow: string, files: Readonly<Record<string, string>>): void {
  mkdirSync(path.join(root, ".genaiops"), { recursive: true });
  const workshop = mkdtempSync(path.join(root, ".genaiops", "new-"));
  try {
    const folder = path.join(workshop, "flows", flow);
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
      writeFileSync(path.join(folder, file), text);
    }
    check(workshop, flow);
    mkdirSync(path.join(root, "flows"), { recursive: true });
    renameSync(folder, path.join(root, "flows", flow));
  } finally {
    rmSync(workshop, { recursive: true, force: true });
  }
}

export function checkPlace(root: string, flow: string): void {
  const name = armName.safeParse(flow);
  if (!name.success) {
    throw new CommandError(
      `${JSON.stringify(flow)} is no name of a flow; ${name.error.issues[0]?.message}; write for example library-answers`,
    );
  }
  if (!existsSync(path.join(root, "Pulumi.yaml")) && !existsSync(path.join(root, "flows"))) {
    throw new CommandError(
      `${root} has neither Pulumi.yaml nor flows/; start in the repository, or name it with --cwd`,
    );
  }
  const flows = statSync(path.join(root, "flows"), { throwIfNoEntry: false });
  if (flows !== undefined && !flows.isDirectory()) {
    throw new CommandError("flows is no folder; remove what stands in its place");
  }
  if (lstatSync(path.join(root, "flows", flow), { throwIfNoEntry: false }) !== undefined) {
    throw new CommandError(`flows/${flow} exists already and is left as it is; take another name`);
  }
}

/** The texts of a template by their paths, sorted, with names put in. */
function render(folder: string, names: Readonly<Record<string, string>>): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
  return Object.fromEntries(
    files.map((file) => {
      const text = Object.entries(names).reduce(
        (filled, [name, value]) => filled.replaceAll(name, value),
        readFileSync(file, "utf8"),
      );
      return [path.relative(folder, file), text];
    }),
  );
}

/** What a template holds is checked as everything else; a fault here is one of the template. */
function check(root: string, flow: string): void {
  const reading = loadExperiment(root, flow, "");
  const problems = [...reading.problems, ...servingProblems(root, flow, reading)];
  if (problems.length > 0) throw new ProblemsError(problems);
}
