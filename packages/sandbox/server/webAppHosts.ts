import { parseReference, hasImage, registryAt } from "../images";
import { key, lastName, parentId } from "../ids";
import { isRecord, valueAt } from "../paths";
import { builtInRoles } from "../rules/roles";
import { byName } from "../siteConfig";
import type { AzureState, StoredResource } from "../state";
import { bearerToken, type Request } from "./http";
import { type Grant, holdsRole } from "./principals";
import { armByWeight } from "./routing";
import type { Claims } from "./tokens";

const siteToken = "azure-native:web:WebApp";
const slotToken = "azure-native:web:WebAppSlot";

/** Cookie and query parameter that name a slot; `self` is the production slot. */
export const routingName = "x-ms-routing-name";

export interface Known {
  readonly state: AzureState;
  readonly grants: readonly Grant[];
  readonly claimsOf: (token: string) => Claims | undefined;
}

/** The app or slot that answers a request, or why none does. */
export type Routed =
  | {
      readonly site: StoredResource;
      /** What the container is told of itself. */
      readonly arm: string;
      /** Slot that the client is pinned to, where the app routes. */
      readonly pinned?: string;
    }
  | { readonly status: number; readonly message: string };

/**
 * Where a request to a Web App's host goes; undefined where no app or slot has the host. The app's own address
 * leads by its ramp-up rules, or to the slot that cookie or query name; that of a slot leads there
 * (learn.microsoft.com/azure/app-service/deploy-staging-slots). Callers stand inside the app's network.
 *
 * @param draw from 0 up to 1
 */
export function routeToSite(
  known: Known,
  host: string,
  request: Pick<Request, "url" | "headers">,
  draw: number,
): Routed | undefined {
  const asked = siteAt(known.state, host);
  if (asked === undefined) return undefined;
  const { site, pinned } =
    asked.token === siteToken ? chooseSlot(known.state, asked, request, draw) : { site: asked };
  const refusal = notRunning(site) ?? loginRefusal(known, site, request) ?? notPulled(known, site);
  if (refusal) return refusal;
  const variables = byName(valueAt(site.body, "properties.siteConfig.appSettings"));
  return {
    site,
    arm: variables["GENAIOPS_ARM"] ?? "",
    ...(pinned === undefined ? {} : { pinned }),
  };
}

const hostOf = ({ body }: StoredResource) => String(valueAt(body, "properties.defaultHostName"));

function siteAt({ resources }: AzureState, host: string): StoredResource | undefined {
  return Object.values(resources).find(
    (one) => [siteToken, slotToken].includes(one.token) && hostOf(one) === host.toLowerCase(),
  );
}

function chooseSlot(
  { resources }: AzureState,
  app: StoredResource,
  { url, headers }: Pick<Request, "url" | "headers">,
  draw: number,
): { readonly site: StoredResource; readonly pinned?: string } {
  const rules = valueAt(app.body, "properties.siteConfig.experiments.rampUpRules");
  const shares = (Array.isArray(rules) ? rules : []).filter(isRecord).map((rule) => {
    const host = String(rule["actionHostName"]).toLowerCase();
    return [host, Number(rule["reroutePercentage"])] as const;
  });
  const slots = Object.values(resources).filter(
    ({ token, id }) => token === slotToken && key(parentId(id)) === key(app.id),
  );
  const slotName = ({ id }: StoredResource) => lastName(id).toLowerCase();
  const named = (url.searchParams.get(routingName) ?? cookieOf(headers.cookie))?.toLowerCase();
  const rest = 100 - shares.reduce((sum, [, share]) => sum + share, 0);
  const host =
    named === undefined
      ? armByWeight(Object.fromEntries([...shares, [hostOf(app), rest]]), draw)
      : undefined;
  const site = slots.find((slot) => slotName(slot) === named || hostOf(slot) === host) ?? app;
  const pinned = site === app ? "self" : slotName(site);
  return { site, ...(shares.length > 0 || named !== undefined ? { pinned } : {}) };
}

function cookieOf(header: string | undefined): string | undefined {
  const cookies = (header ?? "").split(";").map((one) => one.trim().split("="));
  return cookies.find(([name]) => name === routingName)?.[1];
}

function notRunning({ body }: StoredResource) {
  return valueAt(body, "properties.state") === "Running"
    ? undefined
    : { status: 403, message: "Error 403 - This web app is stopped." };
}

/**
 * App Service's own check before the container sees a request: the audience of the caller's token
 * (learn.microsoft.com/azure/app-service/configure-authentication-provider-aad).
 */
function loginRefusal(
  { state, claimsOf }: Known,
  site: StoredResource,
  { url, headers }: Pick<Request, "url" | "headers">,
) {
  const body = state.resources[key(`${site.id}/config/authsettingsV2`)]?.body;
  const validation = valueAt(body, "properties.globalValidation");
  const asks =
    valueAt(body, "properties.platform.enabled") === true &&
    valueAt(validation, "requireAuthentication") === true;
  const path = `/${url.pathname.split("/").slice(3).join("/")}`;
  if (!asks || listAt(validation, "excludedPaths").includes(path)) return undefined;
  const token = bearerToken(headers);
  const audience = token === undefined ? undefined : claimsOf(token)?.aud;
  const entra = valueAt(body, "properties.identityProviders.azureActiveDirectory");
  const allowed = [
    valueAt(entra, "registration.clientId"),
    ...listAt(valueAt(entra, "validation"), "allowedAudiences"),
  ];
  return audience !== undefined && allowed.includes(audience)
    ? undefined
    : { status: 401, message: "You do not have permission to view this directory or page." };
}

/**
 * A container whose image cannot be pulled never starts:
 * learn.microsoft.com/azure/app-service/configure-custom-container
 */
function notPulled({ state, grants }: Known, { body }: StoredResource) {
  const config = valueAt(body, "properties.siteConfig");
  const image = parseReference(String(valueAt(config, "linuxFxVersion")).replace(/^DOCKER\|/, ""));
  const all = (token: string) =>
    Object.values(state.resources).filter((resource) => resource.token === token);
  const registry = image && registryAt({ all }, image.server);
  if (!registry || image.digest === undefined) return undefined;
  const client = valueAt(config, "acrUserManagedIdentityID");
  const principal = all("azure-native:managedidentity:UserAssignedIdentity").find(
    (identity) => valueAt(identity.body, "properties.clientId") === client,
  );
  const roles = [builtInRoles.AcrPull, builtInRoles.AcrPush];
  const mayPull =
    valueAt(config, "acrUseManagedIdentityCreds") === true &&
    holdsRole(
      state,
      grants,
      String(valueAt(principal?.body, "properties.principalId")),
      roles,
      registry.id,
    );
  return mayPull && hasImage(state.images, registry.id, image.repository, image.digest)
    ? undefined
    : { status: 503, message: "Application Error: the container's image cannot be pulled." };
}

function listAt(value: unknown, path: string): unknown[] {
  const found = valueAt(value, path);
  return Array.isArray(found) ? found : [];
}
