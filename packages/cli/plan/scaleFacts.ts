import type { Flow } from "../../../config/environment";
import type { Scale, ScaleRule } from "../../../config/scaleSettings";

/** How a flow's instances follow the load and the week, in words. */
export interface ScaleFacts {
  /** What adds and removes instances. */
  readonly rules: readonly string[];
  /** Periods with other bounds: `<name> <least> to <most> (<days> <from> to <to>, <time zone>)`. */
  readonly periods: readonly string[];
}

/** Undefined where each arm has its `instances` all the time. */
export function scaleFacts({ scale, target }: Pick<Flow, "scale" | "target">) {
  if (scale === undefined) return undefined;
  const rules =
    target.name === "kubernetes"
      ? [`containers are added above ${target.utilization} % busy`]
      : scale.rules.map(ruleText);
  return {
    rules: rules.length > 0 ? rules : ["no rule adds or removes instances"],
    periods: scale.schedule.map((period) => periodText(period, scale.timeZone)),
  } satisfies ScaleFacts;
}

function ruleText(rule: ScaleRule): string {
  return "above" in rule
    ? `${rule.metric} above ${rule.above} % adds ${rule.add}`
    : `${rule.metric} below ${rule.below} % removes ${rule.remove}`;
}

function periodText(
  { name, days, from, to, min, max }: Scale["schedule"][number],
  timeZone: string,
): string {
  const week = days.map((day) => day.slice(0, 3)).join(" ");
  return `${name} ${min} to ${max} (${week} ${from} to ${to}, ${timeZone})`;
}
