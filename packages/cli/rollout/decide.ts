import type { Comparison, MetricName } from "./compareArms";

/**
 * The rule of a roll-out, in pure functions. docs/rollout.md says it in words; every constant of it stands
 * here or in the settings.
 */

/** Looks at the numbers within one bake: after each third of it. */
export const LOOKS_PER_BAKE = 3;
/** Bakes that a step gets before it is held for want of evidence. */
const BAKES_PER_STEP = 2;
export const LOOKS_PER_STEP = LOOKS_PER_BAKE * BAKES_PER_STEP;

/** How far the new arm may fall behind; a difference inside of it on both sides counts as equal. */
export type Margins = Readonly<Record<MetricName, number>>;

export interface Rule {
  /** Probability that a roll-out of an arm equal to its base is rolled back, over all looks, steps and metrics. */
  readonly falseAlarms: number;
  readonly margins: Margins;
  /** Steps at which two arms serve and are compared: those below 100. */
  readonly steps: number;
  readonly metrics: readonly MetricName[];
}

export type Finding = "worse" | "too few" | "unsure" | "not worse" | "equal" | "better";

export interface Judged extends Comparison {
  readonly finding: Finding;
}

export type Verdict = "go" | "hold" | "roll back";

export interface Decision {
  readonly verdict: Verdict;
  readonly judged: readonly Judged[];
  /** Every metric that has numbers lies within the margin on both sides. */
  readonly equal: boolean;
  /** Threshold that a p-value had to pass for a roll-back. */
  readonly threshold: number;
}

/** Bonferroni: the false-alarm rate shared by every comparison that the whole roll-out may make. */
export function threshold({ falseAlarms, steps, metrics }: Rule): number {
  return falseAlarms / Math.max(1, steps * LOOKS_PER_STEP * metrics.length);
}

/** What one comparison says, by the one-sided test for a roll-back and the 95 % interval for everything else. */
export function findingOf(comparison: Comparison, margin: number, alpha: number): Finding {
  if (comparison.lacking !== undefined) return "too few";
  const { harm, interval, pWorse } = comparison;
  if (pWorse <= alpha && harm > margin) return "worse";
  if (interval.low > -margin && interval.high < margin) return "equal";
  if (interval.high < 0) return "better";
  return interval.high < margin ? "not worse" : "unsure";
}

/**
 * Decide after one look. A roll-back needs one metric that is surely worse; going on needs every metric
 * shown to be no worse than its margin, at the end of a bake.
 *
 * @param look from 1 to LOOKS_PER_STEP, within this step
 */
export function decide(comparisons: readonly Comparison[], rule: Rule, look: number): Decision {
  const alpha = threshold(rule);
  const judged = comparisons.map((comparison) => ({
    ...comparison,
    finding: findingOf(comparison, rule.margins[comparison.metric], alpha),
  }));
  const found = (finding: Finding) => judged.some((each) => each.finding === finding);
  const endOfBake = look % LOOKS_PER_BAKE === 0;
  const shown = judged.length > 0 && !found("too few") && !found("unsure") && !found("worse");
  return {
    verdict: found("worse") ? "roll back" : endOfBake && shown ? "go" : "hold",
    judged,
    equal: judged.length > 0 && judged.every(({ finding }) => finding === "equal"),
    threshold: alpha,
  };
}
