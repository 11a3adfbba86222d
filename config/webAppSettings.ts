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

export const planSize = z.string().regex(/^(S[1-3]|P[0-5](m?v[2-4])|I[1-6](m?v2))$/, {
  error: "a size of Standard, Premium or Isolated, for example S1 or P1v3",
});

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

/** Slots by the first letter of the size, the production slot among them: Azure's App Service limits. */
export function slotsOf(sku: string): number {
  return sku.startsWith("S") ? 5 : 20;
}

/** Site and slot share one label of a host name: 59 characters, of which the site's name takes 32. */
export const MAX_SLOT_NAME = 26;

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
