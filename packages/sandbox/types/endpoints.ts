import { guid, key } from "../ids";
import { valueAt } from "../paths";
import { endpointRules } from "../rules/endpoint";
import { deploymentRules, deploymentDeleteRules } from "../rules/deployment";
import { refuse } from "../rules/rule";
import type { ResourceType } from "./type";
import { workspacePath } from "./workspace";

const endpointPath = `${workspacePath}/onlineEndpoints/{endpointName}`;

/** x-ms-mutability in Azure/azure-rest-api-specs, Microsoft.MachineLearningServices/stable/2023-04-01 */
const swagger = "swagger mfe.json";

/** DOC/how-to-manage-quotas.md, DOC/reference-yaml-endpoint-online.md */
const nameRule = {
  min: 3,
  max: 32,
  pattern: /^[A-Za-z](?:[A-Za-z0-9]|-(?!-))*$/,
  says: "letters, digits and single dashes, starting with a letter",
  source: "DOC/how-to-manage-quotas.md",
};

/** Writes on an endpoint and on its deployments exclude each other: DOC/how-to-troubleshoot-online-endpoints.md */
const endpointGroup = (id: string): string => key(id).replace(/\/deployments\/[^/]+$/, "");

export const endpointTypes: Readonly<Record<string, ResourceType>> = {
  "azure-native:machinelearningservices:OnlineEndpoint": {
    path: endpointPath,
    name: { ...nameRule, unique: "region", takenCode: "UserError" },
    defaults: {
      kind: "Managed",
      identity: { type: "SystemAssigned" },
      "properties.publicNetworkAccess": "Enabled",
      "properties.traffic": {},
      "properties.mirrorTraffic": {},
    },
    computed: {
      "properties.provisioningState": () => "Succeeded",
      "properties.scoringUri": ({ name, location }) =>
        `https://${name}.${location}.inference.ml.azure.com/score`,
      "properties.swaggerUri": ({ name, location }) =>
        `https://${name}.${location}.inference.ml.azure.com/swagger.json`,
    },
    sticky: ["properties.keys"],
    immutable: [
      { path: "properties.keys", source: `${swagger}, EndpointPropertiesBase.keys: create` },
    ],
    secrets: ["properties.keys"],
    longRunning: { group: endpointGroup },
    patch: ["tags", "identity"],
    writeRules: endpointRules,
    actions: {
      listKeys: ({ id, body }) =>
        valueAt(body, "properties.authMode") === "Key"
          ? {
              status: 200,
              body: { primaryKey: guid(id, "primaryKey"), secondaryKey: guid(id, "secondaryKey") },
            }
          : refuse(400, "BadRequest", "The endpoint has no keys: its authMode is not Key."),
      token: ({ id, body }) =>
        valueAt(body, "properties.authMode") === "AMLToken"
          ? { status: 200, body: { accessToken: guid(id, "token"), tokenType: "Bearer" } }
          : refuse(400, "BadRequest", "The endpoint has no tokens: its authMode is not AMLToken."),
    },
  },
  "azure-native:machinelearningservices:OnlineDeployment": {
    path: `${endpointPath}/deployments/{deploymentName}`,
    name: nameRule,
    defaults: { kind: "Managed", sku: { name: "Default", capacity: 1 } },
    computed: { "properties.provisioningState": () => "Succeeded" },
    immutable: [
      {
        path: "properties.instanceType",
        source: `${swagger}, OnlineDeployment.instanceType: create, read`,
      },
      {
        path: "properties.endpointComputeType",
        replaces: false,
        source: "DOC/reference-yaml-deployment-managed-online.md",
      },
      {
        path: "properties.egressPublicNetworkAccess",
        replaces: false,
        source: "DOC/concept-secure-online-endpoint.md",
      },
    ],
    references: ["properties.model", "properties.environmentId"],
    longRunning: { group: endpointGroup },
    patch: ["tags", "sku"],
    writeRules: deploymentRules,
    deleteRules: deploymentDeleteRules,
  },
};
