import type { Facts } from "../facts";
import { key, lastName, parentId } from "../ids";
import { isRecord, valueAt } from "../paths";
import { refuse, type Rule } from "./rule";

const sites = "azure-native:web:WebApp";
const slots = "azure-native:web:WebAppSlot";

const text = (value: unknown): string => (typeof value === "string" ? value : "");

/**
 * Slots of an app by its plan's tier, the production slot among them: Azure subscription and service limits,
 * App Service limits, "Staging slots per app". Tiers that are absent have none.
 */
const SLOTS: Readonly<Record<string, number>> = { S: 5, P: 20, I: 20 };

/** First letter of a size and so its tier: S1, P0v3, I1v2; B1, F1 and D1 have no slots. */
const tierOf = (plan: unknown): string => sizeOf(plan).slice(0, 1).toUpperCase();
const sizeOf = (plan: unknown): string => text(valueAt(plan, "sku.name"));

/** learn.microsoft.com/cli/azure/appservice/plan, --sku; in any case. */
const SIZE =
  /^(F1|D1|B[1-3]|S[1-3]|P[1-3]V2|P[0-3]V[34]|P[1-5]MV[34]|I[1-6]V2|I[1-5]MV2|EP[1-3]|WS[1-3])$/i;

/** Most instances by tier: Azure subscription and service limits, App Service limits, "Scale out". */
const INSTANCES: Readonly<Record<string, number>> = { F: 1, D: 1, B: 3, S: 10, P: 30, I: 100 };

const planSizes: Rule = ({ body }) => {
  const size = sizeOf(body);
  const most = INSTANCES[tierOf(body)];
  const asked = valueAt(body, "sku.capacity");
  const zones = valueAt(body, "properties.zoneRedundant") === true;
  if (!SIZE.test(size)) {
    return refuse(400, "BadRequest", `The parameter SKU.Name has an invalid value: '${size}'.`);
  }
  // learn.microsoft.com/azure/app-service/environment/overview
  if (/^I/i.test(size) && valueAt(body, "properties.hostingEnvironmentProfile.id") === undefined) {
    return refuse(
      409,
      "Conflict",
      `The size ${size} is for plans in an App Service Environment, and hostingEnvironmentProfile names none.`,
    );
  }
  // learn.microsoft.com/azure/reliability/reliability-app-service
  if (zones && !/^[PI].*v[2-4]$/i.test(size)) {
    return refuse(
      409,
      "Conflict",
      `A plan of size ${size} cannot be zone redundant: Premium v2 to v4 can.`,
    );
  }
  return typeof asked === "number" && most !== undefined && asked > most
    ? refuse(
        400,
        "BadRequest",
        `The parameter SKU.Capacity has an invalid value: ${asked} instances of size ${size}, which has at most ${most}.`,
      )
    : undefined;
};

/** learn.microsoft.com/azure/app-service/deploy-staging-slots: a new tier must have the slots that an app uses. */
const slotsInUse: Rule = ({ id, body, all }) => {
  const most = SLOTS[tierOf(body)] ?? 1;
  const crowded = all(sites).find(
    (site) =>
      key(text(valueAt(site.body, "properties.serverFarmId"))) === key(id) &&
      all(slots).filter((slot) => key(parentId(slot.id)) === key(site.id)).length + 1 > most,
  );
  return (
    crowded &&
    refuse(
      409,
      "Conflict",
      `The plan cannot be of size ${sizeOf(body)}: '${lastName(crowded.id)}' has more slots than the ${most} of that tier.`,
    )
  );
};

/** learn.microsoft.com/azure/app-service/deploy-staging-slots: Standard, Premium or Isolated. */
const slotTier: Rule = ({ id, before, all, find }) => {
  if (before) return undefined;
  const plan = find(valueAt(find(parentId(id))?.body, "properties.serverFarmId"))?.body;
  const most = SLOTS[tierOf(plan)];
  if (most === undefined) {
    return refuse(
      409,
      "Conflict",
      `Cannot complete the operation because the plan's size ${sizeOf(plan)} has no deployment slots: Standard, Premium or Isolated have.`,
    );
  }
  const own = all(slots).filter((other) => key(parentId(other.id)) === key(parentId(id)));
  return own.length + 2 > most
    ? refuse(
        409,
        "Conflict",
        `Cannot complete the operation because the site will exceed the limit of ${most} slots, the production slot among them, for size ${sizeOf(plan)}.`,
      )
    : undefined;
};

/**
 * The host name's first label is `<app>-<slot>`: learn.microsoft.com/azure/app-service/deploy-staging-slots; how long
 * both may be together: github.com/Azure/azure-functions-ux/pull/4912
 */
