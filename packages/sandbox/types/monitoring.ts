import { guid } from "../ids";
import { autoscaleRules } from "../rules/autoscale";
import { componentRules, diagnosticRules, logAnalyticsRules } from "../rules/monitoring";
import { refuse } from "../rules/rule";
import { nameRules } from "./names";
import type { ResourceType } from "./type";

const inGroup = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers";

/** Where logs, traces and metrics go. */
export const monitoringTypes: Readonly<Record<string, ResourceType>> = {
  "azure-native:operationalinsights:Workspace": {
    path: `${inGroup}/Microsoft.OperationalInsights/workspaces/{workspaceName}`,
    nested: ["sku"],
    name: {
      min: 4,
      max: 63,
      pattern: /^[A-Za-z0-9][-A-Za-z0-9]*[A-Za-z0-9]$/,
      says: "letters, digits and hyphens, starting and ending with a letter or digit",
      source: nameRules,
    },
    defaults: { "properties.retentionInDays": 30, "properties.sku": { name: "PerGB2018" } },
    computed: {
      "properties.customerId": ({ id }) => guid(id, "customer"),
      "properties.provisioningState": () => "Succeeded",
    },
    softDelete: {
      days: () => 14,
      unique: "parent",
      // A create at the same place recovers; elsewhere in the world it is refused for the region.
      onCreate: ({ body, name }, deleted) =>
        body["location"] === deleted.body["location"]
          ? undefined
          : refuse(
              409,
              "Conflict",
              `Workspace '${name}' is soft-deleted in region ${String(deleted.body["location"])}; recover it there or purge it.`,
            ),
      source: "learn.microsoft.com/azure/azure-monitor/logs/delete-workspace",
    },
    writeRules: logAnalyticsRules,
  },
  "azure-native:applicationinsights:Component": {
    path: `${inGroup}/Microsoft.Insights/components/{resourceName}`,
    name: {
      min: 1,
      max: 260,
      pattern: /^[^%&\\?/]*[^%&\\?/ .]$/,
      says: "anything but % & \\ ? /, no space or period at the end",
      source: nameRules,
    },
    renamed: {
      applicationType: "Application_Type",
      flowType: "Flow_Type",
      requestSource: "Request_Source",
      workspaceResourceId: "WorkspaceResourceId",
      retentionInDays: "RetentionInDays",
      samplingPercentage: "SamplingPercentage",
      disableIpMasking: "DisableIpMasking",
      disableLocalAuth: "DisableLocalAuth",
      immediatePurgeDataOn30Days: "ImmediatePurgeDataOn30Days",
      ingestionMode: "IngestionMode",
      forceCustomerStorageForProfiler: "ForceCustomerStorageForProfiler",
      hockeyAppId: "HockeyAppId",
      appId: "AppId",
      applicationId: "ApplicationId",
      instrumentationKey: "InstrumentationKey",
      connectionString: "ConnectionString",
      tenantId: "TenantId",
    },
    defaults: {
      "properties.RetentionInDays": 90,
      "properties.Flow_Type": "Bluefield",
      "properties.Request_Source": "rest",
    },
    computed: {
      "properties.AppId": ({ id }) => guid(id, "app"),
      "properties.ApplicationId": ({ name }) => name,
      "properties.InstrumentationKey": ({ id }) => guid(id, "instrumentation"),
      "properties.ConnectionString": ({ id, location }) =>
        `InstrumentationKey=${guid(id, "instrumentation")};IngestionEndpoint=https://${location}-1.in.applicationinsights.azure.com/;ApplicationId=${guid(id, "app")}`,
      "properties.TenantId": ({ tenantId }) => tenantId,
      "properties.provisioningState": () => "Succeeded",
    },
    references: ["properties.WorkspaceResourceId"],
    writeRules: componentRules,
  },
  "azure-native:monitor:AutoscaleSetting": {
    path: `${inGroup}/Microsoft.Insights/autoscaleSettings/{autoscaleSettingName}`,
    name: {
      min: 1,
      max: 260,
      pattern: /^[^<>%&#\\?/]*[^<>%&#\\?/ .]$/,
      says: "anything but < > % & # \\ ? /, no space or period at the end",
      source: nameRules,
    },
    references: ["properties.targetResourceUri"],
    writeRules: autoscaleRules,
  },
  "azure-native:monitor:DiagnosticSetting": {
    path: "{resourceUri}/providers/Microsoft.Insights/diagnosticSettings/{name}",
    references: ["properties.workspaceId", "properties.storageAccountId"],
    writeRules: diagnosticRules,
  },
};
