import { quote } from "./display";
import type { Dataset, FlowKind, Grid } from "./experiment";
import type { Dag } from "./folders";
import type { Problem } from "./problem";
import type { DataPath, YamlFile } from "./source";
import { orListing } from "./suggest";

/** The flow that the hyper-parameters are for. */
interface Target {
  readonly kind: FlowKind;
  /** Present for a DAG flow. */
  readonly dag?: Dag;
  readonly datasets: readonly Dataset[];
}

/** Every hyper-parameter acts on something that the flow has and that nothing else sets. */
export function parameterProblems(file: YamlFile, grid: Grid, target: Target): Problem[] {
  return [
    ...kindProblems(file, grid, target.kind),
    ...inputProblems(file, grid, target),
    ...nodeProblems(file, grid, target.dag),
  ];
}

function kindProblems(file: YamlFile, grid: Grid, kind: FlowKind): Problem[] {
  const wrong: readonly (keyof Grid)[] =
    kind === "dag"
      ? ["init"]
      : kind === "flex"
        ? ["nodes"]
        : ["init", "nodes", "inputs", "environment"];
  const allowed =
    kind === "dag"
      ? "environment, inputs and nodes"
      : kind === "flex"
        ? "environment, inputs and init"
        : "a container takes no hyper-parameters here";
  return wrong
    .filter((part) => Object.keys(grid[part]).length > 0)
    .map((part) =>
      problem(file, ["parameters", part], {
        found: `a ${kind} flow has no ${part === "init" ? "class" : part} to set`,
        allowed,
        mend: `remove ${part}`,
      }),
    );
}

function inputProblems(file: YamlFile, grid: Grid, { dag, datasets }: Target): Problem[] {
  return Object.keys(grid.inputs).flatMap((input) => {
    const at = ["parameters", "inputs", input];
    const filled = datasets.find(({ mappings }) => Object.hasOwn(mappings, input));
    if (filled !== undefined) {
      return [
        problem(file, at, {
          found: `the dataset ${quote(filled.name)} fills the input ${quote(input)} already`,
          allowed: "inputs that no dataset maps",
          mend: "remove the mapping or the parameter",
        }),
      ];
    }
    return dag === undefined || dag.problems.length > 0 || dag.inputs.includes(input)
      ? []
      : [
          problem(file, at, {
            found: `${dag.file.file} has no input ${quote(input)}`,
            allowed: `its inputs are ${dag.inputs.join(", ")}`,
            mend: orListing(input, dag.inputs, "add the input to the flow"),
          }),
        ];
  });
}

function nodeProblems(file: YamlFile, grid: Grid, dag: Dag | undefined): Problem[] {
  if (dag === undefined || dag.problems.length > 0) {
    return [];
  }
  return Object.keys(grid.nodes)
    .filter((node) => !dag.nodes.includes(node))
    .map((node) =>
      problem(file, ["parameters", "nodes", node], {
        found: `${dag.file.file} has no node ${quote(node)}`,
        allowed: `its nodes are ${dag.nodes.join(", ")}`,
        mend: orListing(node, dag.nodes, "add the node to the flow"),
      }),
    );
}

function problem(file: YamlFile, at: DataPath, fault: Parameters<YamlFile["problem"]>[1]): Problem {
  return file.problem(at, fault, "key");
}
