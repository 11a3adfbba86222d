/** What a mapping of a dataset says, as prompt flow writes it. */

export const DATA_COLUMN = /^\$\{data\.([^{}\s]+)\}$/;
const RUN_OUTPUT = /^\$\{run\.outputs\.([^{}\s]+)\}$/;

/** The column that a mapping reads, or undefined where it reads an output of the run. */
export function dataColumn(mapping: string): string | undefined {
  return DATA_COLUMN.exec(mapping)?.[1];
}

/** The output of the flow's run that a mapping reads. */
export function runOutput(mapping: string): string | undefined {
  return RUN_OUTPUT.exec(mapping)?.[1];
}