const slotName: Rule = ({ id, before, name }) => {
  const whole = `${lastName(parentId(id))}-${name}`;
  return before || (whole.length <= 59 && name.toLowerCase() !== "production")
    ? undefined
    : refuse(
        400,
        "BadRequest",
        `The slot name '${name}' is not valid: site and slot with a hyphen have at most 59 characters, and production is the site itself.`,
      );
};

const rulesOf = (body: unknown): unknown[] => {
  const found = valueAt(body, "properties.siteConfig.experiments.rampUpRules");
  return Array.isArray(found) ? found : [];
};

/** learn.microsoft.com/azure/app-service/deploy-staging-slots, Route production traffic automatically */
const productionRoutes: Rule = ({ body }) =>
  rulesOf(body).length === 0
    ? undefined
    : refuse(
        400,
        "BadRequest",
        "Routing rules stand on the production slot alone: experiments.rampUpRules cannot be set on a slot.",
      );

/** swagger CommonDefinitions.json, RampUpRule: a host name of a slot, and a share in percent. */
const rampUpRules: Rule = (facts) => {
  const hosts = slotHosts(facts);
  let sum = 0;
  for (const rule of rulesOf(facts.body)) {
    const share = valueAt(rule, "reroutePercentage");
    const host = text(valueAt(rule, "actionHostName")).toLowerCase();
    if (typeof share !== "number" || share < 0 || share > 100) {
      return refuse(400, "BadRequest", "reroutePercentage must be a number from 0 to 100.");
    }
    if (!hosts.includes(host)) {
      return refuse(
        400,
        "BadRequest",
        `The routing rule ${text(valueAt(rule, "name"))} names the host '${host}', which is no slot of '${facts.name}'; it has ${hosts.join(", ") || "none"}.`,
      );
    }
    sum += share;
  }
  return sum <= 100
    ? undefined
    : refuse(400, "BadRequest", `The routing rules' percentages sum to ${sum}, more than 100.`);
};

function slotHosts({ id, all }: Facts): string[] {
  return all(slots)
    .filter((slot) => key(parentId(slot.id)) === key(id))
    .map(({ body }) => text(valueAt(body, "properties.defaultHostName")));
}

/** learn.microsoft.com/azure/app-service/configure-custom-container */
const container: Rule = ({ body, find }) => {
  const image = valueAt(body, "properties.siteConfig.linuxFxVersion");
  if (image === undefined || image === "") return undefined;
  if (!/^DOCKER\|[^\s|]+$/.test(text(image))) {
    return refuse(
      400,
      "BadRequest",
      `The parameter LinuxFxVersion has an invalid value: '${text(image)}' is not DOCKER|<image>.`,
    );
  }
  const plan = find(valueAt(body, "properties.serverFarmId"))?.body;
  return plan === undefined || valueAt(plan, "properties.reserved") === true
    ? undefined
    : refuse(
        409,
        "Conflict",
        "The parameter LinuxFxVersion has an invalid value: the plan is for Windows (reserved is not true).",
      );
};

/**
 * An identity that pulls the image or reads the vault must be the site's own:
 * learn.microsoft.com/azure/app-service/app-service-key-vault-references, configure-custom-container
 */
const ownIdentity: Rule = ({ body, find }) => {
  const users = valueAt(body, "identity.userAssignedIdentities");
  const ids = Object.keys(isRecord(users) ? users : {});
  const clients = ids.map((id) => text(valueAt(find(id)?.body, "properties.clientId")));
  const vault = text(valueAt(body, "properties.keyVaultReferenceIdentity"));
  const pull = text(valueAt(body, "properties.siteConfig.acrUserManagedIdentityID"));
  if (vault.startsWith("/") && !ids.some((id) => key(id) === key(vault))) {
    return refuse(
      400,
      "BadRequest",
      `keyVaultReferenceIdentity '${vault}' is not assigned to the site.`,
    );
  }
  return pull === "" || clients.includes(pull)
    ? undefined
    : refuse(
        400,
        "BadRequest",
        `acrUserManagedIdentityID '${pull}' is not the client id of an identity that is assigned to the site.`,
      );
};

/** learn.microsoft.com/azure/app-service/app-service-plan-manage, Delete an App Service plan */
const planInUse: Rule = ({ id, name, all }) => {
  const inside = [...all(sites), ...all(slots)].filter(
    ({ body }) => key(text(valueAt(body, "properties.serverFarmId"))) === key(id),
  );
  return inside.length === 0
    ? undefined
    : refuse(
        409,
        "Conflict",
        `Server farm '${name}' cannot be deleted because it has web app(s) ${inside.map((one) => lastName(one.id)).join(", ")} assigned to it.`,
      );
};

export const siteRules: readonly Rule[] = [container, ownIdentity, rampUpRules];
export const slotRules: readonly Rule[] = [
  slotName,
  slotTier,
  productionRoutes,
  container,
  ownIdentity,
];
export const planRules: readonly Rule[] = [planSizes, slotsInUse];
export const planDeleteRules: readonly Rule[] = [planInUse];
