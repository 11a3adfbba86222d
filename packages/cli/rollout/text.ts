import { plain, range, signed } from "../report/numbers";
import type { Decision, Judged } from "./decide";

/** What a roll-out says on the terminal and in its commits. */

const percent = (value: number) => `${signed(value * 100)} %`;

const units: Readonly<
  Record<
    Judged["metric"],
    { value: (value: number) => string; harm: (value: number) => string; words: string }
  >
> = {
  p95: { value: (ms) => `${plain(ms)} ms`, harm: percent, words: "slower" },
  "5xx": {
    value: (share) => `${plain(share * 100)} %`,
    harm: (share) => `${signed(share * 100)} points`,
    words: "more failures",
  },
  tokens: { value: plain, harm: percent, words: "more tokens" },
  feedback: { value: plain, harm: signed, words: "lower" },
};

/** One line for a metric: both values, the harm with its interval, and what follows from it. */
function comparisonLine(judged: Judged, base: string, candidate: string): string {
  const { metric, finding, lacking, interval, harm, pWorse } = judged;
  const { value, harm: written, words } = units[metric];
  const values = `${base} ${value(judged.base)}, ${candidate} ${value(judged.candidate)}`;
  if (lacking !== undefined) return `  ${metric}: ${values}; too few: ${lacking}`;
  return `  ${metric}: ${values}; ${words} by ${written(harm)} (${range(interval, written)}), p ${pWorse.toPrecision(2)}: ${finding}`;
}

/** The verdict and the numbers that it rests on. */
export function decisionText(decision: Decision, base: string, candidate: string): string {
  const lines = decision.judged.map((judged) => comparisonLine(judged, base, candidate));
  const equal = decision.equal ? ` (${candidate} and ${base} are equal within the margins)` : "";
  return [`${decision.verdict}${equal}`, ...lines].join("\n");
}

export const weightsText = (weights: Readonly<Record<string, number>>): string =>
  Object.entries(weights)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([arm, weight]) => `${arm} ${weight}`)
    .join(", ");
