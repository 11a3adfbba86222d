import type { z } from "zod";
import { experimentSchema, overlay, overlaySchema } from "./experimentSettings";
import type { Experiment } from "./experiment";
import { record } from "./folders";
import type { Dag } from "./folders";
import { parameterProblems } from "./parameterChecks";
import { ProblemsError } from "./problem";
import type { Fault, Problem } from "./problem";
import { References } from "./references";
import { schemaProblems, wording } from "./schemaProblems";
import { parseYaml, readYamlIfPresent } from "./source";
import type { YamlFile } from "./source";
import { nearest } from "./suggest";

/** What was read of one flow's experiment files. */
export interface ExperimentReading {
  /** Absent where the files are too broken to say what they mean. */
  readonly experiment?: Experiment;
  /** The file that holds `connections` and `flow`. */
  readonly file: YamlFile;
  /** Present for a DAG flow. */
  readonly dag?: Dag;
  readonly problems: readonly Problem[];
}

/** One experiment as one environment sees it. Throws `ProblemsError` with everything wrong in its files. */
export function readExperiment({
  root,
  flow,
  env,
}: {
  root: string;
  flow: string;
  env: string;
}): Experiment {
  const { experiment, problems } = loadExperiment(root, flow, env);
  if (problems.length > 0 || experiment === undefined) {
    throw new ProblemsError(problems);
  }
  return experiment;
}

/** The same, with the problems beside what could be read. */
export function loadExperiment(root: string, flow: string, env: string): ExperimentReading {
  const home = `flows/${flow}`;
  const file = readYamlIfPresent(root, `${home}/experiment.yaml`);
  if (file === undefined) {
    const absent = parseYaml(`${home}/experiment.yaml`, "");
    return {
      file: absent,
      problems: [
        absent.problem([], {
          found: "the file is missing",
          allowed: "each folder under flows/ has an experiment.yaml",
          mend: "write one with name, flow and datasets",
        }),
      ],
    };
  }
  const problems: Problem[] = [];
  const base = readBase(file, problems);
  const over = readOverlay(readYamlIfPresent(root, `${home}/experiment.${env}.yaml`), problems);
  if (base === undefined) {
    return { file, problems };
  }
  const text = overlay(base.data, over?.data);
  /** A block stands in the overlay if it is present there, whatever its value. */
  const fileOf = (block: Block) => (over !== undefined && has(over, block) ? over.file : file);
  const isBroken = (block: Block) =>
    over !== undefined && has(over, block) ? over.broken.has(block) : base.broken.has(block);

  const references = new References(root, home, problems);
  const main =
    base.broken.has("flow") || base.broken.has("name")
      ? undefined
      : references.flow(file, ["flow"], text.flow ?? text.name);
  const connections = base.broken.has("connections")
    ? undefined
    : text.connections.map(({ name }) => name);
  const dag = references.dag(main, connections);
  const datasets = references.datasets(text, fileOf("datasets"), dag);
  const evaluators = isBroken("datasets")
    ? []
    : references.evaluators(text, fileOf("evaluators"), datasets, dag, connections);
  if (main === undefined) {
    return { file, problems };
  }
  if (text.parameters !== undefined) {
    problems.push(...parameterProblems(file, text.parameters, { kind: main.kind, dag, datasets }));
  }
  return {
    file,
    dag,
    problems,
    experiment: {
      name: text.name,
      flow: main.folder,
      kind: main.kind,
      connections: text.connections,
      parameters: text.parameters,
      datasets,
      evaluators,
      runtime: text.runtime,
      gate: text.gate,
    },
  };
}

type Block = "datasets" | "evaluators";

/** A file's blocks that are as the schema wants them, and the names of those that are not. */
interface Blocks<Data> {
  readonly file: YamlFile;
  readonly data: Data;
  readonly broken: ReadonlySet<string>;
}

function has({ data, broken }: Blocks<object>, block: Block): boolean {
  return block in data || broken.has(block);
}

/** Check a file block by block, so that one broken block does not hide what is wrong with the others. */
function parseBlocks<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape>,
  file: YamlFile,
  problems: Problem[],
): Blocks<z.output<z.ZodObject<Shape>>> {
  const parsed = schema.safeParse(file.data, { error: wording });
  if (parsed.success) {
    return { file, data: parsed.data, broken: new Set() };
  }
  problems.push(...schemaProblems(schema, parsed.error, file.data, file));
  const broken = new Set(
    parsed.error.issues.flatMap((issue) =>
      issue.code === "unrecognized_keys" && issue.path.length === 0
        ? // A misspelt block is a block that was meant to be there.
          issue.keys.flatMap((key) => nearest(key, Object.keys(schema.shape)) ?? [])
        : String(issue.path[0]),
    ),
  );
  const sound = Object.entries(record(file.data)).filter(
    ([key]) => Object.hasOwn(schema.shape, key) && !broken.has(key),
  );
  const data = schema.partial().parse(Object.fromEntries(sound));
  return { file, data: data as z.output<z.ZodObject<Shape>>, broken };
}

const EMPTY: Fault = {
  found: "the file is empty",
  allowed: "name, flow, connections, parameters, datasets, evaluators, runtime and gate",
  mend: "write the experiment or remove the file",
};

function readBase(file: YamlFile, problems: Problem[]) {
  problems.push(...file.problems);
  if (file.data === undefined) {
    if (file.problems.length === 0) {
      problems.push(file.problem([], EMPTY));
    }
    return undefined;
  }
  return parseBlocks(experimentSchema, file, problems);
}

/** An empty overlay changes nothing. */
function readOverlay(file: YamlFile | undefined, problems: Problem[]) {
  problems.push(...(file?.problems ?? []));
  if (file?.data === undefined) {
    return undefined;
  }
  const found: Problem[] = [];
  const blocks = parseBlocks(overlaySchema, file, found);
  problems.push(
    ...found.map((problem) =>
      problem.path === "name" || problem.path === "flow"
        ? {
            ...problem,
            found: `an overlay sets ${JSON.stringify(problem.path)}`,
            allowed:
              "an overlay replaces datasets, evaluators, runtime and gate; name and flow never change",
            mend: "remove it here or change it in experiment.yaml",
          }
        : problem,
    ),
  );
  return blocks;
}
