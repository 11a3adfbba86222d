import type { Experiment } from "../../../config/experiment";
import { flowFolders } from "../../../config/flowChecks";
import { modelName } from "../../../config/names";
import { readEnvironment } from "../../../config/read";
import { readExperiment } from "../../../config/readExperiment";
import { stackNames } from "../../../config/stackFile";
import { orListing } from "../../../config/suggest";
import { assetPath } from "../../provider/assetRules";
import type { Asset } from "../../provider/assetRules";
import { ensureVersion, listVersions } from "../../provider/assetVersion";
import type { FoundVersion } from "../../provider/assetVersion";
import { ensureFolder } from "../../provider/blobFolder";
import { cloudFromEnvironment } from "../../provider/cloud";
import { ResourceManager } from "../../provider/resourceManager";
import { CommandError } from "../exit";
import { explained, openWorkspace } from "../openWorkspace";
import type { OpenWorkspace } from "../openWorkspace";
import { evidenceOf, passingGate } from "./gate";
import { approve as approveVersion, approvePromoted, ownRegistry, publish } from "./publish";
import { wantedDatasets, wantedModel } from "./plan";
import type { Wanted } from "./plan";

export interface RegisterOptions {
  readonly root: string;
  readonly flow: string;
  /** Stack whose workspace gets the versions. */
  readonly env: string;
  /** Environment that the model's version is approved for; absent: none. */
  readonly approve?: string;
  /** Names of the datasets to register alone; absent: all of them and the model. */
  readonly datasets?: readonly string[];
}

/**
 * Register a flow's datasets and model, new versions only where bytes changed, and say of each which version
 * holds them. Everything that can be refused without Azure is refused before the first version is made.
 */
export async function register(
  options: RegisterOptions,
  say: (line: string) => void,
): Promise<void> {
  const { root, flow, env, approve } = options;
  const environment = readEnvironment({ root, stack: env });
  if (!flowFolders(root).includes(flow)) {
    const mend = orListing(flow, flowFolders(root), "add one with `genaiops new`");
    throw new CommandError(`there is no folder flows/${flow}; ${mend}`);
  }
  const experiment = readExperiment({ root, flow, env });
  const { promotion } = environment;
  const name = modelName(experiment.name, promotion?.from ?? env);
  const model = wantedModel(root, flow, experiment, name);
  const data = wantedDatasets(root, flow, experiment, options.datasets);
  const gate =
    approve === undefined
      ? undefined
      : approval({ ...options, promoted: promotion?.from }, approve, model, experiment.gate);

  const azure = new ResourceManager(cloudFromEnvironment());
  await explained(async () => {
    const workspace = await openWorkspace(azure, environment);
    for (const dataset of data) await ensure(azure, root, workspace, dataset, say);
    if (options.datasets !== undefined) return;
    const shared = { azure, environment, flow, model, say };
    if (promotion) return approvePromoted({ ...shared, evidence: gate });
    const version = await ensure(azure, root, workspace, model, say);
    if (approve === undefined || gate === undefined) return;
    const changed = await approveVersion(azure, version.assetId, approve, gate);
    const done = changed ? "approved" : "is approved already";
    say(`model ${model.name} version ${version.version}: ${done} for ${approve}, ${gate}`);
    const registry = ownRegistry(environment);
    if (approve === env && registry) await publish(registry, { ...shared, evidence: gate });
    if (approve !== env) {
      const other = modelName(experiment.name, approve);
      say(
        `note: the stack ${approve} takes approved versions of ${other}; this approval stands on ${model.name}`,
      );
    }
  });
}

/** The text of the approval. Refused without a gate that these bytes have passed. */
function approval(
  options: RegisterOptions & { readonly promoted: string | undefined },
  approve: string,
  model: Wanted,
  asked: Experiment["gate"],
): string {
  const { root, flow, env } = options;
  if (options.promoted && approve !== env) {
    throw new CommandError(
      `${env} deploys what ${options.promoted} evaluates, and approves for itself alone; write --approve ${env}`,
    );
  }
  if (options.datasets !== undefined) {
    throw new CommandError(
      "--approve is about the model, --dataset leaves it out; drop one of them",
    );
  }
  const known = stackNames(root);
  if (!known.includes(approve)) {
    const mend = orListing(approve, known, `add Pulumi.${approve}.yaml`);
    throw new CommandError(`there is no environment ${JSON.stringify(approve)}; ${mend}`);
  }
  return evidenceOf(passingGate({ root, flow, env, model: model.content.hash, asked }));
}

/** Bring the bytes to the workspace and find or make the version that holds them. */
async function ensure(
  azure: ResourceManager,
  root: string,
  workspace: OpenWorkspace,
  wanted: Wanted,
  say: (line: string) => void,
): Promise<FoundVersion> {
  const { kind, name, content, source, prefix, tags } = wanted;
  const { account, container } = workspace;
  const folder = { account, container, prefix, source, files: content.files, hash: content.hash };
  const { path } = await ensureFolder(azure.cloud, root, folder);
  const uri = workspace.uri(wanted.file === "" ? path : `${path}/${wanted.file}`);
  const asset: Asset = {
    workspace: workspace.id,
    kind,
    name,
    hash: content.hash,
    properties: wanted.properties(uri),
    tags,
  };
  const before = await listVersions(azure, assetPath(asset));
  const version = await ensureVersion(azure, asset);
  const stood = before.some((each) => each.version === version.version);
  say(
    stood
      ? `${kind} ${name}: version ${version.version} stands, it holds these bytes`
      : `${kind} ${name}: registered version ${version.version}`,
  );
  return version;
}
