import { guid } from "../ids";
import { valueAt } from "../paths";
import { accountOnCreate, accountRules, modelDeploymentRules } from "../rules/cognitive";
import { refuse } from "../rules/rule";
import { nameRules } from "./names";
import type { ResourceType } from "./type";

const account =
  "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.CognitiveServices/accounts/{accountName}";
const succeeded = { "properties.provisioningState": () => "Succeeded" };

/** Azure OpenAI: the account and the models it serves. */
export const cognitiveTypes: Readonly<Record<string, ResourceType>> = {
  "azure-native:cognitiveservices:Account": {
    path: account,
    name: {
      min: 2,
      max: 64,
      pattern: /^[A-Za-z0-9][-A-Za-z0-9]*[A-Za-z0-9]$/,
      says: "letters, digits and hyphens, starting and ending with a letter or digit",
      source: nameRules,
    },
    sticky: ["properties.customSubDomainName"],
    defaults: { "properties.publicNetworkAccess": "Enabled", "properties.disableLocalAuth": false },
    immutable: [
      { path: "kind", replaces: false, source: "REST Accounts - Create" },
      {
        path: "properties.customSubDomainName",
        replaces: false,
        source: "learn.microsoft.com/azure/ai-services/cognitive-services-custom-subdomains",
      },
    ],
    computed: {
      ...succeeded,
      "properties.endpoint": ({ body, location }) => {
        const domain = valueAt(body, "properties.customSubDomainName");
        if (typeof domain !== "string") return `https://${location}.api.cognitive.microsoft.com/`;
        return body["kind"] === "OpenAI"
          ? `https://${domain}.openai.azure.com/`
          : `https://${domain}.cognitiveservices.azure.com/`;
      },
      "properties.internalId": ({ id }) => guid(id, "internal").replace(/-/g, ""),
    },
    writeOnly: ["properties.restore"],
    softDelete: {
      days: () => 2,
      unique: "parent",
      onCreate: accountOnCreate,
      purge: {
        method: "DELETE",
        path: "/subscriptions/{subscriptionId}/providers/Microsoft.CognitiveServices/locations/{location}/resourceGroups/{resourceGroupName}/deletedAccounts/{name}",
      },
      source: "learn.microsoft.com/azure/ai-services/recover-purge-resources",
    },
    writeRules: accountRules,
    actions: {
      listKeys: ({ id, body }) =>
        valueAt(body, "properties.disableLocalAuth") === true
          ? refuse(400, "BadRequest", "Failed to list key. disableLocalAuth is set to be true.")
          : { status: 200, body: { key1: guid(id, "key1"), key2: guid(id, "key2") } },
    },
  },
  "azure-native:cognitiveservices:Deployment": {
    path: `${account}/deployments/{deploymentName}`,
    name: {
      min: 2,
      max: 64,
      pattern: /^[A-Za-z0-9][-\w.]*[A-Za-z0-9]$/,
      says: "letters, digits, hyphens, underscores and periods, starting and ending with a letter or digit",
      source: "REST Deployments - Create Or Update",
    },
    defaults: { "properties.versionUpgradeOption": "OnceNewDefaultVersionAvailable" },
    computed: succeeded,
    writeRules: modelDeploymentRules,
  },
};
