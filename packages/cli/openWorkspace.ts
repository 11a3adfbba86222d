import { datastoreUri, DATASTORE } from "../../config/assets";
import type { Environment } from "../../config/environment";
import type { ResourceManager } from "../provider/resourceManager";
import { UserError } from "../provider/userError";
import { CommandError, EXIT } from "./exit";

/** A workspace and where its own datastore keeps files. */
export interface OpenWorkspace {
  /** ARM id. */
  readonly id: string;
  /** ARM id of its resource group. */
  readonly groupId: string;
  readonly account: string;
  readonly container: string;
  /** Address of a file or folder of the datastore. */
  uri(path: string): string;
}

/** The workspace of an environment. Throws `CommandError` where it does not stand yet. */
export async function openWorkspace(
  azure: ResourceManager,
  { subscriptionId, names, settings, stack }: Environment,
): Promise<OpenWorkspace> {
  const adopted = settings.workspace.mode === "existing" ? settings.workspace : undefined;
  const resourceGroup = adopted?.resourceGroup ?? names.resourceGroup;
  const groupId = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`;
  const id = `${groupId}/providers/Microsoft.MachineLearningServices/workspaces/${names.workspace}`;
  const datastore = await azure.get(`${id}/datastores/${DATASTORE}`);
  const { accountName, containerName } = (datastore?.body["properties"] ?? {}) as {
    accountName?: string;
    containerName?: string;
  };
  if (accountName === undefined || containerName === undefined) {
    throw new CommandError(
      `there is no workspace ${names.workspace} in the resource group ${resourceGroup}; make it with: pulumi up --stack ${stack}`,
      EXIT.failed,
    );
  }
  const place = { subscriptionId, resourceGroup, workspace: names.workspace };
  return {
    id,
    groupId,
    account: accountName,
    container: containerName,
    uri: (path) => datastoreUri({ ...place, path }),
  };
}

/** What Azure refuses the user can mend: its message, without a stack trace. */
export async function explained<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof UserError) throw new CommandError(error.message, EXIT.failed);
    throw error;
  }
}
