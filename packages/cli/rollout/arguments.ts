import { CommandError, EXIT } from "../exit";
import { METRICS, type MetricName } from "./compareArms";
import { LOOKS_PER_BAKE } from "./decide";

/** What stands on the command line, checked; each fault is thrown by itself since options come one by one. */

const UNITS: Readonly<Record<string, number>> = { m: 1, h: 60, d: 24 * 60 };

/** `15m`, `2h`, `1d` in minutes. */
export function minutesOf(option: string, text: string, least: number): number {
  const [, digits = "", unit = ""] = /^([1-9]\d{0,4})([mhd])$/.exec(text) ?? [];
  const minutes = Number(digits) * (UNITS[unit] ?? 0);
  if (minutes >= least) return minutes;
  throw new CommandError(
    `${option}: found ${JSON.stringify(text)}; allowed is a whole number of minutes, hours or days of at least ${least}m; write for example 15m or 2h`,
    EXIT.problems,
  );
}

/** Azure Monitor counts by the minute, and a bake has several looks. */
export const LEAST_BAKE = LOOKS_PER_BAKE;

/** `10,50,100`: whole percents that rise. */
export function stepsOf(text: string): number[] {
  const steps = text.split(",").map((part) => (/^\s*\d{1,3}\s*$/.test(part) ? Number(part) : NaN));
  const rising = steps.every(
    (step, index) =>
      step >= 1 && step <= 100 && (index === 0 || step > (steps[index - 1] as number)),
  );
  if (rising) return steps;
  throw new CommandError(
    `--steps: found ${JSON.stringify(text)}; allowed are whole percents from 1 to 100 that rise, with commas between; write for example 10,50,100`,
    EXIT.problems,
  );
}

/** `p95,5xx`: names of metrics, each once. */
export function metricsOf(text: string): MetricName[] {
  const names = text.split(",").map((name) => name.trim());
  const known = names.filter((name): name is MetricName => METRICS.some((one) => one === name));
  if (known.length === names.length && new Set(names).size === names.length) return known;
  throw new CommandError(
    `--metric: found ${JSON.stringify(text)}; allowed are ${METRICS.join(", ")}, each once, with commas between; correct the names`,
    EXIT.problems,
  );
}
