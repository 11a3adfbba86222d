import type { Counters, StandInSettings } from "./settings";

/** How one request is met before the model is asked. */
export type Verdict =
  | { readonly kind: "answer" }
  | { readonly kind: "unauthorised" }
  | { readonly kind: "missingDeployment" }
  | { readonly kind: "rateLimited"; readonly retryAfterMilliseconds: number }
  | { readonly kind: "error" | "garbage" | "hangUp" };

/** The part of a request that decides how it is met. */
export interface Arrival {
  readonly key: string | undefined;
  readonly deployment: string;
  readonly text: string;
  /** Milliseconds on any clock that never goes back. */
  readonly at: number;
}

/**
 * Decides about each request in turn and counts. A refused request uses up no allowance of the rate limit, as
 * on Azure a request with a wrong key does not.
 */
export class Behaviour {
  private window = { opened: -Infinity, requests: 0 };

  constructor(
    public settings: StandInSettings,
    public counters: Counters,
  ) {}

  meet(arrival: Arrival): Verdict {
    this.counters.requests += 1;
    const { key, deployments } = this.settings;
    if (arrival.key !== key) {
      this.counters.unauthorised += 1;
      return { kind: "unauthorised" };
    }
    if (deployments !== undefined && !deployments.includes(arrival.deployment)) {
      return { kind: "missingDeployment" };
    }
    const wait = this.overLimit(arrival.at);
    if (wait !== undefined) {
      this.counters.rateLimited += 1;
      return { kind: "rateLimited", retryAfterMilliseconds: wait };
    }
    const struck = this.strike(arrival.text);
    if (struck !== undefined) {
      this.counters.faults += 1;
      return { kind: struck };
    }
    this.counters.answered += 1;
    return { kind: "answer" };
  }

  private overLimit(at: number): number | undefined {
    const limit = this.settings.rateLimit;
    if (limit === undefined) {
      return undefined;
    }
    const length = limit.seconds * 1000;
    if (at - this.window.opened >= length) {
      this.window = { opened: at, requests: 0 };
    }
    if (this.window.requests >= limit.requests) {
      return this.window.opened + length - at;
    }
    this.window.requests += 1;
    return undefined;
  }

  private strike(text: string): "error" | "garbage" | "hangUp" | undefined {
    const fault = this.settings.fault;
    if (
      fault === undefined ||
      (fault.times !== undefined && this.counters.faults >= fault.times) ||
      (fault.containing !== undefined && !text.includes(fault.containing))
    ) {
      return undefined;
    }
    return this.counters.requests % (fault.every ?? 1) === 0 ? fault.kind : undefined;
  }
}
