import {
  mkdirSync,
  mkdtempSync,
  copyFileSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { flowFolders } from "../../../config/flowChecks";
import { record } from "../../../config/folders";
import { ProblemsError } from "../../../config/problem";
import type { Problem } from "../../../config/problem";
import { readYamlIfPresent } from "../../../config/source";
import { readStackText } from "../../../config/stackFile";
import { CommandError, EXIT } from "../exit";
import { checkPlace } from "../new/make";
import { check } from "../validate/check";
import { LISTS } from "./deploymentConfig";
import { noFindings, report } from "./findings";
import type { Findings } from "./findings";
import { missingPackages } from "./requirements";
import { readUseCase, useCaseFolder } from "./source";
import type { UseCase } from "./source";
import { editStacks } from "./stacks";
import type { StackEdits } from "./stacks";
import { legalName } from "./traffic";
import { put } from "./put";

export interface ImportOptions {
  /** The repository that gets the flow. */
  readonly root: string;
  /** Folder of the use case, as the user wrote it. */
  readonly from: string;
  /** Name of the flow. By default that of the folder, made legal. */
  readonly name?: string;
  /** Say everything and write nothing. */
  readonly dryRun: boolean;
}

/**
 * Bring a use case over; answers the report and whether the result is valid. Nothing is written before everything
 * was read, and then everything or nothing.
 *
 * @throws ProblemsError with everything that keeps the folder from coming over
 * @throws CommandError for a folder that is no use case, and a flow that exists
 */
export async function importFlow(options: ImportOptions): Promise<Imported> {
  try {
    return await bring(options);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    // What the disk says of itself: no permission, no space, a file that went away meanwhile.
    if (code === undefined || error instanceof CommandError) throw error;
    throw new CommandError(`nothing was written: ${message}`, EXIT.failed);
  }
}

interface Imported {
  readonly text: string;
  /** Whether `genaiops validate` passes on the result. */
  readonly valid: boolean;
}

async function bring(options: ImportOptions): Promise<Imported> {
  const { root, from, dryRun } = options;
  const folder = useCaseFolder(root, from);
  const name = options.name ?? nameOf(folder);
  checkPlace(root, name);
  const source = noFindings();
  const own = noFindings();
  const useCase = readUseCase(folder, source);
  const edits = useCase && editStacks(root, name, useCase, source, own);
  if (!useCase || !edits || source.problems.length + own.problems.length > 0) {
    throw new ProblemsError([...placed(source.problems, from), ...own.problems]);
  }
  healedFaults(useCase, source);
  const workshop = makeWorkshop(root, dryRun);
  try {
    fill(workshop, root, name, useCase, edits);
    const problems = [...(await problemsOf(workshop, name)), ...sameModel(root, name, workshop)];
    own.decisions.push(...problems, ...packages(root, name, useCase));
    if (!dryRun) put(root, workshop, name, [...edits.texts.keys()]);
    const findings: Findings = {
      read: source.read,
      left: source.left,
      problems: [],
      changed: placed(source.changed, from),
      decisions: [...placed(source.decisions, from), ...own.decisions],
    };
    const valid = problems.length === 0;
    const { files } = useCase;
    return {
      text: report(findings, { flow: name, from, files, stacks: edits.said, valid }),
      valid,
    };
  } finally {
    rmSync(workshop, { recursive: true, force: true });
  }
}

function nameOf(folder: string): string {
  const name = legalName(path.basename(folder));
  if (name === undefined) {
    throw new CommandError(
      `no name of a flow can be made of ${JSON.stringify(path.basename(folder))}; give one with --name`,
    );
  }
  return name;
}

/** The source's own places, under the name that the user gave the folder. */
function placed(problems: readonly Problem[], from: string): Problem[] {
  const under = from.replaceAll("\\", "/").replace(/\/+$/, "");
  return problems.map((problem) => ({ ...problem, file: path.posix.join(under, problem.file) }));
}

/** What the reference does beside the files, and what is true of every flow here. */
function healedFaults({ config, entries }: UseCase, findings: Findings): void {
  const entry = [...entries.values()].find(({ list }) => LISTS[list].target !== "webApp");
  if (entry === undefined) return;
  findings.changed.push(
    config.problem([entry.list], {
      found:
        "the reference gives an endpoint keys, and its identity AzureML Data Scientist and Key Vault Reader",
      allowed:
        "callers log in without keys, and the identity reads what the flow needs and nothing else",
      mend: "callers get a role on the endpoint; where they cannot, set authentication: Key",
    }),
  );
}

/** In the repository where it is renamed from, so that it lies on the same disk; a dry run leaves that alone. */
function makeWorkshop(root: string, dryRun: boolean): string {
  const home = dryRun ? tmpdir() : path.join(root, ".genaiops");
  if (!dryRun) mkdirSync(home, { recursive: true });
  return mkdtempSync(path.join(home, dryRun ? "genaiops-import-" : "import-"));
}

/** The repository as it will be, as far as one flow's checks look at it. */
function fill(
  workshop: string,
  root: string,
  name: string,
  useCase: UseCase,
  edits: StackEdits,
): void {
  for (const file of useCase.files) {
    const target = path.join(workshop, "flows", name, file);
    mkdirSync(path.dirname(target), { recursive: true });
    const text = useCase.texts.get(file);
    if (text === undefined) copyFileSync(path.join(useCase.folder, file), target);
    else writeFileSync(target, text);
  }
  for (const file of readdirSync(root).filter((each) => /^Pulumi\..*yaml$/.test(each))) {
    writeFileSync(
      path.join(workshop, file),
      edits.texts.get(file) ?? readFileSync(path.join(root, file), "utf8"),
    );
  }
}

/** What `genaiops validate <flow>` will say. */
async function problemsOf(root: string, flow: string): Promise<readonly Problem[]> {
  try {
    await check({ root, flow, format: "text" });
    return [];
  } catch (error) {
    if (error instanceof ProblemsError) return error.problems;
    throw error;
  }
}

/** Two experiments of one name would register their versions in one model, in whatever stack they are. */
function sameModel(root: string, name: string, workshop: string): Problem[] {
  const file = readYamlIfPresent(workshop, `flows/${name}/experiment.yaml`);
  const experiment = record(file?.data)["name"];
  const owner = flowFolders(root).find(
    (flow) =>
      flow !== name &&
      record(readYamlIfPresent(root, `flows/${flow}/experiment.yaml`)?.data)["name"] === experiment,
  );
  return file === undefined || owner === undefined
    ? []
    : [
        file.problem(["name"], {
          found: `${JSON.stringify(experiment)} is also the experiment of flows/${owner}`,
          allowed: "left as it is; it is the name of the flow's model",
          mend: "rename one of the two: a stack with both is refused",
        }),
      ];
}

function packages(root: string, name: string, { flow, folder, entries }: UseCase): Problem[] {
  const [environment] = entries.keys();
  if (flow === undefined || environment === undefined) return [];
  const { settings } = readStackText(root, environment);
  const file = path.posix.join(flow.folder, "requirements.txt");
  return missingPackages(root, settings, folder, file).map((problem) => ({
    ...problem,
    file: `flows/${name}/${file}`,
  }));
}
