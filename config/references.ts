import path from "node:path";
import { quote } from "./display";
import { dataColumn, runOutput } from "./experiment";
import type { Dataset, Evaluator, EvaluatorDataset, ExperimentText } from "./experiment";
import { columnsOf, faultOfPath, findFlow, flowCandidates, readDag } from "./folders";
import type { Dag, FlowFolder } from "./folders";
import type { Problem } from "./problem";
import type { DataPath, YamlFile } from "./source";
import { listing, orListing } from "./suggest";

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

  datasets(text: ExperimentText, file: YamlFile, dag: Dag | undefined): Dataset[] {
    this.unique(
      text.datasets.map(({ name }) => name),
      file,
      ["datasets"],
    );
    return text.datasets.map((dataset, index) => {
      const at = ["datasets", index];
      const resolved: Dataset = { ...dataset, path: this.source(file, at, dataset.source) };
      this.columns(file, at, resolved);
      this.inputs(file, at, dataset.mappings, dag);
      return resolved;
    });
  }

  evaluators(
    text: ExperimentText,
    file: YamlFile,
    datasets: readonly Dataset[],
    dag: Dag | undefined,
  ): Evaluator[] {
    this.unique(
      text.evaluators.map(({ name }) => name),
      file,
      ["evaluators"],
    );
    return text.evaluators.flatMap((evaluator, index) => {
      const at = ["evaluators", index];
      const found = this.flow(file, [...at, "flow"], evaluator.flow ?? evaluator.name);
      const own = found?.kind === "dag" ? readDag(this.root, found.file) : undefined;
      this.problems.push(...(own?.problems ?? []));
      const resolved = evaluator.datasets.flatMap((dataset, place) => {
        const one = this.evaluatorDataset(file, [...at, "datasets", place], dataset, datasets);
        this.inputs(file, [...at, "datasets", place], dataset.mappings, own);
        this.outputs(file, [...at, "datasets", place], dataset.mappings, dag);
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
    this.columns(file, at, resolved);
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

  /** Every `${data.<column>}` names a column of the dataset. */
  private columns(file: YamlFile, at: DataPath, dataset: Dataset): void {
    const columns = dataset.path === undefined ? undefined : this.columnsOf(file, at, dataset.path);
    if (columns === undefined) {
      return;
    }
    for (const [input, mapping] of Object.entries(dataset.mappings)) {
      const column = dataColumn(mapping);
      if (column !== undefined && !columns.includes(column)) {
        this.problems.push(
          file.problem([...at, "mappings", input], {
            found: `${quote(dataset.path ?? dataset.source)} has no column ${quote(column)}`,
            allowed: `its columns are ${columns.join(", ")}`,
            mend: orListing(column, columns, "add the column"),
          }),
        );
      }
    }
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

  /** Every mapping goes to an input that the flow has. */
  private inputs(file: YamlFile, at: DataPath, mappings: object, dag: Dag | undefined): void {
    if (dag === undefined || dag.problems.length > 0) {
      return;
    }
    for (const input of Object.keys(mappings)) {
      if (!dag.inputs.includes(input)) {
        this.problems.push(
          file.problem(
            [...at, "mappings", input],
            {
              found: `${dag.file.file} has no input ${quote(input)}`,
              allowed: `its inputs are ${dag.inputs.join(", ")}`,
              mend: orListing(input, dag.inputs, "add the input to the flow"),
            },
            "key",
          ),
        );
      }
    }
  }

  /** Every `${run.outputs.<output>}` names an output of the flow. */
  private outputs(
    file: YamlFile,
    at: DataPath,
    mappings: Readonly<Record<string, string>>,
    dag: Dag | undefined,
  ): void {
    if (dag === undefined || dag.problems.length > 0) {
      return;
    }
    for (const [input, mapping] of Object.entries(mappings)) {
      const output = runOutput(mapping);
      if (output !== undefined && !dag.outputs.includes(output)) {
        this.problems.push(
          file.problem([...at, "mappings", input], {
            found: `${dag.file.file} has no output ${quote(output)}`,
            allowed: `its outputs are ${dag.outputs.join(", ")}`,
            mend: orListing(output, dag.outputs, "add the output to the flow"),
          }),
        );
      }
    }
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
