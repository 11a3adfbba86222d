import { guid } from "../ids";
import { federatedCredentialRules } from "../rules/federatedCredential";
import { roleAssignmentRules } from "../rules/roleAssignment";
import { nameRules, wordName } from "./names";
import type { ResourceType } from "./type";

const identity =
  "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{resourceName}";

/** Who made an assignment and what it is cannot be updated. */
const fixed = (path: string) => ({
  path: `properties.${path}`,
  code: "RoleAssignmentUpdateNotPermitted",
  source: "learn.microsoft.com/azure/role-based-access-control/troubleshooting",
});

/** What holds and secures everything else. */
export const foundationTypes: Readonly<Record<string, ResourceType>> = {
  "azure-native:resources:ResourceGroup": {
    path: "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}",
    name: {
      min: 1,
      max: 90,
      pattern: /^[-\w.()]*[-\w()]$/,
      says: "letters, digits, underscores, hyphens, periods and parentheses, no period at the end",
      invalidCode: "InvalidResourceGroupName",
      source: nameRules,
    },
    computed: { "properties.provisioningState": () => "Succeeded" },
  },
  "azure-native:authorization:ManagementLockByScope": {
    path: "{scope}/providers/Microsoft.Authorization/locks/{lockName}",
    name: {
      min: 1,
      max: 90,
      pattern: /^[-\w.()]*[-\w()]$/,
      says: "letters, digits, underscores, hyphens, periods and parentheses, no period at the end",
      source: nameRules,
    },
  },
  "azure-native:authorization:RoleAssignment": {
    path: "{scope}/providers/Microsoft.Authorization/roleAssignments/{roleAssignmentName}",
    defaults: { "properties.principalType": "User" },
    immutable: [
      "principalId",
      "roleDefinitionId",
      "principalType",
      "condition",
      "conditionVersion",
      "delegatedManagedIdentityResourceId",
    ].map(fixed),
    computed: {
      "properties.scope": ({ parameters }) => parameters["scope"],
      "properties.createdBy": ({ tenantId }) => guid(tenantId, "deployer"),
      "properties.createdOn": ({ now }) => new Date(now).toISOString(),
      "properties.updatedBy": ({ tenantId }) => guid(tenantId, "deployer"),
      "properties.updatedOn": ({ now }) => new Date(now).toISOString(),
    },
    writeRules: roleAssignmentRules,
  },
  "azure-native:managedidentity:UserAssignedIdentity": {
    path: identity,
    name: wordName(3, 128),
    computed: {
      "properties.principalId": ({ id }) => guid(id, "principal"),
      "properties.clientId": ({ id }) => guid(id, "client"),
      "properties.tenantId": ({ tenantId }) => tenantId,
    },
  },
  "azure-native:managedidentity:FederatedIdentityCredential": {
    path: `${identity}/federatedIdentityCredentials/{federatedIdentityCredentialResourceName}`,
    name: wordName(3, 120),
    writeRules: federatedCredentialRules,
  },
};
