import type { Cloud } from "./cloud";
import { isAbort, paceOf, pause, senderOf, type Call, type Sender } from "./pipeline";
import { UserError } from "./userError";

/** A container pulls its image and loads its packages before it answers. */
const mostMs = 15 * 60_000;
const answerMs = 30_000;

/**
 * Returns when `GET /health` of a host answers 200. `routingName` is the slot of a Web App that shall answer
 * at the app's own address (learn.microsoft.com/azure/app-service/deploy-staging-slots, x-ms-routing-name).
 *
 * @throws UserError when time is up, with the last answer
 */
export async function untilHealthy(
  cloud: Cloud,
  arm: string,
  host: string,
  { signal, timeoutMs = mostMs }: Call,
  routingName = "",
): Promise<void> {
  const url = `${cloud.hostAddress?.(host) ?? `https://${host}`}/health`;
  const end = Date.now() + timeoutMs;
  const send = senderOf(cloud, { maxRetries: 0 });
  for (;;) {
    const answer = await look(send, url, routingName, signal);
    if (answer === "200") return;
    if (Date.now() > end) {
      throw new UserError(
        `arm ${arm} does not get warm: GET https://${host}/health ${answer} after ${Math.round(timeoutMs / 60_000)} minutes\n` +
          "No request was routed to it. See its log stream; `customTimeouts` allows more time. " +
          "A closed app is seen from inside its network alone.",
      );
    }
    await pause(paceOf(cloud).poll, signal).catch(() => {
      throw new UserError(
        `cancelled while arm ${arm} was getting warm; no request is routed to it`,
      );
    });
  }
}

async function look(
  send: Sender,
  url: string,
  slot: string,
  signal?: AbortSignal,
): Promise<string> {
  const headers = slot === "" ? undefined : { cookie: `x-ms-routing-name=${slot}` };
  try {
    const { status, bodyAsText } = await send({ url, headers, timeout: answerMs, signal });
    return status === 200 ? "200" : `answers ${status}: ${(bodyAsText ?? "").slice(0, 300)}`;
  } catch (error) {
    if (isAbort(error) && signal?.aborted) throw error;
    return `gives no answer: ${(error as Error).message}`;
  }
}
