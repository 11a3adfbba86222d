import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import type { Experiment } from "../../../config/experiment";
import { downloadBlob } from "../../provider/blobFiles";
import type { ResourceManager } from "../../provider/resourceManager";
import { CommandError, EXIT } from "../exit";
import { registeredFile, registeredSource } from "../experiment/registered";
import type { OpenWorkspace } from "../openWorkspace";

/**
 * Bring the registered datasets of an experiment here, each version once: lines are checked, split and evaluated
 * like those of a file in the repository.
 */
export async function fetchRegistered({
  azure,
  root,
  env,
  workspace,
  experiment: { datasets, evaluators },
  say,
}: {
  azure: ResourceManager;
  root: string;
  env: string;
  workspace: OpenWorkspace;
  experiment: Experiment;
  say: (text: string) => void;
}): Promise<void> {
  const all = [...datasets, ...evaluators.flatMap((evaluator) => evaluator.datasets)];
  for (const source of new Set(all.map((dataset) => dataset.source))) {
    const registered = registeredSource(source);
    if (registered === undefined) continue;
    const file = path.join(root, registeredFile(env, registered));
    if (existsSync(file)) continue;
    const { name, version } = registered;
    const place = await placeOf(
      azure,
      workspace,
      `${workspace.id}/data/${name}/versions/${version}`,
    );
    say(`fetching ${source}`);
    mkdirSync(path.dirname(file), { recursive: true });
    const temporary = `${file}.${process.pid}.tmp`;
    try {
      if (!(await downloadBlob(azure.cloud, place, temporary))) {
        throw new CommandError(
          `${source}: ${place.path} is no file; an experiment reads datasets of one JSON Lines file (uri_file)`,
        );
      }
      renameSync(temporary, file);
    } finally {
      rmSync(temporary, { force: true });
    }
  }
}

async function placeOf(azure: ResourceManager, workspace: OpenWorkspace, id: string) {
  const version = await azure.get(id);
  if (version === undefined) {
    throw new CommandError(
      `${id} does not exist; register it, or name a version that is registered`,
      EXIT.failed,
    );
  }
  const { dataUri = "" } = version.body["properties"] as { dataUri?: string };
  const [, datastore, file] = /\/datastores\/([^/]+)\/paths\/(.+)$/.exec(dataUri) ?? [];
  const stored = datastore && (await azure.get(`${workspace.id}/datastores/${datastore}`));
  const { accountName, containerName } = ((stored || undefined)?.body["properties"] ?? {}) as {
    accountName?: string;
    containerName?: string;
  };
  if (file === undefined || accountName === undefined || containerName === undefined) {
    throw new CommandError(
      `${id} lies at ${dataUri}; an experiment reads datasets from blob datastores of the workspace`,
      EXIT.failed,
    );
  }
  return { account: accountName, container: containerName, path: file };
}
