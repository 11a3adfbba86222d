import { latencyOf, requestsOf, tokensOf, type ArmWindow } from "../rollout/armWindow";
import { compareArms, METRICS, type Comparison, type Minimum } from "../rollout/compareArms";
import { findingOf, type Finding, type Margins } from "../rollout/decide";

/** One arm over the whole window. */
export interface ArmRow {
  readonly arm: string;
  readonly weight: number;
  readonly requests: number;
  /** Milliseconds, averaged over minutes by their requests. */
  readonly p50: number;
  readonly p95: number;
  /** Shares of the requests. */
  readonly failed: number;
  readonly throttled: number;
  /** Tokens per answered request. */
  readonly tokens: number;
  readonly scores: number;
  readonly feedback: number;
  /** From the base; none for the base itself. */
  readonly differences: readonly (Comparison & { readonly finding: Finding })[];
  readonly window: ArmWindow;
}

/** 5 % in all for the four differences of one arm; a page is read once, unlike the looks of a roll-out. */
const alpha = 0.05 / METRICS.length;

/** Every arm beside the base, which comes first; the others by name. */
export function sideBySide(
  windows: readonly ArmWindow[],
  weights: Readonly<Record<string, number>>,
  rules: { readonly margins: Margins; readonly minimum: Minimum },
): ArmRow[] {
  const weightOf = ({ arm }: ArmWindow) => weights[arm] ?? 0;
  const sorted = [...windows].sort((a, b) => (a.arm < b.arm ? -1 : 1));
  const base = [...sorted].sort((a, b) => weightOf(b) - weightOf(a))[0];
  if (base === undefined) return [];
  return [base, ...sorted.filter((window) => window !== base)].map((window) => {
    const requests = requestsOf(window);
    const share = (count: "failed" | "throttled") =>
      window.minutes.reduce((sum, minute) => sum + minute[count], 0) / requests;
    const differences = window === base ? [] : compareArms(base, window, METRICS, rules.minimum);
    return {
      arm: window.arm,
      weight: weightOf(window),
      requests,
      p50: latencyOf(window, "p50"),
      p95: latencyOf(window, "p95"),
      failed: share("failed"),
      throttled: share("throttled"),
      tokens: tokensOf(window).ratio,
      scores: window.feedback.count,
      feedback: window.feedback.mean,
      differences: differences.map((each) => ({
        ...each,
        finding: findingOf(each, rules.margins[each.metric], alpha),
      })),
      window,
    };
  });
}
