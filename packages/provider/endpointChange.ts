import { accesses, authModes, type Settings } from "./endpointRules";
import type { Json } from "./resourceManager";

/**
 * What Azure computes and no caller sets (bicep-types-az, machinelearningservices 2025-12-01, flag ReadOnly).
 * `keys` is write-only: a read gives null, and null sent back would be a change.
 */
const computed = {
  top: ["id", "name", "type", "systemData", "etag"],
  properties: ["provisioningState", "scoringUri", "swaggerUri"],
  identity: ["principalId", "tenantId"],
};

/** The body that writes these settings and keeps everything else of the live endpoint, known to us or not. */
export function withSettings(live: Json, settings: Settings): Json {
  return writable(live, {
    tags: settings.tags,
    properties: {
      traffic: settings.weights,
      mirrorTraffic: settings.mirror ? { [settings.mirror.arm]: settings.mirror.percent } : {},
      authMode: settings.authMode,
      ...(settings.publicNetworkAccess !== undefined && {
        publicNetworkAccess: settings.publicNetworkAccess,
      }),
      ...(settings.description !== undefined && { description: settings.description }),
    },
  });
}

/** The body that takes every arm out of the routing, so that the deployments can be deleted. */
export function withoutRouting(live: Json, deployments: readonly string[]): Json {
  const zeros = Object.fromEntries(deployments.map((arm) => [arm, 0]));
  return writable(live, { properties: { traffic: zeros, mirrorTraffic: {} } });
}

function writable(live: Json, change: { tags?: Json; properties: Json }): Json {
  const properties: Json = { ...without(live["properties"], computed.properties) };
  if (properties["keys"] === null) delete properties["keys"];
  const body: Json = { ...without(live, computed.top), ...change };
  body["properties"] = { ...properties, ...change.properties };
  if (live["identity"]) body["identity"] = writableIdentity(live["identity"] as Json);
  return body;
}

/** Azure reports the object id of each identity; a caller names the identities alone. */
function writableIdentity(identity: Json): Json {
  const users = identity["userAssignedIdentities"];
  const own = without(identity, computed.identity);
  if (!users) return own;
  const named = Object.keys(users).map((id) => [id, {}]);
  return { ...own, userAssignedIdentities: Object.fromEntries(named) };
}

/**
 * The settings that the endpoint has. `arms` are listed with 0 where Azure names none; an arm that nobody
 * declares is listed where requests reach it.
 */
export function settingsOf(live: Json, arms: readonly string[]): Settings {
  const properties = (live["properties"] ?? {}) as Json;
  const weights = Object.fromEntries(arms.map((arm) => [arm, 0]));
  for (const [arm, weight] of Object.entries(liveWeights(live))) {
    if (arm in weights || weight > 0) weights[arm] = weight;
  }
  const mirrored = Object.entries((properties["mirrorTraffic"] ?? {}) as Record<string, number>);
  const [arm, percent] = mirrored.find(([, share]) => share > 0) ?? [];
  const description = properties["description"];
  return {
    weights,
    ...(arm !== undefined && percent !== undefined && { mirror: { arm, percent } }),
    authMode: spelled(properties["authMode"], authModes),
    publicNetworkAccess: spelled(properties["publicNetworkAccess"] ?? "Enabled", accesses),
    tags: (live["tags"] ?? {}) as Record<string, string>,
    ...(typeof description === "string" && description !== "" && { description }),
  };
}

/** What still differs from the wanted settings, as `property: live value, wanted value`; nothing when equal. */
export function differences(live: Json, wanted: Settings): string[] {
  const found = settingsOf(live, Object.keys(wanted.weights));
  const kept = (["publicNetworkAccess", "description"] as const).filter(
    (name) => wanted[name] !== undefined,
  );
  const compared = ["weights", "mirror", "authMode", "tags", ...kept] as const;
  const changed = compared.flatMap((name) => {
    const [is, should] = [canonical(found[name]), canonical(wanted[name])];
    return is === should ? [] : [`${name}: Azure has ${is}, wanted ${should}`];
  });
  // An arm about to be deleted leaves the routing first: every name in it must be a deployment that exists.
  const left = Object.keys(liveWeights(live))
    .filter((arm) => !(arm in wanted.weights))
    .sort();
  const gone = left.length > 0 && !changed.some((text) => text.startsWith("weights:"));
  return gone ? [...changed, `weights: Azure still names ${left.join(", ")}`] : changed;
}

export const liveWeights = (live: Json): Record<string, number> => {
  const properties = (live["properties"] ?? {}) as Json;
  return (properties["traffic"] ?? {}) as Record<string, number>;
};

export const scoringUri = (live: Json): string =>
  String(((live["properties"] ?? {}) as Json)["scoringUri"] ?? "");

function canonical(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value ?? null);
  return JSON.stringify(
    Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))),
  );
}

/** Azure is not strict about the case of its enums. */
function spelled<Value extends string>(value: unknown, allowed: readonly Value[]): Value {
  const found = String(value);
  return allowed.find((name) => name.toLowerCase() === found.toLowerCase()) ?? (found as Value);
}

function without(value: unknown, names: readonly string[]): Json {
  return Object.fromEntries(
    Object.entries((value ?? {}) as Json).filter(([name]) => !names.includes(name)),
  );
}
