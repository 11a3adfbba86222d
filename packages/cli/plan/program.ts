import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ProblemsError } from "../../../config/problem";
import { parseYaml } from "../../../config/source";
import { CommandError } from "../exit";
import { isObject } from "./model";

export interface Project {
  readonly name: string;
  /** Absolute path of the program's file. */
  readonly program: string;
  /** `config:` of Pulumi.yaml: a value, or `{default}` or `{value}` with a type and a description. */
  readonly config: Readonly<Record<string, unknown>>;
}

export function readProject(root: string): Project {
  const file = join(root, "Pulumi.yaml");
  if (!existsSync(file)) {
    throw new CommandError(`${root} holds no Pulumi.yaml; give the project's folder with --cwd`);
  }
  const { data: project, problems } = parseYaml("Pulumi.yaml", readFileSync(file, "utf8"));
  if (problems.length > 0) throw new ProblemsError(problems);
  if (!isObject(project) || typeof project["name"] !== "string") {
    throw new CommandError(`${file}:1:1  has no name; a project has one; add \`name:\``);
  }
  const { name, main, config } = project;
  const program = join(root, typeof main === "string" ? main : "index.ts");
  if (!existsSync(program)) {
    throw new CommandError(
      `${file}:1:1  its program ${program} does not exist; \`main\` names it, and without that it is ` +
        `index.ts; restore the file or mend \`main\``,
    );
  }
  return { name, program, config: isObject(config) ? config : {} };
}

/**
 * The program of a project as the engine's language host runs it: the module is loaded inside the stack,
 * and if it exports a function, that is called. A second run loads the program's own file anew.
 */
export function loadProgram(
  root: string,
  ...args: unknown[]
): () => Promise<Record<string, unknown>> {
  const { program } = readProject(root);
  return async () => {
    delete require.cache[require.resolve(program)];
    const exported: unknown = require(program);
    return (typeof exported === "function" ? await exported(...args) : exported) as Record<
      string,
      unknown
    >;
  };
}
