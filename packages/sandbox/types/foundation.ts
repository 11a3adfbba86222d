import { guid } from "../ids";
import { roleAssignmentRules } from "../rules/role-assignment";
import type { ResourceType } from "./type";

const inGroup = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers";

/** learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules */
const nameRules = "Azure resource name rules";

/** Tenant, application, principal and scope of an assignment cannot be updated. */
const rbac = "learn.microsoft.com/azure/role-based-access-control/troubleshooting";

/** What holds and secures everything else. */
export const foundationTypes: Readonly<Record<string, ResourceType>> = {
  "azure-native:resources:ResourceGroup": {
    path: "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}",
    name: {
      min: 1,
      max: 90,
      pattern: /^[-\w.()]*[-\w()]$/,
      says: "letters, digits, underscores, hyphens, periods and parentheses, no period at the end",
      source: nameRules,
    },
    computed: { "properties.provisioningState": () => "Succeeded" },
  },
  "azure-native:managedidentity:UserAssignedIdentity": {
    path: `${inGroup}/Microsoft.ManagedIdentity/userAssignedIdentities/{resourceName}`,
    name: {
      min: 3,
      max: 128,
      pattern: /^[A-Za-z0-9][-\w]*$/,
      says: "letters, digits, hyphens and underscores, starting with a letter or digit",
      source: nameRules,
    },
    computed: {
      "properties.principalId": ({ id }) => guid(id, "principal"),
      "properties.clientId": ({ id }) => guid(id, "client"),
      "properties.tenantId": ({ tenantId }) => tenantId,
    },
  },
  "azure-native:authorization:RoleAssignment": {
    path: "{scope}/providers/Microsoft.Authorization/roleAssignments/{roleAssignmentName}",
    defaults: { "properties.principalType": "User" },

    immutable: [
      { path: "properties.principalId", code: "RoleAssignmentUpdateNotPermitted", source: rbac },
      {
        path: "properties.roleDefinitionId",
        code: "RoleAssignmentUpdateNotPermitted",
        source: rbac,
      },
      { path: "properties.principalType", code: "RoleAssignmentUpdateNotPermitted", source: rbac },
      { path: "properties.condition", code: "RoleAssignmentUpdateNotPermitted", source: rbac },
      {
        path: "properties.conditionVersion",
        code: "RoleAssignmentUpdateNotPermitted",
        source: rbac,
      },
      {
        path: "properties.delegatedManagedIdentityResourceId",
        code: "RoleAssignmentUpdateNotPermitted",
        source: rbac,
      },
    ],
    computed: {
      "properties.scope": ({ parameters }) => parameters["scope"],
      "properties.createdBy": ({ tenantId }) => guid(tenantId, "deployer"),
      "properties.createdOn": ({ now }) => new Date(now).toISOString(),
      "properties.updatedBy": ({ tenantId }) => guid(tenantId, "deployer"),
      "properties.updatedOn": ({ now }) => new Date(now).toISOString(),
    },
    writeRules: roleAssignmentRules,
  },
};
