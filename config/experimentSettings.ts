import { z } from "zod";
import { DATA_COLUMN, runOutput } from "./mappings";

/**
 * What `flows/<name>/experiment.yaml` and its overlay `experiment.<env>.yaml` hold. The format is the one
 * that users of prompt flow templates already have; every number and reference is strict.
 */

/** Name of an asset in a workspace or registry. */
const assetName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,254}$/, {
    error: "letters, digits, underscores, hyphens and periods, starting with a letter or digit",
  })
  .meta({ examples: ["web_classification"] });

const folder = z.string({ error: "a folder" }).min(1, { error: "a folder" });

/** A dataset that is registered already. */
const AZUREML_SOURCE = /^azureml:[A-Za-z0-9][A-Za-z0-9_.-]*:[A-Za-z0-9_.-]+$/;

const source = z
  .string()
  .min(1, { error: "a file in the repository or azureml:<name>:<version>" })
  .refine((text) => !text.startsWith("azureml:") || AZUREML_SOURCE.test(text), {
    error: "a file in the repository or azureml:<name>:<version>",
  })
  .meta({ examples: ["data/questions.jsonl", "azureml:questions:3"] })
  .describe("A JSON Lines file, relative to the flow's folder, or `azureml:<name>:<version>`.");

const placeholder = z
  .string()
  .regex(/^\$\{[A-Za-z_][A-Za-z0-9_]*\}$/, {
    error: "a placeholder; the key itself comes from the environment",
  })
  .meta({ examples: ["${api_key}"] });

const address = z
  .union([placeholder, z.url()], {
    error: "an address or a placeholder",
  })
  .meta({ examples: ["https://example.openai.azure.com/"] });

export const connection = z.strictObject({
  name: assetName.describe("Name that the flow's nodes use."),
  connection_type: z
    .enum([
      "AzureOpenAIConnection",
      "OpenAIConnection",
      "CognitiveSearchConnection",
      "CustomConnection",
    ])
    .default("AzureOpenAIConnection"),
  api_base: address.optional().describe("Address of the service."),
  api_endpoint: address.optional().describe("Another word for `api_base`."),
  api_version: z.string().optional(),
  api_key: placeholder.optional().describe("Always `${api_key}`: a key never stands in a file."),
  api_type: z.string().optional(),
});

const dataset = z.strictObject({
  name: assetName.describe(
    "Name by which evaluators refer to it, and of the registered data asset.",
  ),
  source,
  description: z.string().optional(),
  mappings: z
    .record(
      z.string(),
      z
        .string()
        .regex(DATA_COLUMN, { error: "${data.<column>}" })
        .meta({ examples: ["${data.url}"] }),
    )
    .default({})
    .describe("Input of the flow to `${data.<column>}`."),
});

const evaluatorDataset = z.strictObject({
  name: assetName
    .optional()
    .describe(
      "A dataset above, or a new name where `source` is given. By default the `reference`.",
    ),
  reference: assetName
    .optional()
    .describe("The dataset above whose run is evaluated. By default the one called `name`."),
  source: source
    .optional()
    .describe("Data of its own. By default that of the dataset referred to."),
  description: z.string().optional(),
  mappings: z
    .record(
      z.string(),
      z
        .string()
        .refine((text) => DATA_COLUMN.test(text) || runOutput(text) !== undefined, {
          error: "${data.<column>} or ${run.outputs.<output>}",
        })
        .meta({ examples: ["${run.outputs.category}"] }),
    )
    .default({})
    .describe("Input of the evaluator to `${data.<column>}` or `${run.outputs.<output>}`."),
});

const evaluator = z.strictObject({
  name: assetName,
  flow: folder
    .optional()
    .describe("Folder of the evaluating flow, searched first under `flows/`. By default its name."),
  datasets: z.array(evaluatorDataset).min(1, { error: "at least one dataset" }),
});

const setting = z.union([z.string(), z.number(), z.boolean()], {
  error: "a text, a number, true or false",
});

const choices = z
  .array(setting, { error: "a list of values" })
  .min(1, { error: "at least one value" })
  .meta({ examples: [[0, 0.7]] });

const parameters = z
  .strictObject({
    environment: z
      .record(
        z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, { error: "an environment variable" }),
        choices,
      )
      .default({})
      .describe("Environment variable of the flow to its values."),
    inputs: z
      .record(z.string(), choices)
      .default({})
      .describe("Input of the flow that no dataset fills to its values."),
    init: z
      .record(z.string(), choices)
      .default({})
      .describe("Argument of a flex flow's class to its values."),
    nodes: z
      .record(z.string(), z.record(z.string(), choices))
      .default({})
      .describe("Node of a DAG flow to its inputs, for example `temperature`, to their values."),
  })
  .describe(
    "Hyper-parameters: the flow is run with every combination of their values. By default none is set.",
  );

const blocks = {
  datasets: z.array(dataset).nullish().describe("Data that the flow is run on."),
  evaluators: z.array(evaluator).nullish().describe("Flows that measure the flow's answers."),
  runtime: z.string().nullish().describe("Runtime of cloud runs. By default serverless compute."),
  gate: z
    .record(
      z.string().regex(/^(?:[^.=\s]+\.)?[^.=\s]+$/, { error: "metric or evaluator.metric" }),
      z.number(),
    )
    .nullish()
    .describe(
      "Least values that a version must reach to be approved, by `metric` or `evaluator.metric`. By default none is known, and a gate cannot be passed.",
    ),
};

/** `experiment.yaml`. */
export const experimentSchema = z.strictObject({
  name: assetName.describe("Name of the experiment and, with the environment, of its model."),
  flow: folder
    .optional()
    .describe(
      "Folder of the flow, searched first under `flows/`. By default the experiment's name.",
    ),
  connections: z.array(connection).nullish().describe("Services that the flow calls."),
  parameters: parameters.nullish(),
  ...blocks,
});

/**
 * `experiment.<env>.yaml`: each block that is present replaces the whole block of `experiment.yaml`; an
 * absent one falls back; one without a value means none. `name` and `flow` never change.
 */
export const overlaySchema = z.strictObject(blocks);

/** Hyper-parameters and their values, by where they act. */
export type Grid = z.output<typeof parameters>;

export type ExperimentConnection = z.output<typeof connection>;

type Base = z.output<typeof experimentSchema>;
type Overlay = z.output<typeof overlaySchema>;

/** Base and overlay as one, before folders are looked up. */
export type ExperimentText = Omit<
  Base,
  "datasets" | "evaluators" | "connections" | "gate" | "parameters" | "runtime"
> & {
  gate: Readonly<Record<string, number>>;
  parameters?: Grid;
  connections: NonNullable<Base["connections"]>;
  datasets: NonNullable<Base["datasets"]>;
  evaluators: NonNullable<Base["evaluators"]>;
  runtime?: string;
};

/** Lay an overlay over its base, block by block. */
export function overlay(base: Base, over: Overlay = {}): ExperimentText {
  const block = <Key extends keyof Overlay>(key: Key): Overlay[Key] =>
    key in over ? over[key] : base[key];
  return {
    ...base,
    connections: base.connections ?? [],
    parameters: base.parameters ?? undefined,
    datasets: block("datasets") ?? [],
    evaluators: block("evaluators") ?? [],
    runtime: block("runtime") ?? undefined,
    gate: block("gate") ?? {},
  };
}
