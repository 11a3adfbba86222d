import type { Environment } from "../../../config/environment";
import { Azure } from "../../sandbox/azure";
import { StateFile } from "../../sandbox/server/stateFile";
import { apiVersion } from "../../sandbox/translate";
import { workspaceId } from "../rollout/place";

/** A cluster that a stack names, as a compute of its workspace. */
export interface ClusterPlace {
  /** ARM id. */
  readonly workspace: string;
  /** Name of the compute. */
  readonly name: string;
}

/** The cluster that the environment names, if any. */
export function clusterPlace(environment: Environment): ClusterPlace | undefined {
  const { kubernetes } = environment.settings;
  return kubernetes && { workspace: workspaceId(environment), name: kubernetes.name };
}

/**
 * What a cluster's owner did before a flow moved there: attach it to the workspace, where that stands (`az ml
 * compute attach`, docs/operations.md). What is attached already stays.
 */
export function attachCluster(stateFile: string, { workspace, name }: ClusterPlace): void {
  const file = new StateFile(stateFile);
  const azure = new Azure(file.state.azure, { polls: 0 });
  const token = "azure-native:machinelearningservices:Compute";
  const compute = `${workspace}/computes/${name}?api-version=${apiVersion(token)}`;
  const stands = (path: string) => azure.request({ method: "GET", path }).status === 200;
  if (!stands(`${workspace}?api-version=${apiVersion(token)}`) || stands(compute)) return;
  const [group = ""] = /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+/i.exec(workspace) ?? [];
  const { status, body } = azure.request({
    method: "PUT",
    path: compute,
    body: {
      properties: {
        computeType: "Kubernetes",
        resourceId: `${group}/providers/Microsoft.ContainerService/managedClusters/${name}`,
        properties: { namespace: "flows" },
      },
    },
  });
  if (status >= 400) throw new Error(`${name} is refused: ${JSON.stringify(body)}`);
  file.save();
}
