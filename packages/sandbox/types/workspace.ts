import { guid } from "../ids";
import { valueAt } from "../paths";
import { refuse } from "../rules/rule";
import { connectionRules, datastoreRules, listSecrets } from "../rules/workspaceChild";
import { networkRules, outboundRules, provisionNetwork } from "../rules/managedNetwork";
import { workspaceRules } from "../rules/workspace";
import { wordName } from "./names";
import type { ResourceType } from "./type";

const inGroup = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers";

export const workspacePath = `${inGroup}/Microsoft.MachineLearningServices/workspaces/{workspaceName}`;

export const registryPath = `${inGroup}/Microsoft.MachineLearningServices/registries/{registryName}`;

const succeeded = { "properties.provisioningState": () => "Succeeded" };
const once = "azure-native Workspace: cannot be changed once the workspace has been created";

/** Container of a workspace's default datastore. */
function defaultContainer(workspaceId: string): string {
  return `azureml-blobstore-${guid(workspaceId, "workspace")}`;
}

/** The Machine Learning workspace and what hangs on it besides endpoints and assets. */
export const workspaceTypes: Readonly<Record<string, ResourceType>> = {
  "azure-native:machinelearningservices:Workspace": {
    path: workspacePath,
    // swagger machineLearningServices.json, parameter workspaceName
    name: wordName(3, 33),
    sticky: ["properties.managedNetwork"],
    defaults: {
      kind: "Default",
      "properties.publicNetworkAccess": "Enabled",
      "properties.hbiWorkspace": false,
      "properties.v1LegacyMode": false,
      "properties.systemDatastoresAuthMode": "accessKey",
    },
    immutable: [
      { path: "properties.keyVault", replaces: false, source: once },
      { path: "properties.storageAccount", replaces: false, source: once },
      {
        path: "properties.hbiWorkspace",
        replaces: false,
        source: "learn.microsoft.com/azure/machine-learning/concept-data-encryption",
      },
    ],
    computed: {
      ...succeeded,
      "properties.workspaceId": ({ id }) => guid(id, "workspace"),
      "properties.tenantId": ({ tenantId }) => tenantId,
      "properties.discoveryUrl": ({ location }) => `https://${location}.api.azureml.ms/discovery`,
      "properties.mlFlowTrackingUri": ({ id, location }) =>
        `azureml://${location}.api.azureml.ms/mlflow/v1.0${id}`,
      "properties.managedNetwork.status": ({ body, before }) => {
        const isolation = valueAt(body, "properties.managedNetwork.isolationMode");
        if (isolation === undefined || isolation === "Disabled") return undefined;
        const ready = valueAt(before, "properties.managedNetwork.status.status") === "Active";
        const now = valueAt(body, "properties.provisionNetworkNow") === true;
        return { status: ready || now ? "Active" : "Inactive", sparkReady: false };
      },
    },
    references: [
      "properties.keyVault",
      "properties.storageAccount",
      "properties.applicationInsights",
      "properties.containerRegistry",
    ],
    softDelete: {
      days: () => 14,
      unique: "parent",
      onCreate: ({ name }) =>
        refuse(
          409,
          "Conflict",
          `Workspace '${name}' is in soft-deleted state; recover it, purge it with forceToPurge, or choose another name.`,
        ),
      source: "DOC/concept-soft-delete.md",
    },
    writeRules: [...workspaceRules, ...networkRules],
    actions: { provisionManagedNetwork: provisionNetwork },
    brings: [
      {
        token: "azure-native:machinelearningservices:Datastore",
        id: ({ id }) => `${id}/datastores/workspaceblobstore`,
        body: ({ id, body }) => ({
          properties: {
            datastoreType: "AzureBlob",
            accountName: String(valueAt(body, "properties.storageAccount")).split("/").at(-1),
            containerName: defaultContainer(id),
            endpoint: "core.windows.net",
            protocol: "https",
            isDefault: true,
            credentials: { credentialsType: "None" },
            serviceDataAccessAuthIdentity: "WorkspaceSystemAssignedIdentity",
          },
        }),
      },
      {
        token: "azure-native:storage:BlobContainer",
        id: ({ id, body }) =>
          `${valueAt(body, "properties.storageAccount")}/blobServices/default/containers/${defaultContainer(id)}`,
        body: () => ({ properties: {} }),
      },
    ],
  },
  "azure-native:machinelearningservices:Compute": {
    path: `${workspacePath}/computes/{computeName}`,
    name: {
      min: 3,
      max: 24,
      pattern: /^[A-Za-z](?![-A-Za-z0-9]*-\d+$)[-A-Za-z0-9]+$/,
      says: "letters, digits and hyphens, starting with a letter, not ending with a hyphen and digits",
      source: "swagger machineLearningServices.json, parameter computeName",
    },
    locationOptional: true,
    immutable: [
      "computeType",
      "properties.vmSize",
      "properties.vmPriority",
      "properties.subnet",
      "properties.enableNodePublicIp",
      "disableLocalAuth",
    ].map((path) => ({
      path: `properties.${path}`,
      replaces: false,
      source: "DOC/how-to-create-attach-compute-cluster.md",
    })),
    computed: succeeded,
  },
  "azure-native:machinelearningservices:Registry": {
    path: registryPath,
    // From 3: swagger machineLearningServices.json, registryName; to 32: DOC/how-to-manage-registries.md
    name: { ...wordName(3, 32), unique: "global", takenCode: "Conflict" },
    computed: {
      "properties.discoveryUrl": ({ location, name }) =>
        `https://${location}.api.azureml.ms/registrymanagement/v1.0/registries/${name}/discovery`,
      "properties.mlFlowRegistryUri": ({ location, name }) =>
        `azureml://${location}.api.azureml.ms/mlflow/v1.0/registries/${name}`,
    },
  },
  "azure-native:machinelearningservices:WorkspaceConnection": {
    path: `${workspacePath}/connections/{connectionName}`,
    name: wordName(3, 33),
    secrets: ["properties.credentials"],
    writeRules: connectionRules,
    actions: { listsecrets: listSecrets },
  },
  "azure-native:machinelearningservices:ManagedNetworkSettingsRule": {
    path: `${workspacePath}/outboundRules/{ruleName}`,
    computed: { "properties.status": () => "Active" },
    writeRules: outboundRules,
  },
  "azure-native:machinelearningservices:Datastore": {
    path: `${workspacePath}/datastores/{name}`,
    notInBody: ["skipValidation"],
    secrets: ["properties.credentials.secrets"],
    computed: { "properties.isDefault": ({ name }) => name === "workspaceblobstore" },
    writeRules: datastoreRules,
  },
};
