import type { ExperimentConnection, Grid } from "./experimentSettings";

export type { ExperimentConnection, Grid } from "./experimentSettings";

/** One experiment of one environment, overlay laid on, every folder and file looked up. */
export interface Experiment {
  readonly name: string;
  /** Folder of the flow's code, relative to the repository. */
  readonly flow: string;
  /** `dag`: flow.dag.yaml; `flex`: flow.flex.yaml; `container`: a Dockerfile and no prompt flow. */
  readonly kind: FlowKind;
  readonly connections: readonly ExperimentConnection[];
  /** Absent: none is varied. */
  readonly parameters?: Grid;
  readonly datasets: readonly Dataset[];
  readonly evaluators: readonly Evaluator[];
  /** Absent: serverless compute. */
  readonly runtime?: string;
  /** Least value by `metric` or `evaluator.metric`; empty: no gate can be passed. */
  readonly gate: Readonly<Record<string, number>>;
}

export type FlowKind = "dag" | "flex" | "container";

export interface Dataset {
  readonly name: string;
  /** As written. */
  readonly source: string;
  /** File relative to the repository; absent where `source` is `azureml:<name>:<version>`. */
  readonly path?: string;
  readonly description?: string;
  readonly mappings: Readonly<Record<string, string>>;
}

export interface Evaluator {
  readonly name: string;
  /** Folder of the evaluating flow, relative to the repository. */
  readonly flow: string;
  readonly kind: FlowKind;
  readonly datasets: readonly EvaluatorDataset[];
}

export interface EvaluatorDataset extends Dataset {
  /** Name of the experiment's dataset whose run is evaluated. */
  readonly reference: string;
}
