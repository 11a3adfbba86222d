import { z } from "zod";
import { armName, instanceCount, whole } from "./fields";
import type { PlacedFault } from "./weights";

/** How a flow's arms grow and shrink: the part `scale` of `Pulumi.<env>.yaml`. */

const least = instanceCount.describe("Instances at least.");
const most = instanceCount.describe("Instances at most.");
const percent = whole(1, 99);
const step = whole(1, 10);
const METRICS = ["cpu", "memory"] as const;

/** The field's own default: DOC/how-to-autoscale-endpoints.md */
const USUAL_RULES = [
  { metric: "cpu", above: 70, add: 2 },
  { metric: "cpu", below: 30, remove: 1 },
] as const;

const rule = z.union(
  [
    z.strictObject({
      metric: z.enum(METRICS).describe("What is measured, averaged over the instances."),
      above: percent.describe("Percent above which instances are added."),
      add: step.describe("Instances to add at a time."),
    }),
    z.strictObject({
      metric: z.enum(METRICS).describe("What is measured, averaged over the instances."),
      below: percent.describe("Percent below which instances are removed."),
      remove: step.describe("Instances to remove at a time."),
    }),
  ],
  { error: "either above and add, or below and remove, of a metric" },
);

const DAYS = [
  "Monday",
  "Tuesday",
  "Wednesday",
  "Thursday",
  "Friday",
  "Saturday",
  "Sunday",
] as const;
const time = z
  .string({ error: 'a time of the day in quotes, "07:30"' })
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: 'a time of the day in quotes, "07:30"' })
  .meta({ examples: ["07:30"] });

/** Names of Windows, not those of the IANA: TimeZoneInfo.Id, azure/templates/microsoft.insights/autoscalesettings. */
const TIME_ZONE = /^(UTC([+-]\d\d)?|Russia Time Zone \d+|[A-Z].* Standard Time( \(Mexico\))?)$/;

const period = z.strictObject({
  name: armName.describe("Name of the period."),
  days: z.array(z.enum(DAYS)).min(1, { error: "at least one day" }).describe("Days of the week."),
  from: time.describe("Time at which it begins."),
  to: time.describe("Time of the same day at which it ends."),
  min: least,
  max: most,
});

export const scale = z
  .strictObject({
    min: least,
    max: most,
    rules: z
      .array(rule)
      .max(10, { error: "at most 10 rules" })
      .default([...USUAL_RULES])
      .describe(
        "When instances come and go, measured over 5 minutes. By default 2 more above 70 % of CPU, 1 less below 30 %.",
      ),
    schedule: z
      .array(period)
      .max(10, { error: "at most 10 periods" })
      .default([])
      .describe("Periods of the week with other bounds. By default none."),
    timeZone: z
      .string()
      .regex(TIME_ZONE, {
        error: "a time zone by its Windows name, for example W. Europe Standard Time",
      })
      .default("UTC")
      .describe("Time zone of the schedule, by its Windows name."),
  })
  .optional()
  .describe("Let the number of instances follow the load. By default it is the arm's `instances`.");

export type Scale = NonNullable<z.output<typeof scale>>;
export type ScaleRule = Scale["rules"][number];

/** What is wrong between the parts of a `scale`. */
export function scaleFaults({ min, max, rules, schedule }: Scale): PlacedFault[] {
  const bounds = [
    { at: ["scale"], min, max },
    ...schedule.map((entry, index) => ({ at: ["scale", "schedule", index], ...entry })),
  ];
  return [
    ...bounds.flatMap(({ at, min, max }) =>
      min <= max
        ? []
        : [
            {
              at: [...at, "min"],
              fault: {
                found: `at least ${min} and at most ${max} instances`,
                allowed: "min up to max",
                mend: "lower min or raise max",
              },
            },
          ],
    ),
    ...ruleFaults(rules),
    ...periodFaults(schedule),
  ];
}

/** Where they meet, instances come and go in turn: azure-monitor/autoscale/autoscale-best-practices */
function ruleFaults(rules: Scale["rules"]): PlacedFault[] {
  return METRICS.flatMap((metric) => {
    const own = rules.filter((rule) => rule.metric === metric);
    const above = Math.min(...own.flatMap((rule) => ("above" in rule ? [rule.above] : [])));
    return rules.flatMap((rule, index) =>
      rule.metric === metric && "below" in rule && rule.below >= above
        ? [
            {
              at: ["scale", "rules", index, "below"],
              fault: {
                found: `instances are removed below ${rule.below} % of ${metric} and added above ${above} %`,
                allowed: "a gap between the two",
                mend: `lower below, for example to ${Math.max(1, Math.floor(above / 2))}`,
              },
            },
          ]
        : [],
    );
  });
}

/** One period ends where the next begins or before: azure-monitor/autoscale/autoscale-multiprofile */
function periodFaults(schedule: Scale["schedule"]): PlacedFault[] {
  return schedule.flatMap(({ name, days, from, to }, index): PlacedFault[] => {
    const at = ["scale", "schedule", index];
    if (from >= to) {
      return [
        {
          at: [...at, "to"],
          fault: {
            found: `the period ${name} ends at ${to} and begins at ${from}`,
            allowed: "an end after the beginning, on the same day",
            mend: "write two periods for one that passes midnight",
          },
        },
      ];
    }
    const other = schedule
      .slice(0, index)
      .find(
        (one) =>
          one.name === name ||
          (one.days.some((day) => days.includes(day)) && from <= one.to && one.from <= to),
      );
    return other === undefined
      ? []
      : [
          {
            at: [...at, other.name === name ? "name" : "from"],
            fault: {
              found:
                other.name === name
                  ? `two periods ${name}`
                  : `the period ${name} begins before ${other.name} has ended`,
              allowed: "periods with names of their own, at least a minute apart",
              mend: other.name === name ? "rename one" : "move or join them",
            },
          },
        ];
  });
}

/** The number to begin with: the arm's own, brought within the bounds. */
export function firstInstances(instances: number, scale: Scale | undefined): number {
  return scale === undefined ? instances : Math.min(scale.max, Math.max(scale.min, instances));
}

/** Most instances at any time. */
export function mostInstances(instances: number, scale: Scale | undefined): number {
  return scale === undefined
    ? instances
    : Math.max(scale.max, ...scale.schedule.map(({ max }) => max));
}
