/** What one arm did in one minute. */
export interface Minute {
  /** Milliseconds since 1970 of its beginning. */
  readonly time: number;
  readonly requests: number;
  /** Requests whose container or endpoint failed: 5xx. */
  readonly failed: number;
  /** Requests refused with 429. */
  readonly throttled: number;
  /** Milliseconds at the shares 0.5, 0.9, 0.95 and 0.99; absent where nothing was answered. */
  readonly latency?: Readonly<Record<"p50" | "p90" | "p95" | "p99", number>>;
  /** Tokens of the model, and the answered requests that they were counted with. */
  readonly tokens?: { readonly sum: number; readonly requests: number };
}

export interface ArmWindow {
  readonly arm: string;
  /** Sorted by time. */
  readonly minutes: readonly Minute[];
  /** What users said, 0 to 1 or whatever scale they use. */
  readonly feedback: { readonly count: number; readonly mean: number; readonly deviation: number };
}

/** Requests of a window, all statuses. */
export const requestsOf = ({ minutes }: ArmWindow): number =>
  minutes.reduce((sum, { requests }) => sum + requests, 0);

/** The p95 of an arm as Azure Monitor averages it: over its minutes, by their requests. */
export function latencyOf({ minutes }: ArmWindow, share: "p50" | "p95"): number {
  const answered = minutes.flatMap(({ latency, requests }) =>
    latency ? [{ value: latency[share], requests }] : [],
  );
  const requests = answered.reduce((sum, minute) => sum + minute.requests, 0);
  return answered.reduce((sum, minute) => sum + minute.value * minute.requests, 0) / requests;
}

/** Tokens per request, with the variance of its logarithm by linearisation over minutes. */
export function tokensOf({ minutes }: ArmWindow) {
  const counted = minutes.flatMap(({ tokens }) => (tokens && tokens.requests > 0 ? [tokens] : []));
  const requests = counted.reduce((sum, minute) => sum + minute.requests, 0);
  const sum = counted.reduce((total, minute) => total + minute.sum, 0);
  const ratio = sum / requests;
  const count = counted.length;
  const residuals = counted.reduce(
    (total, minute) => total + (minute.sum - ratio * minute.requests) ** 2,
    0,
  );
  const relativeVariance = ((count / (count - 1)) * residuals) / (sum * sum);
  return { ratio, requests, minutes: count, relativeVariance };
}
