import path from "node:path";
import { datasetPrefix, modelParts, modelPrefix } from "../../../config/assets";
import type { Dataset, Experiment } from "../../../config/experiment";
import { hashFile, hashFolder } from "../../../config/hash";
import type { FolderContent } from "../../../config/hash";
import { listing, orListing } from "../../../config/suggest";
import { CommandError } from "../exit";

/** One asset to register: its bytes here, and what its version says beside their address. */
export interface Wanted {
  readonly kind: "model" | "data";
  readonly name: string;
  readonly content: FolderContent;
  /** Folder of the files, relative to the repository. */
  readonly source: string;
  /** Folder in the datastore, below which each content has its own. */
  readonly prefix: string;
  /** ARM properties of a version whose files lie at an address. */
  properties(uri: string): Record<string, unknown>;
  /** What the version's address names below the folder of its files; empty for the folder itself. */
  readonly file: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** The model of a flow, as the stack registers it for an arm that serves `current`. */
export function wantedModel(
  root: string,
  flow: string,
  experiment: Experiment,
  modelName: string,
): Wanted {
  const { properties, tags } = modelParts(flow);
  return {
    kind: "model",
    name: modelName,
    content: hashFolder(root, experiment.flow),
    source: experiment.flow,
    prefix: modelPrefix(flow),
    properties: (modelUri) => ({ ...properties, modelUri }),
    file: "",
    tags,
  };
}

/** The datasets of an experiment that lie in the repository, or those of them that are named. */
export function wantedDatasets(
  root: string,
  flow: string,
  experiment: Experiment,
  names: readonly string[] | undefined,
): Wanted[] {
  const local = localDatasets(experiment);
  const known = local.map(({ name }) => name);
  const unknown = (names ?? []).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    const registered = experiment.datasets.some(({ name }) => name === unknown);
    throw new CommandError(
      registered
        ? `the dataset ${unknown} of ${flow} is registered already: its source is not a file; name one of ${listing(known)}`
        : `${flow} has no dataset ${JSON.stringify(unknown)}; ${orListing(unknown, known, "add it under datasets of its experiment.yaml")}`,
    );
  }
  return local
    .filter(({ name }) => names === undefined || names.includes(name))
    .map((dataset) => wantedDataset(root, flow, dataset));
}

/** A dataset with a file. */
type LocalDataset = Dataset & { readonly path: string };

/** Datasets of the flow, and those that evaluators bring with them. */
function localDatasets({ datasets, evaluators }: Experiment): LocalDataset[] {
  const all = [...datasets, ...evaluators.flatMap((evaluator) => evaluator.datasets)];
  const byName = new Map<string, LocalDataset>();
  for (const dataset of all) {
    const { name, path: file } = dataset;
    if (file === undefined) continue;
    const other = byName.get(name);
    if (other !== undefined && other.path !== file) {
      throw new CommandError(
        `two datasets are called ${name}: ${other.path} and ${file}; a registered dataset has one name, rename one of them`,
      );
    }
    byName.set(name, other ?? { ...dataset, path: file });
  }
  return [...byName.values()];
}

function wantedDataset(root: string, flow: string, dataset: LocalDataset): Wanted {
  const { name, description } = dataset;
  return {
    kind: "data",
    name,
    content: hashFile(root, dataset.path),
    source: path.posix.dirname(dataset.path),
    prefix: datasetPrefix(name),
    properties: (dataUri) => ({
      dataType: "uri_file",
      dataUri,
      ...(description === undefined ? {} : { description }),
    }),
    file: path.posix.basename(dataset.path),
    tags: { flow },
  };
}
