import { quote } from "./display";
import { dataColumn, runOutput } from "./mappings";
import type { Dataset } from "./experiment";
import type { Dag } from "./folders";
import type { Problem } from "./problem";
import type { DataPath, YamlFile } from "./source";
import { orListing } from "./suggest";

type Mappings = Readonly<Record<string, string>>;

/** Every `${data.<column>}` names a column of the dataset. */
export function columnProblems(
  file: YamlFile,
  at: DataPath,
  dataset: Dataset,
  columns: readonly string[],
): Problem[] {
  return Object.entries(dataset.mappings).flatMap(([input, mapping]) => {
    const column = dataColumn(mapping);
    return column === undefined || columns.includes(column)
      ? []
      : [
          file.problem([...at, "mappings", input], {
            found: `${quote(dataset.path ?? dataset.source)} has no column ${quote(column)}`,
            allowed: `its columns are ${columns.join(", ")}`,
            mend: orListing(column, columns, "add the column"),
          }),
        ];
  });
}

/** Every mapping goes to an input that the flow has. */
export function inputProblems(
  file: YamlFile,
  at: DataPath,
  mappings: Mappings,
  dag: Dag,
): Problem[] {
  return Object.keys(mappings)
    .filter((input) => !dag.inputs.includes(input))
    .map((input) =>
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

/**
 * Every input without a default is filled: by one of `filled`, mappings and parameters, or by a column of its
 * own name, which prompt flow takes where nothing is mapped.
 */
export function fillProblems(
  file: YamlFile,
  at: DataPath,
  dag: Dag,
  filled: readonly string[],
  columns: readonly string[],
): Problem[] {
  return dag.required
    .filter((input) => !filled.includes(input) && !columns.includes(input))
    .map((input) =>
      file.problem([...at, "mappings"], {
        found: `nothing fills the input ${quote(input)} of ${dag.file.file}`,
        allowed: "a mapping for each input without a default, or a column of its name",
        mend: `add ${input}: \${data.<column>}, with one of ${columns.join(", ")}`,
      }),
    );
}

/** Every `${run.outputs.<output>}` names an output of the flow. */
export function outputProblems(
  file: YamlFile,
  at: DataPath,
  mappings: Mappings,
  dag: Dag,
): Problem[] {
  return Object.entries(mappings).flatMap(([input, mapping]) => {
    const output = runOutput(mapping);
    return output === undefined || dag.outputs.includes(output)
      ? []
      : [
          file.problem([...at, "mappings", input], {
            found: `${dag.file.file} has no output ${quote(output)}`,
            allowed: `its outputs are ${dag.outputs.join(", ")}`,
            mend: orListing(output, dag.outputs, "add the output to the flow"),
          }),
        ];
  });
}
