import path from "node:path";
import { dagProblems } from "./dagChecks";
import { quote } from "./display";
import type { Dataset, Evaluator, EvaluatorDataset } from "./experiment";
import type { ExperimentText } from "./experimentSettings";
import { flexProblems } from "./flexChecks";
import { columnsOf, faultOfPath, findFlow, flowCandidates, readDag } from "./folders";
import type { Dag, FlowFolder } from "./folders";
import { columnProblems, fillProblems, inputProblems, outputProblems } from "./mappingChecks";
import type { Problem } from "./problem";
import type { DataPath, YamlFile } from "./source";
import { listing, orListing } from "./suggest";

/** The flow that mappings fill. */
interface Mapped {
  /** Present for a DAG flow. */
  readonly dag?: Dag;
  /** Inputs that hyper-parameters set. */
  readonly parameters?: readonly string[];
  /** Flow whose outputs may be read, where it is a DAG flow. */
  readonly outputsOf?: Dag;
}

/** Looks up what experiment files refer to; what is wrong goes into `problems`. */
export class References {
  readonly #columns = new Map<string, readonly string[] | undefined>();

  constructor(
    private readonly root: string,
    private readonly home: string,
    private readonly problems: Problem[],
  ) {}

  flow(file: YamlFile, at: DataPath, folder: string): FlowFolder | undefined {
    const found = findFlow(this.root, this.home, folder);
    if (found === undefined) {
      this.problems.push(
        file.problem(at, {
          found: `there is no flow in ${quote(folder)}`,
          allowed: `a folder with flow.dag.yaml, flow.flex.yaml or Dockerfile; searched: ${flowCandidates(this.home, folder).join(", ")}`,
          mend: "correct the path or add the flow",
        }),
      );
      return undefined;
    }
    const fault = faultOfPath(this.root, found.folder, "folder");
    if (fault !== undefined) {
      this.problems.push(file.problem(at, fault));
    }
    return found;
  }

  /** Check a flow as far as that goes without running it. Answers what a DAG flow says of itself. */
  dag(found: FlowFolder | undefined, connections: readonly string[] | undefined): Dag | undefined {
    if (found?.kind === "flex") {
      this.problems.push(...flexProblems(this.root, found));
    }
    if (found?.kind !== "dag") {
      return undefined;
    }
    const dag = readDag(this.root, found.file);
    this.problems.push(...dag.problems, ...dagProblems(this.root, dag));
    for (const { at, name } of connections === undefined ? [] : dag.connections) {
      if (!connections!.includes(name)) {
        this.problems.push(
          dag.file.problem(at, {
            found: `the experiment has no connection ${quote(name)}`,
            allowed: `a connection of ${this.home}/experiment.yaml`,
            mend: orListing(name, connections!, "add it under connections there"),
          }),
        );
      }
    }
    return dag;
  }

  datasets(text: ExperimentText, file: YamlFile, dag: Dag | undefined): Dataset[] {
    this.unique(
      text.datasets.map(({ name }) => name),
      file,
      ["datasets"],
    );
    return text.datasets.map((dataset, index) => {
      const at = ["datasets", index];
      const resolved: Dataset = { ...dataset, path: this.source(file, at, dataset.source) };
      const parameters = Object.keys(text.parameters?.inputs ?? {});
      this.mappings(file, at, resolved, { dag, parameters });
      return resolved;
    });
  }

  evaluators(
    text: ExperimentText,
    file: YamlFile,
    datasets: readonly Dataset[],
    dag: Dag | undefined,
    connections?: readonly string[],
  ): Evaluator[] {
    this.unique(
      text.evaluators.map(({ name }) => name),
      file,
      ["evaluators"],
    );
    return text.evaluators.flatMap((evaluator, index) => {
      const at = ["evaluators", index];
      const found = this.flow(file, [...at, "flow"], evaluator.flow ?? evaluator.name);
      const own = this.dag(found, connections);
      const resolved = evaluator.datasets.flatMap((dataset, place) => {
        const one = this.evaluatorDataset(file, [...at, "datasets", place], dataset, datasets);
        const mapped = one ?? { ...dataset, name: "", source: "" };
        this.mappings(file, [...at, "datasets", place], mapped, { dag: own, outputsOf: dag });
        return one === undefined ? [] : [one];
      });
      return found === undefined
        ? []
        : [{ name: evaluator.name, flow: found.folder, kind: found.kind, datasets: resolved }];
    });
  }

