import { untilHealthy } from "./health";
import type { Call } from "./pipeline";
import type { Json, ResourceManager } from "./resourceManager";
import { UserError } from "./userError";
import {
  armVariable,
  webAppRefusals,
  type LiveWebApp,
  type Slot,
  type WebAppSettings,
} from "./webAppRules";

/** The version that azure-native 3.28 speaks for Microsoft.Web. */
const version = "2025-05-01";

/**
 * Brings the production slot and the routing of a live app to these settings, and reads them back. Refuses
 * before writing what would lose requests. Changed content of the production slot comes first, then every arm
 * that gets requests must answer `/health`, then the routing. What is right already is not written.
 *
 * @throws UserError with every reason of a refusal; AzureError for what Azure refuses
 */
export async function applyWebAppSettings(
  azure: ResourceManager,
  site: string,
  wanted: WebAppSettings,
  call: Call = {},
): Promise<{ scoringUri: string }> {
  const live = await readWebApp(azure, site, call);
  if (!live) throw new UserError(`the Web App ${site} does not exist\nCreate it first.`);
  const reasons = webAppRefusals(wanted, live);
  if (reasons.length > 0) {
    const list = reasons.map((reason) => `- ${reason}`).join("\n");
    throw new UserError(`refused to change the Web App ${site}; nothing was written\n${list}`);
  }
  const { settings, host } = live;
  if (!same(settings.environment, wanted.environment)) {
    const properties = { ...wanted.environment };
    await azure.replace(`${site}/config/appsettings`, { properties }, call, version);
  }
  if (settings.image !== wanted.image) {
    await configure(azure, site, { linuxFxVersion: `DOCKER|${wanted.image}` }, call);
  }
  await warm(azure, wanted, live, call);
  if (!same(routing(settings), routing(wanted))) {
    await configure(azure, site, { experiments: { rampUpRules: rules(wanted, live.slots) } }, call);
  }
  if (!same(envelope(settings), envelope(wanted))) {
    const { tags, publicNetworkAccess } = envelope(wanted);
    await azure.patch(site, { tags, properties: { publicNetworkAccess } }, call, version);
  }
  await confirm(azure, site, wanted, call);
  return { scoringUri: scoringUri(host) };
}

/** The live app, or undefined when it is gone. */
export async function readWebApp(
  azure: ResourceManager,
  site: string,
  call: Call = {},
): Promise<LiveWebApp | undefined> {
  const found = await azure.get(site, call, version);
  if (!found) return undefined;
  const [config, environment, slots] = await Promise.all([
    azure.get(`${site}/config/web`, call, version),
    readVariables(azure, site, call),
    azure.list(`${site}/slots`, { "api-version": version }, call),
  ]);
  const live = slots.map(slotOf);
  const { linuxFxVersion = "", experiments } = propertiesOf(config?.body) as {
    linuxFxVersion?: string;
    experiments?: { rampUpRules?: readonly Rule[] | null } | null;
  };
  const production = environment[armVariable] ?? "";
  const properties = propertiesOf(found.body);
  return {
    settings: {
      production,
      image: linuxFxVersion.replace(/^DOCKER\|/i, ""),
      environment,
      weights: weightsOf(production, live, experiments?.rampUpRules ?? []),
      publicNetworkAccess:
        properties["publicNetworkAccess"] === "Disabled" ? "Disabled" : "Enabled",
      tags: (found.body["tags"] ?? {}) as Record<string, string>,
    },
    host: String(properties["defaultHostName"]),
    state: String(properties["state"]),
    slots: live,
  };
}

/** Variables of an app's or a slot's container; their list is a POST, since they may be secret. */
export async function readVariables(
  azure: ResourceManager,
  site: string,
  call: Call = {},
): Promise<Record<string, string>> {
  const list = await azure.act(`${site}/config/appsettings`, "list", call, version);
  return propertiesOf(list) as Record<string, string>;
}

export const scoringUri = (host: string): string => `https://${host}/score`;

interface Rule {
  readonly name?: string;
  readonly actionHostName?: string;
  readonly reroutePercentage?: number;
}

