import * as monitor from "@pulumi/azure-native/monitor";
import type * as pulumi from "@pulumi/pulumi";
import type { Scale, ScaleRule } from "../config/scaleSettings";
import type { Place } from "./place";

export interface AutoscaleArgs {
  readonly place: Place;
  readonly resourceGroup: pulumi.Input<string>;
  /** Required. Name of the setting in Azure, unique in its resource group. */
  readonly settingName: string;
  /** Required. ARM id of what is scaled and measured. */
  readonly resource: pulumi.Output<string>;
  readonly scale: Scale;
  /** Required. What Azure calls each metric of such a resource. */
  readonly metrics: Readonly<Record<ScaleRule["metric"], string>>;
}

/**
 * Let Azure Monitor say how many instances a resource has. It may begin with any number: its own capacity
 * is then to be ignored.
 */
export function autoscale(
  name: string,
  { place, resourceGroup, settingName, resource, scale, metrics }: AutoscaleArgs,
  opts: pulumi.CustomResourceOptions,
): monitor.AutoscaleSetting {
  return new monitor.AutoscaleSetting(
    name,
    {
      resourceGroupName: resourceGroup,
      autoscaleSettingName: settingName,
      location: place.location,
      enabled: true,
      targetResourceUri: resource,
      profiles: profilesOf(
        scale,
        scale.rules.map((rule) => ruleOf(rule, metrics[rule.metric], resource)),
      ),
      tags: place.tags,
    },
    opts,
  );
}

/**
 * One profile, or for each period one that begins it and one that ends it: a profile lasts until the next
 * begins, and the portal knows the second by its name (azure-monitor/autoscale/autoscale-multiprofile).
 */
function profilesOf({ schedule, timeZone, ...usual }: Scale, rules: ReturnType<typeof ruleOf>[]) {
  if (schedule.length === 0) return [{ name: "default", capacity: capacityOf(usual), rules }];
  return schedule.flatMap(({ name, days, from, to, ...bounds }) => [
    { name, capacity: capacityOf(bounds), rules, recurrence: weekly(days, from, timeZone) },
    {
      name: JSON.stringify({ name: "default", for: name }),
      capacity: capacityOf(usual),
      rules,
      recurrence: weekly(days, to, timeZone),
    },
  ]);
}

/** The least is also what there is while nothing can be measured. */
function capacityOf({ min, max }: { readonly min: number; readonly max: number }) {
  return { minimum: String(min), maximum: String(max), default: String(min) };
}

function weekly(days: readonly string[], time: string, timeZone: string) {
  const [hours, minutes] = time.split(":").map(Number) as [number, number];
  return {
    frequency: "Week" as const,
    schedule: { timeZone, days: [...days], hours: [hours], minutes: [minutes] },
  };
}

/** Measured over 5 minutes, and 5 minutes apart: DOC/how-to-autoscale-endpoints.md */
function ruleOf(rule: ScaleRule, metricName: string, resource: pulumi.Output<string>) {
  const grows = "above" in rule;
  return {
    metricTrigger: {
      metricName,
      metricResourceUri: resource,
      operator: grows ? ("GreaterThan" as const) : ("LessThan" as const),
      threshold: grows ? rule.above : rule.below,
      statistic: "Average" as const,
      timeAggregation: "Average" as const,
      timeGrain: "PT1M",
      timeWindow: "PT5M",
    },
    scaleAction: {
      direction: grows ? ("Increase" as const) : ("Decrease" as const),
      type: "ChangeCount" as const,
      value: String(grows ? rule.add : rule.remove),
      cooldown: "PT5M",
    },
  };
}
