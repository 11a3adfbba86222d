import type { Experiment } from "../../../config/experiment";
import type { ExperimentReading } from "../../../config/readExperiment";
import { planRuns } from "../experiment/plan";
import { count } from "./count";

/** One line about a flow without a problem. */
export function describeFlow(
  flow: string,
  { experiment, dag }: ExperimentReading,
  environments: readonly string[],
): string {
  const { kind, datasets, evaluators } = experiment as Experiment;
  const runs = planRuns(experiment as Experiment, dag).length;
  const parts = [
    `${kind} flow`,
    count(datasets.length, "dataset"),
    count(evaluators.length, "evaluator"),
    ...(kind === "container" ? [] : [count(runs, "run")]),
  ];
  return `${flow}: no problem (${parts.join(", ")}; checked for ${environments.join(", ")})`;
}

/** The experiment of one environment for programs: what is run, on what, and how it is measured. */
export function flowAsJson(
  flow: string,
  environment: string,
  { experiment, dag }: ExperimentReading,
): string {
  const runs = planRuns(experiment as Experiment, dag).map(
    ({ name, dataset, configuration, variant, parameters, baseline }) => ({
      name,
      dataset: dataset.name,
      configuration,
      variant,
      parameters,
      baseline,
    }),
  );
  const { flow: folder, ...rest } = experiment as Experiment;
  return JSON.stringify({ flow, environment, folder, ...rest, runs }, undefined, 2);
}