/** Azure lists a slot as `<app>/<slot>`. */
function slotOf(body: Json): Slot {
  const properties = propertiesOf(body);
  return {
    name: String(body["name"]).split("/").at(-1) as string,
    state: String(properties["state"]),
    host: String(properties["defaultHostName"]),
  };
}

/** Percent by arm; the production slot has what is left, a rule whose slot is gone counts under its own name. */
function weightsOf(production: string, slots: readonly Slot[], rules: readonly Rule[]) {
  const weights: Record<string, number> = Object.fromEntries(slots.map(({ name }) => [name, 0]));
  let rest = 100;
  for (const { name = "", actionHostName = "", reroutePercentage = 0 } of rules) {
    const slot = slots.find(({ host }) => host.toLowerCase() === actionHostName.toLowerCase());
    weights[slot?.name ?? name] = reroutePercentage;
    rest -= reroutePercentage;
  }
  return { ...weights, [production]: rest };
}

/** The rules that give each slot its share; the production slot needs none. */
function rules({ production, weights }: WebAppSettings, slots: readonly Slot[]): Json[] {
  return slots
    .filter(({ name }) => name !== production && (weights[name] ?? 0) > 0)
    .map(({ name, host }) => ({
      name,
      actionHostName: host,
      reroutePercentage: weights[name],
    }));
}

/** What is not part of the app's configuration. */
const envelope = ({ tags, publicNetworkAccess }: WebAppSettings) => ({
  tags: { ...tags },
  publicNetworkAccess,
});

/** Arms that get requests; a slot without a share needs no rule. */
const routing = ({ production, weights }: WebAppSettings) => ({
  production,
  shares: Object.fromEntries(Object.entries(weights).filter(([, weight]) => weight > 0)),
});

async function warm(
  azure: ResourceManager,
  wanted: WebAppSettings,
  live: LiveWebApp,
  call: Call,
): Promise<void> {
  const hosts = new Map(live.slots.map(({ name, host }) => [name, host]));
  hosts.set(wanted.production, live.host);
  const arms = Object.keys(wanted.weights).filter((arm) => (wanted.weights[arm] ?? 0) > 0);
  // The app's own address leads to slots too: the name of the production slot keeps it there.
  const address = (arm: string) => hosts.get(arm) as string;
  await Promise.all(
    arms.map((arm) =>
      untilHealthy(azure.cloud, arm, address(arm), call, arm === wanted.production ? "self" : ""),
    ),
  );
}

const configure = (azure: ResourceManager, site: string, properties: Json, call: Call) =>
  azure.patch(`${site}/config/web`, { properties }, call, version);

async function confirm(
  azure: ResourceManager,
  site: string,
  wanted: WebAppSettings,
  call: Call,
): Promise<void> {
  const live = await readWebApp(azure, site, call);
  const open = live ? differences(live.settings, wanted) : ["the app is gone"];
  if (open.length > 0) {
    throw new UserError(
      `the Web App ${site} does not keep its settings\n${open.map((line) => `- ${line}`).join("\n")}\n` +
        "Somebody else writes them: let WebAppSettings be the only writer, then run this again.",
    );
  }
}

/** What differs, without the values of variables. */
function differences(live: WebAppSettings, wanted: WebAppSettings): string[] {
  const [is, should] = [routing(live), routing(wanted)];
  return [
    ...(same(is, should)
      ? []
      : [
          `weights: Azure has ${JSON.stringify(is.shares)}, wanted ${JSON.stringify(should.shares)}`,
        ]),
    ...(live.image === wanted.image ? [] : [`image: Azure has ${live.image}`]),
    ...(same(live.environment, wanted.environment) ? [] : ["environment: Azure has others"]),
    ...(same(envelope(live), envelope(wanted))
      ? []
      : ["tags, publicNetworkAccess: Azure has others"]),
  ];
}

const propertiesOf = (body: Json | undefined) => (body?.["properties"] ?? {}) as Json;

function same(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b);
}

function canonical(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value ?? null);
  const entries = Object.entries(value).map(([name, item]) => [name, canonical(item)] as const);
  return JSON.stringify(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
