import { z } from "zod";
import { armName, uuid } from "./fields";

/** The parts of `Pulumi.<env>.yaml` that speak of Web Apps for containers. */

export const webApp = z
  .strictObject({
    clientId: uuid.describe(
      "Application id of an Entra registration: its tokens open every Web App, audience api://<clientId>.",
    ),
  })
  .optional()
  .describe("What Web Apps need. By default none, and no flow runs on one.");

/** What the plans of one tier offer. */
interface Tier {
  readonly sizes: readonly string[];
  /** Slots of an app, the production slot among them. */
  readonly slots: number;
  /** Most instances. */
  readonly instances: number;
  /** Whether the instances can be spread over the zones of a region. */
  readonly zones: boolean;
}

/**
 * The tiers that have slots: Azure subscription and service limits, App Service limits; for zones
 * reliability/reliability-app-service. Isolated has them too, but stands in an App Service Environment only.
 */
const TIERS: readonly Tier[] = [
  { sizes: ["S1", "S2", "S3"], slots: 5, instances: 10, zones: false },
  {
    sizes: [
      ...["P1v2", "P2v2", "P3v2"],
      ...["P0v3", "P1v3", "P2v3", "P3v3", "P1mv3", "P2mv3", "P3mv3", "P4mv3", "P5mv3"],
      ...["P0v4", "P1v4", "P2v4", "P3v4", "P1mv4", "P2mv4", "P3mv4", "P4mv4", "P5mv4"],
    ],
    slots: 20,
    instances: 30,
    zones: true,
  },
];

/** Instances of the largest tier. */
export const MOST_INSTANCES = Math.max(...TIERS.map(({ instances }) => instances));

export const planSize = z.enum(
  TIERS.flatMap(({ sizes }) => sizes),
  { error: "a size of Standard or Premium, for example S1 or P1v3" },
);

export const webAppFlow = z
  .strictObject({
    sku: planSize
      .default("P0v3")
      .describe("Size of the plan, which all arms run on; smaller tiers have no slots."),
    production: armName
      .optional()
      .describe("Arm in the production slot. By default the first by name."),
  })
  .prefault({})
  .describe("How the flow runs where `target` is webApp; else unused.");

export type WebAppFlowSettings = z.output<typeof webAppFlow>;

/** Variable that tells an arm's container the version of its model. */
export const MODEL_VERSION_VARIABLE = "GENAIOPS_MODEL_VERSION";

/** The tier of a plan's size. */
export function tierOf(sku: string): Tier {
  const tier = TIERS.find(({ sizes }) => sizes.includes(sku));
  if (tier === undefined) throw new Error(`no tier has the size ${sku}: the schema let it pass`);
  return tier;
}

/** Instances that a plan over several zones has at least: reliability/reliability-app-service. */
export const ZONE_INSTANCES = 2;

/** Site and slot share one label of a host name: 59 characters, of which the site's name takes 32. */
export const MAX_SLOT_NAME = 26;

/** Names of the app itself among its slots, and in `x-ms-routing-name`: app-service/deploy-staging-slots. */
export const RESERVED_SLOTS: readonly string[] = ["production", "self"];

/**
 * The arm in the production slot: the one that the settings name, else the first by name. Weights never move
 * it. A new arm or a removed one can, and `WebAppSettings` refuses that while the arm there serves requests.
 */
export function productionArm<Arm extends { readonly name: string }>(
  arms: readonly Arm[],
  { production }: Pick<WebAppFlowSettings, "production">,
): Arm | undefined {
  return arms.find(({ name }) => name === production) ?? arms[0];
}

/** The production slot takes what no slot takes, so it takes all where every weight is 0. */
export function servedWeights(
  weights: Readonly<Record<string, number>>,
  production: string,
): Record<string, number> {
  const idle = Object.values(weights).every((weight) => weight === 0);
  return { ...weights, ...(idle ? { [production]: 100 } : {}) };
}
