import { existsSync, readdirSync, realpathSync, statSync } from "node:fs";
import path from "node:path";
import { quote } from "../../../config/display";
import { record } from "../../../config/folders";
import type { FlowFolder } from "../../../config/folders";
import { isInside, parseYaml, readYamlIfPresent } from "../../../config/source";
import type { YamlFile } from "../../../config/source";
import { listing } from "../../../config/suggest";
import { CommandError } from "../exit";
import { CONFIG, LISTS, textOf } from "./deploymentConfig";
import type { Entry } from "./deploymentConfig";
import { chosenEntries, entriesOf } from "./environments";
import { EXPERIMENT, readExperiments, textOfFile } from "./experiments";
import type { Findings } from "./findings";
import { unfilledInit } from "./flexInit";
import { filesOf } from "./folder";
import { readJsonIfPresent } from "./readJson";
import { VARIABLES, variablesOf } from "./variables";

/** A use case in the reference's format, read whole and in the form that is read here. */
export interface UseCase {
  readonly folder: string;
  /** Files that come over, and the new texts of those that change, by path. */
  readonly files: readonly string[];
  readonly texts: ReadonlyMap<string, string>;
  /** Absent where the experiment names no flow that is there. */
  readonly flow?: FlowFolder;
  readonly config: YamlFile;
  /** What is deployed, by environment. */
  readonly entries: ReadonlyMap<string, Entry>;
  /** Variables of the containers of every environment. */
  readonly variables: Readonly<Record<string, string>>;
}

const SAMPLE = "sample-request.json";

/** The folder of a use case. Throws `CommandError` where it is none, or holds the repository that it would go to. */
export function useCaseFolder(root: string, named: string): string {
  const absolute = path.resolve(named);
  if (statSync(absolute, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new CommandError(`there is no folder ${named}; name the folder of one use case`);
  }
  const folder = realpathSync.native(absolute);
  if (isInside(folder, realpathSync.native(root))) {
    throw new CommandError(
      `${named} holds the repository that the flow would go to; name the folder of one use case`,
    );
  }
  if (!existsSync(path.join(folder, EXPERIMENT))) {
    const below = readdirSync(folder).filter((name) =>
      existsSync(path.join(folder, name, EXPERIMENT)),
    );
    const mend =
      below.length === 0
        ? "a use case has its name, flow and datasets there"
        : `use cases below it are ${listing(below)}; import each by itself`;
    throw new CommandError(`${named} has no ${EXPERIMENT}; ${mend}`);
  }
  return folder;
}

/** Settings that a person writes; a larger file is another one under this name. */
const SETTINGS_BYTES = 1_000_000;

/** Whether the files of settings are files that can be read: a pipe never ends, and a huge file takes all memory. */
function areReadable(folder: string, findings: Findings): boolean {
  const experiments = readdirSync(folder).filter((name) => /^experiment.*\.ya?ml$/.test(name));
  const problems = [...experiments, CONFIG, VARIABLES].flatMap((file) => {
    const status = statSync(path.join(folder, file), { throwIfNoEntry: false });
    if (status === undefined || (status.isFile() && status.size <= SETTINGS_BYTES)) return [];
    const found = status.isFile() ? "the file has more than a megabyte" : "this is no file";
    const allowed = "settings as a person writes them";
    const mend = "see whether this is what is meant";
    return [parseYaml(file, "").problem([], { found, allowed, mend })];
  });
  findings.problems.push(...problems);
  return problems.length === 0;
}

/** Read everything; what is wrong with it, and what changes, goes into `findings`. Undefined where nothing was read. */
export function readUseCase(folder: string, findings: Findings): UseCase | undefined {
  if (!areReadable(folder, findings)) return undefined;
  const { files, texts: withoutKeys } = filesOf(folder, findings);
  const texts = new Map(withoutKeys);
  const flow = readExperiments(folder, files, texts, findings);
  if (flow !== undefined) unfilledInit(folder, flow, findings);
  const config = readJsonIfPresent(folder, CONFIG);
  const absent = parseYaml(CONFIG, "");
  if (config === undefined) {
    findings.decisions.push(
      absent.problem([], {
        found: "the file is missing",
        allowed: "the flow came over without arms",
        mend: "add arms under flows in the stack files",
      }),
    );
  }
  const entries = config === undefined ? [] : entriesOf(config, findings);
  const chosen = chosenEntries(config ?? absent, entries, findings);
  if (config !== undefined) findings.read.push(`${CONFIG}  ${deployed(chosen)}`);
  const variables = readVariables(folder, findings);
  readSample(folder, files, config ?? absent, chosen, texts, findings);
  return {
    folder,
    files: [...new Set([...files, ...texts.keys()])].sort(),
    texts,
    flow,
    config: config ?? absent,
    entries: chosen,
    variables,
  };
}

function deployed(entries: ReadonlyMap<string, Entry>): string {
  const parts = [...entries].map(([name, { list }]) => `${name} on ${LISTS[list].target}`);
  return parts.length === 0 ? "deploys nowhere" : parts.join(", ");
}

function readVariables(folder: string, findings: Findings): Record<string, string> {
  const file = readYamlIfPresent(folder, VARIABLES);
  if (file === undefined) return {};
  findings.problems.push(...file.problems);
  findings.read.push(`${VARIABLES}  variables of every container`);
  if (file.data !== undefined && Object.keys(record(file.data)).length === 0) {
    findings.problems.push(
      file.problem([], {
        found: "the file holds no variables",
        allowed: "a mapping of names to values",
        mend: "write NAME: value, or remove the file",
      }),
    );
  }
  const variables = variablesOf(file, [], file.data, findings);
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [name.trim().toUpperCase(), value]),
  );
}

/** Every arm is tested with one request, `sample-request.json` of the flow. */
function readSample(
  folder: string,
  files: readonly string[],
  config: YamlFile,
  entries: ReadonlyMap<string, Entry>,
  texts: Map<string, string>,
  findings: Findings,
): void {
  for (const entry of entries.values()) {
    const named = textOf(entry, "TEST_FILE_PATH").replaceAll("\\", "/");
    const sample = path.posix.normalize(named);
    if (named === "" || sample === SAMPLE) continue;
    const usable = files.includes(sample) && !files.includes(SAMPLE) && !texts.has(SAMPLE);
    findings[usable ? "changed" : "decisions"].push(
      config.problem([entry.list, entry.index, "TEST_FILE_PATH"], {
        found: `the test's request is ${quote(named)}`,
        allowed: `each arm is tested with ${SAMPLE} of the flow`,
        mend: usable ? `${SAMPLE} is a copy of it` : `see that ${SAMPLE} is the request you mean`,
      }),
    );
    if (usable) texts.set(SAMPLE, texts.get(sample) ?? textOfFile(folder, sample));
  }
}
