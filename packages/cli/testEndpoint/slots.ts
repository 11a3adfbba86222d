import type { Answer, Asked, Caller } from "./call";

/** How a Web App's arms are asked and told apart: it knows no header that names an arm. */
export interface Slots {
  /** The arm in the production slot. */
  readonly production: string;
  /** Address by arm; that of the production arm is the app's own. */
  readonly scoreUrls: Readonly<Record<string, string>>;
}

/**
 * Keeps a request to the app's own address in the production slot
 * (learn.microsoft.com/azure/app-service/deploy-staging-slots, x-ms-routing-name).
 */
export const TO_PRODUCTION = { cookie: "x-ms-routing-name=self" };

/**
 * Ask one arm at its slot's address, or without a name and a cookie the app, whose answer pins the caller to a slot.
 */
export async function askSlot(
  slots: Slots,
  asked: Asked,
  arm: string | undefined,
  call: Caller,
): Promise<Answer> {
  if (arm !== undefined) {
    const pin = arm === slots.production ? TO_PRODUCTION : {};
    const url = slots.scoreUrls[arm] ?? asked.url;
    return call({ ...asked, url, headers: { ...asked.headers, ...pin } });
  }
  const answer = await call(asked);
  return { ...answer, arm: armOf(slots, answer.slot) };
}

/** An app that routes nothing pins nobody: its production slot answers all. */
function armOf({ production, scoreUrls }: Slots, slot = "self"): string {
  const named = Object.keys(scoreUrls).find((arm) => arm.toLowerCase() === slot.toLowerCase());
  return slot === "self" ? production : (named ?? slot);
}
