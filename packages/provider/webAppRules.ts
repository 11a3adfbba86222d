import { isUnknown } from "./protocol";
import type { Failure, Properties } from "./protocol";

/** What `WebAppSettings` writes on the production slot of a Web App. */
export interface WebAppSettings {
  /** Name of the arm that runs in the production slot. */
  readonly production: string;
  /** Image of that arm, `<registry>/<repository>@sha256:<digest>`. */
  readonly image: string;
  /** Environment variables of that arm, all of them; `GENAIOPS_ARM` is its name. */
  readonly environment: Readonly<Record<string, string>>;
  /** Whole percents of every arm, zeros too. */
  readonly weights: Readonly<Record<string, number>>;
  readonly publicNetworkAccess: "Enabled" | "Disabled";
  readonly tags: Readonly<Record<string, string>>;
}

/** Variable by which a container, and this provider, know which arm runs in the production slot. */
export const armVariable = "GENAIOPS_ARM";

/** ARM id of a Web App. */
export const siteId =
  /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.Web\/sites\/[^/]+$/i;

/**
 * Every problem of the inputs that shows without asking Azure. What is not known yet is no problem.
 * Weights: learn.microsoft.com/azure/app-service/deploy-staging-slots; the production slot takes what no rule does.
 */
export function webAppProblems(inputs: Properties): Failure[] {
  const problems: Failure[] = [];
  const report = (property: string, reason: string) => void problems.push({ property, reason });
  const { site, production, image, environment, weights, publicNetworkAccess, tags } = inputs;
  const text = (property: string, value: unknown, fits: RegExp, wanted: string) => {
    if (!isUnknown(value) && !(typeof value === "string" && fits.test(value)))
      report(property, `found ${show(value)}; give ${wanted}`);
  };
  text("site", site, siteId, "the ARM id of a Web App, .../Microsoft.Web/sites/<name>");
  text("production", production, /./, "the name of the arm in the production slot");
  text("image", image, /@sha256:[0-9a-f]{64}$/, "an image by digest, <repository>@sha256:<digest>");
  text("publicNetworkAccess", publicNetworkAccess, /^(Enabled|Disabled)$/, "Enabled or Disabled");
  textProblems("environment", environment, report);
  textProblems("tags", tags, report);
  weightProblems(weights, production, report);
  return problems;
}

type Report = (property: string, reason: string) => void;

function textProblems(property: string, map: unknown, report: Report): void {
  if (!isMap(map)) {
    if (!isUnknown(map)) report(property, `found ${show(map)}; give texts by name, {} for none`);
    return;
  }
  for (const [name, value] of Object.entries(map)) {
    if (!isUnknown(value) && typeof value !== "string")
      report(`${property}.${name}`, `found ${show(value)}; give a text`);
  }
}

function weightProblems(weights: unknown, production: unknown, report: Report): void {
  if (!isMap(weights)) {
    if (!isUnknown(weights)) report("weights", `found ${show(weights)}; give percents by arm`);
    return;
  }
  if (Object.values(weights).some(isUnknown)) return;
  const wrong = Object.entries(weights).filter(
    ([, weight]) => !Number.isInteger(weight) || (weight as number) < 0 || (weight as number) > 100,
  );
  for (const [arm, weight] of wrong) {
    report(`weights.${arm}`, `found ${show(weight)}; give a whole number from 0 to 100`);
  }
  if (wrong.length > 0) return;
  const sum = sumOf(weights as Record<string, number>);
  if (sum !== 100) {
    const shares = Object.entries(weights).map(([arm, weight]) => `${arm} ${show(weight)}`);
    report("weights", `the sum of ${shares.join(", ")} is ${sum}; make it 100`);
  }
  if (typeof production === "string" && !isUnknown(production) && !(production in weights)) {
    report(
      "production",
      `${production} is no arm; name one of ${Object.keys(weights).sort().join(", ")}`,
    );
  }
}

/** A slot of the app, as Azure lists it. */
export interface Slot {
  readonly name: string;
  /** `Running` or `Stopped`. */
  readonly state: string;
  readonly host: string;
}

/** What the app does now. */
export interface LiveWebApp {
  readonly settings: WebAppSettings;
  /** Address of the app itself. */
  readonly host: string;
  /** `Running` or `Stopped`. */
  readonly state: string;
  readonly slots: readonly Slot[];
}

/**
 * Why these settings must not be written now: each arm but the production one needs a slot that runs, and
 * another arm never takes the production slot while requests arrive there.
 */
export function webAppRefusals(wanted: WebAppSettings, live: LiveWebApp): string[] {
  const slots = new Map(live.slots.map((slot) => [slot.name, slot]));
  const reasons = Object.keys(wanted.weights)
    .filter((arm) => arm !== wanted.production)
    .sort()
    .flatMap((arm) => {
      const slot = slots.get(arm);
      if (slot?.state === "Running") return [];
      return slot
        ? [`arm ${arm}: its slot is ${slot.state}, not Running; start it or remove the arm`]
        : [
            `arm ${arm}: the app has no such slot, it has ${[...slots.keys()].sort().join(", ") || "none"}`,
          ];
    });
  if (live.state !== "Running") reasons.push(`the app is ${live.state}, not Running; start it`);
  return [...reasons, ...productionRefusals(wanted, live)];
}

/** The part that shows before any slot is made or changed. */
export function productionRefusals(
  wanted: Pick<WebAppSettings, "production">,
  { settings }: { readonly settings: Pick<WebAppSettings, "production" | "weights"> },
): string[] {
  const { production } = settings;
  const share = settings.weights[production] ?? 0;
  return production === "" || production === wanted.production || share === 0
    ? []
    : [
        `arm ${wanted.production} would take the production slot from ${production}, which serves ${share} %; ` +
          `set webApp.production to ${production}, or bring the weight of ${production} to 0 first`,
      ];
}

const sumOf = (weights: Readonly<Record<string, number>>) =>
  Object.values(weights).reduce((total, weight) => total + weight, 0);
const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const show = (value: unknown) => (value === undefined ? "nothing" : JSON.stringify(value));
