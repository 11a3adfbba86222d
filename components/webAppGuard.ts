import * as web from "@pulumi/azure-native/web";
import type * as pulumi from "@pulumi/pulumi";
import { sendLogs } from "./diagnostics";
import type { FlowArgs } from "./flowTarget";

interface Guarded {
  /** Name that the resources begin with. */
  readonly name: string;
  readonly site: web.WebApp;
  /** @default the app itself */
  readonly slot?: { readonly arm: { readonly name: string }; readonly slot: web.WebAppSlot };
}

/**
 * What stands before an app or one of its slots, which has an address of its own: callers bring a token of the
 * registration, `/health` alone answers anybody, nobody publishes with a password, and all is logged.
 */
export function guard(
  parent: pulumi.Resource,
  args: FlowArgs & { readonly clientId: string },
  { name, site, slot }: Guarded,
): pulumi.Resource[] {
  const { place, logAnalytics } = args;
  const guarded = slot?.slot ?? site;
  const options = { parent, dependsOn: [guarded], deletedWith: guarded };
  const where = { resourceGroupName: place.resourceGroup, name: site.name };
  const login = authentication(args.clientId, place.tenantId);
  const published = { ...where, allow: false };
  sendLogs(
    `${name}.logs`,
    { logAnalytics, resource: guarded.id, logs: { categories: siteLogs } },
    { parent },
  );
  if (slot === undefined) {
    return [
      new web.WebAppAuthSettingsV2(`${name}.authentication`, { ...where, ...login }, options),
      new web.WebAppFtpAllowed(`${name}.ftp`, published, options),
      new web.WebAppScmAllowed(`${name}.scm`, published, options),
    ];
  }
  const below = { slot: slot.arm.name };
  return [
    new web.WebAppAuthSettingsV2Slot(
      `${name}.authentication`,
      { ...where, ...below, ...login },
      options,
    ),
    new web.WebAppFtpAllowedSlot(`${name}.ftp`, { ...published, ...below }, options),
    new web.WebAppScmAllowedSlot(`${name}.scm`, { ...published, ...below }, options),
  ];
}

/**
 * learn.microsoft.com/azure/app-service/configure-authentication-provider-aad; no secret, since nobody signs in here.
 */
function authentication(clientId: string, tenantId: string) {
  return {
    platform: { enabled: true },
    globalValidation: {
      requireAuthentication: true,
      unauthenticatedClientAction: "Return401" as const,
      excludedPaths: ["/health"],
    },
    httpSettings: { requireHttps: true },
    identityProviders: {
      azureActiveDirectory: {
        enabled: true,
        registration: {
          clientId,
          openIdIssuer: `https://login.microsoftonline.com/${tenantId}/v2.0`,
        },
        validation: { allowedAudiences: [`api://${clientId}`, clientId] },
      },
    },
    login: { tokenStore: { enabled: false } },
  };
}

/** learn.microsoft.com/azure/app-service/monitor-app-service-reference, resource logs */
const siteLogs = [
  "AppServiceHTTPLogs",
  "AppServiceConsoleLogs",
  "AppServiceAppLogs",
  "AppServiceAuditLogs",
  "AppServicePlatformLogs",
  "AppServiceAuthenticationLogs",
];
