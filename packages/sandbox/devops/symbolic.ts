import type { Json } from "../paths";

/** What each look-up answers besides its arguments. */
const results: Readonly<Record<string, readonly string[]>> = {
  getAgentQueue: ["agentPoolId", "id"],
  getClientConfig: ["id", "name", "organizationUrl", "ownerId", "status", "tenantId"],
  getDescriptor: ["descriptor", "id"],
  getEnvironment: ["description", "environmentId", "id", "name"],
  getGitRepository: [
    "defaultBranch",
    "disabled",
    "id",
    "isFork",
    "remoteUrl",
    "size",
    "sshUrl",
    "url",
    "webUrl",
  ],
  getGroup: ["descriptor", "groupId", "id", "origin", "originId"],
  getIdentityGroup: ["descriptor", "id", "subjectDescriptor"],
  getIdentityUsers: ["descriptor", "id", "subjectDescriptor"],
  getPool: ["autoProvision", "autoUpdate", "id", "poolType"],
  getProject: [
    "description",
    "features",
    "id",
    "name",
    "processTemplateId",
    "projectId",
    "versionControl",
    "visibility",
    "workItemTemplate",
  ],
  getServiceEndpointAzureRM: [
    "authorization",
    "azurermManagementGroupId",
    "azurermManagementGroupName",
    "azurermSpnTenantid",
    "azurermSubscriptionId",
    "azurermSubscriptionName",
    "description",
    "environment",
    "id",
    "resourceGroup",
    "serverUrl",
    "serviceEndpointAuthenticationScheme",
    "serviceEndpointId",
    "serviceEndpointName",
    "servicePrincipalId",
    "workloadIdentityFederationIssuer",
    "workloadIdentityFederationSubject",
  ],
  getServicePrincipal: ["descriptor", "id", "origin", "originId"],
  getStorageKey: ["id", "storageKey"],
  getTeam: ["administrators", "description", "descriptor", "id", "members"],
  getUser: [
    "displayName",
    "domain",
    "id",
    "mailAddress",
    "origin",
    "originId",
    "principalName",
    "subjectKind",
  ],
  getUsers: ["id"],
  getVariableGroup: ["allowAccess", "description", "id", "keyVaults", "variables"],
};

/** Lists in answers, and what their items have. */
const lists: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  getUsers: {
    users: [
      "descriptor",
      "displayName",
      "id",
      "mailAddress",
      "origin",
      "originId",
      "principalName",
    ],
  },
};

/**
 * What a plan made without the organisation answers to a look-up: its arguments, and for all else a text
 * that says what will stand there, `${getIdentityUsers(lead@contoso.com).id}`. Undefined for a function
 * that is none of the provider's.
 */
export function symbolicLookUp(token: string, args: Json): Json | undefined {
  const name = token.startsWith("azuredevops:") ? (token.split(":").at(-1) ?? "") : "";
  const asked = Object.values(args)
    .filter((value) => value !== undefined && value !== null)
    .map((value) => (typeof value === "string" ? value : JSON.stringify(value)));
  const text = (path: string) => `\${${name}(${asked.join(", ")}).${path}}`;
  const answers = results[name]?.map((result): [string, unknown] => [result, text(result)]);
  // The first of a list stands for whoever is found.
  const first = Object.entries(lists[name] ?? {}).map(([list, items]): [string, unknown] => [
    list,
    [Object.fromEntries(items.map((item) => [item, text(`${list}[0].${item}`)]))],
  ]);
  return answers && { ...Object.fromEntries([...answers, ...first]), ...args };
}
