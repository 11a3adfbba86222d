import { guid } from "../ids";
import type { ResourceType } from "./type";

export const workspacePath =
  "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.MachineLearningServices/workspaces/{workspaceName}";

/** The Machine Learning workspace and what hangs on it besides endpoints and assets. */
export const workspaceTypes: Readonly<Record<string, ResourceType>> = {
  "azure-native:machinelearningservices:Workspace": {
    path: workspacePath,
    name: {
      min: 3,
      max: 33,
      pattern: /^[A-Za-z0-9][-\w]*$/,
      says: "letters, digits, hyphens and underscores, starting with a letter or digit",
      source:
        "swagger machineLearningServices, parameter workspaceName: ^[a-zA-Z0-9][a-zA-Z0-9_-]{2,32}$",
    },
    defaults: {
      kind: "Default",
      "properties.publicNetworkAccess": "Enabled",
      "properties.hbiWorkspace": false,
    },
    computed: {
      "properties.workspaceId": ({ id }) => guid(id, "workspace"),
      "properties.tenantId": ({ tenantId }) => tenantId,
      "properties.provisioningState": () => "Succeeded",
      "properties.discoveryUrl": ({ location }) => `https://${location}.api.azureml.ms/discovery`,
      "properties.mlFlowTrackingUri": ({ id, location }) =>
        `azureml://${location}.api.azureml.ms/mlflow/v1.0${id}`,
    },
    references: [
      "properties.keyVault",
      "properties.storageAccount",
      "properties.applicationInsights",
      "properties.containerRegistry",
    ],
  },
};
