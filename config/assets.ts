/**
 * How a flow's model and a dataset are registered. The stack and `genaiops register` both take it from here,
 * and so find each other's versions.
 */

/** Datastore that comes with every workspace. */
export const DATASTORE = "workspaceblobstore";

/** Where a file or folder of the workspace's own datastore is. */
export function datastoreUri({
  subscriptionId,
  resourceGroup,
  workspace,
  path,
}: {
  subscriptionId: string;
  resourceGroup: string;
  workspace: string;
  /** In the datastore's container. */
  path: string;
}): string {
  return `azureml://subscriptions/${subscriptionId}/resourcegroups/${resourceGroup}/workspaces/${workspace}/datastores/${DATASTORE}/paths/${path}`;
}

/** Where the files of a flow's models go, below it one folder for each content. */
export function modelPrefix(flow: string): string {
  return `flows/${flow}`;
}

/** Where the files of a dataset's versions go. */
export function datasetPrefix(dataset: string): string {
  return `datasets/${dataset}`;
}

/** What a version of a flow's model says of itself beside its address. */
export function modelParts(flow: string) {
  return {
    properties: {
      modelType: "custom_model",
      // Marks the model as a flow: the studio's test page and the 300 s timeout ask for it
      // (DOC/prompt-flow/how-to-deploy-to-code.md).
      properties: { "azureml.promptflow.source_flow_id": flow },
    },
    tags: { flow },
  };
}