  private evaluatorDataset(
    file: YamlFile,
    at: DataPath,
    dataset: ExperimentText["evaluators"][number]["datasets"][number],
    known: readonly Dataset[],
  ): EvaluatorDataset | undefined {
    const names = known.map(({ name }) => name);
    const reference = dataset.reference ?? dataset.name;
    const key = dataset.reference === undefined ? "name" : "reference";
    if (reference === undefined) {
      this.problems.push(
        file.problem(at, {
          found: "the evaluator's dataset has neither name nor reference",
          allowed: "the name of a dataset of this experiment",
          mend: `add "reference": ${names.length > 0 ? listing(names) : "there is no dataset yet"}`,
        }),
      );
      return undefined;
    }
    const referred = known.find(({ name }) => name === reference);
    if (referred === undefined) {
      this.problems.push(
        file.problem([...at, key], {
          found: `unknown dataset ${quote(reference)}`,
          allowed: `a dataset of this experiment${names.length > 0 ? `: ${listing(names)}` : ""}`,
          mend: orListing(reference, names, "add it under datasets"),
        }),
      );
      return undefined;
    }
    const own =
      dataset.source === undefined
        ? { source: referred.source, path: referred.path }
        : { source: dataset.source, path: this.source(file, at, dataset.source) };
    const resolved = {
      ...own,
      name: dataset.name ?? reference,
      reference,
      description: dataset.description ?? referred.description,
      mappings: dataset.mappings,
    };
    return resolved;
  }

  /** The file of a source, relative to the repository; undefined for a registered dataset. */
  private source(file: YamlFile, at: DataPath, source: string): string | undefined {
    if (source.startsWith("azureml:")) {
      return undefined;
    }
    const relative = path.posix.join(this.home, source);
    const fault = faultOfPath(this.root, relative, "file");
    if (fault === undefined) {
      return relative;
    }
    this.problems.push(file.problem([...at, "source"], fault));
    return undefined;
  }

  private columnsOf(file: YamlFile, at: DataPath, dataset: string): readonly string[] | undefined {
    if (!this.#columns.has(dataset)) {
      const columns = columnsOf(this.root, dataset);
      if ("found" in columns) {
        this.problems.push(file.problem([...at, "source"], columns));
      }
      this.#columns.set(dataset, "found" in columns ? undefined : columns);
    }
    return this.#columns.get(dataset);
  }

  /** Everything about the mappings of one dataset to a flow, of whose outputs an evaluator reads `outputsOf`. */
  private mappings(
    file: YamlFile,
    at: DataPath,
    dataset: Dataset,
    { dag, parameters = [], outputsOf }: Mapped,
  ): void {
    const { path: data, mappings } = dataset;
    const columns = data === undefined ? undefined : this.columnsOf(file, at, data);
    const sound = dag !== undefined && dag.problems.length === 0 ? dag : undefined;
    const run = outputsOf !== undefined && outputsOf.problems.length === 0 ? outputsOf : undefined;
    const filled = [...Object.keys(mappings), ...parameters];
    this.problems.push(
      ...((columns && columnProblems(file, at, dataset, columns)) ?? []),
      ...((sound && inputProblems(file, at, mappings, sound)) ?? []),
      ...((run && outputProblems(file, at, mappings, run)) ?? []),
      ...((sound && columns && fillProblems(file, at, sound, filled, columns)) ?? []),
    );
  }

  private unique(names: readonly string[], file: YamlFile, under: DataPath): void {
    names.forEach((name, index) => {
      if (names.indexOf(name) < index) {
        this.problems.push(
          file.problem([...under, index, "name"], {
            found: `${quote(name)} stands twice under ${under.join(".")}`,
            allowed: "each name once",
            mend: "rename one of the two",
          }),
        );
      }
    });
  }
}
