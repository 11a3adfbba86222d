import { CommandError } from "../exit";
import type { LocalHealth } from "../serve/address";
import type { Caller } from "./call";
import { isObject, shown } from "./shape";
import type { Look, Target } from "./target";

/** The addresses of a container or of `genaiops serve`. Throws `CommandError` for a text that is none. */
function addressesOf(text: string): { readonly score: string; readonly health: string } {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new CommandError(`--url ${text} is no address; allowed is http://… or https://…`);
  }
  if (/\.inference\.ml\.azure\.com$/i.test(url.hostname)) {
    throw new CommandError(
      `--url ${text} is a managed endpoint, which needs a login; name its environment instead: --env`,
    );
  }
  const base = `${url.origin}${url.pathname.replace(/\/(score\/?)?$/, "")}`;
  return { score: `${base}/score`, health: `${base}/health` };
}

/** A container that keeps the serving contract, or the address of `genaiops serve`, which tells its arms. */
export function addressTarget(flow: string, address: string, call: Caller): Target {
  const { score, health } = addressesOf(address);
  return {
    title: `${flow} at ${new URL(score).origin}`,
    look: async () => {
      const { status, body } = await call({ method: "GET", url: health, timeoutMs: 10_000 });
      return lookAt(status, body, score);
    },
  };
}

function lookAt(status: number, body: unknown, scoreUrl: string): Look {
  const arms = armsOf(body);
  const ended = Object.entries(arms ?? {}).filter(([, { state }]) => state === "ended");
  if (ended.length > 0) {
    return {
      state: "failed",
      why: ended.map(([arm]) => `the process of the arm ${arm} has ended`),
    };
  }
  if (status === 404) return { state: "failed", why: ["GET /health answered 404"] };
  if (status !== 200) {
    const late = Object.entries(arms ?? {}).filter(([, { state }]) => state !== "ready");
    const what =
      status === 0
        ? `no answer: ${shown(body)}`
        : late.map(([arm, { state }]) => `${arm} is ${state}`).join(", ") || `/health is ${status}`;
    return { state: "waiting", what };
  }
  return {
    state: "ready",
    endpoint: {
      scoreUrl,
      authentication: "none",
      headers: async () => ({}),
      ...(arms !== undefined && {
        weights: Object.fromEntries(Object.entries(arms).map(([arm, { weight }]) => [arm, weight])),
      }),
      problems: [],
      notes: arms === undefined ? ["the address names no arms: it is tested as one"] : [],
    },
  };
}

function armsOf(body: unknown): LocalHealth["arms"] | undefined {
  if (!isObject(body) || !isObject(body.arms)) return undefined;
  const known = Object.values(body.arms).every(
    (arm) => isObject(arm) && typeof arm.weight === "number" && typeof arm.state === "string",
  );
  return known ? (body.arms as LocalHealth["arms"]) : undefined;
}
