import { guid } from "../ids";
import { planDeleteRules, planRules, siteRules, slotRules } from "../rules/webApp";
import type { NameRule, ResourceType } from "./type";
import { nameRules } from "./names";

const provider =
  "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Web";
const site = `${provider}/sites/{name}`;
const slot = `${site}/slots/{slot}`;

/** Site names are host names: unique in all of Azure, where no label of another scope is asked for. */
const siteName: NameRule = {
  min: 2,
  max: 60,
  pattern: /^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?$/,
  says: "letters, digits and hyphens, no hyphen at either end",
  unique: "global",
  takenCode: "Conflict",
  source: nameRules,
};

const hostName = (id: string): string => id.replace(/^.*\/sites\//i, "").replace(/\/slots\//i, "-");

/** What a site and its slots have in common: a slot is a site of its own. */
const anySite: Partial<ResourceType> = {
  defaults: {
    "properties.enabled": true,
    "properties.httpsOnly": false,
    "properties.clientAffinityEnabled": true,
    "properties.publicNetworkAccess": "Enabled",
    "properties.siteConfig": {},
  },
  // A PUT with a siteConfig is the whole configuration, routing rules too; one without leaves it.
  sticky: ["properties.siteConfig"],
  // Application settings are read by POST config/appsettings/list alone (WebApps_ListApplicationSettings).
  writeOnly: ["properties.siteConfig.appSettings"],
  computed: {
    "properties.state": ({ body }) =>
      (body["properties"] as { enabled?: boolean }).enabled === false ? "Stopped" : "Running",
    "properties.defaultHostName": ({ id }) => `${hostName(id)}.azurewebsites.net`.toLowerCase(),
    "properties.customDomainVerificationId": ({ tenantId }) =>
      guid(tenantId, "domains").replace(/-/g, "").toUpperCase(),
  },
  references: ["properties.serverFarmId"],
};

/** Comes with its site and cannot be absent: swagger WebApps.json, basicPublishingCredentialsPolicies */
const publishing = (below: string, way: string): ResourceType => ({
  path: `${below}/basicPublishingCredentialsPolicies/${way}`,
  always: true,
});
const authentication = (below: string): ResourceType => ({
  path: `${below}/config/authsettingsV2`,
  always: true,
});

export const webTypes: Readonly<Record<string, ResourceType>> = {
  "azure-native:web:AppServicePlan": {
    path: `${provider}/serverfarms/{name}`,
    name: {
      min: 1,
      max: 60,
      pattern: /^[\p{L}\p{N}-]+$/u,
      says: "letters, digits and hyphens",
      source: nameRules,
    },
    immutable: [
      {
        // An app, and so its plan, stays on the system it was made for.
        path: "properties.reserved",
        replaces: false,
        source: "learn.microsoft.com/azure/app-service/overview-hosting-plans",
      },
    ],
    computed: {
      "properties.provisioningState": () => "Succeeded",
      "properties.status": () => "Ready",
    },
    writeRules: planRules,
    deleteRules: planDeleteRules,
  },
  "azure-native:web:WebApp": {
    path: site,
    name: siteName,
    ...anySite,
    writeRules: siteRules,
  },
  "azure-native:web:WebAppSlot": {
    path: slot,
    name: {
      min: 2,
      max: 59,
      pattern: siteName.pattern,
      says: siteName.says,
      source: nameRules,
    },
    ...anySite,
    writeRules: slotRules,
  },
  "azure-native:web:WebAppAuthSettingsV2": authentication(site),
  "azure-native:web:WebAppAuthSettingsV2Slot": authentication(slot),
  "azure-native:web:WebAppFtpAllowed": publishing(site, "ftp"),
  "azure-native:web:WebAppFtpAllowedSlot": publishing(slot, "ftp"),
  "azure-native:web:WebAppScmAllowed": publishing(site, "scm"),
  "azure-native:web:WebAppScmAllowedSlot": publishing(slot, "scm"),
};
