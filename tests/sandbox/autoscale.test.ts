import {
  deploymentId,
  group,
  idOf,
  location,
  native,
  said,
  withArms,
  type Inputs,
} from "./support";

const token = native("monitor:AutoscaleSetting");
const trigger = (more: Inputs = {}): Inputs => ({
  metricName: "CpuUtilizationPercentage",
  metricResourceUri: deploymentId("blue"),
  operator: "GreaterThan",
  threshold: 70,
  statistic: "Average",
  timeAggregation: "Average",
  timeGrain: "PT1M",
  timeWindow: "PT5M",
  ...more,
});
const action = (more: Inputs = {}): Inputs => ({
  direction: "Increase",
  type: "ChangeCount",
  value: "2",
  cooldown: "PT5M",
  ...more,
});
const rule = (metric: Inputs = {}, scaling: Inputs = {}): Inputs => ({
  metricTrigger: trigger(metric),
  scaleAction: action(scaling),
});
const profile = (more: Inputs = {}): Inputs => ({
  name: "default",
  capacity: { minimum: "2", maximum: "5", default: "2" },
  rules: [rule()],
  ...more,
});
const setting = (profiles: Inputs[], more: Inputs = {}): Inputs => ({
  ...group,
  autoscaleSettingName: "chat-blue",
  location,
  enabled: true,
  targetResourceUri: deploymentId("blue"),
  profiles,
  ...more,
});
const weekly = (schedule: Inputs = {}): Inputs => ({
  recurrence: {
    frequency: "Week",
    schedule: { timeZone: "UTC", days: ["Monday"], hours: [8], minutes: [0], ...schedule },
  },
});

const caller = withArms();

test.each<[string, Inputs, string]>([
  [
    "a deployment that does not exist",
    setting([profile()], { targetResourceUri: deploymentId("none") }),
    `400 BadRequest: properties.targetResourceUri names '${deploymentId("none")}', which does not exist.`,
  ],
  [
    "fewer instances by default than at least",
    setting([profile({ capacity: { minimum: "2", maximum: "5", default: "1" } })]),
    "400 BadRequest: The capacity of profile 'default' must be whole numbers with minimum <= default <= maximum, found 2, 1, 5.",
  ],
  ["no profile", setting([]), "400 BadRequest: A setting has 1 to 20 profiles, found 0."],
  [
    "two profiles without a time",
    setting([profile(), profile({ name: "night" })]),
    "400 BadRequest: One profile can stand without a time, found default, night.",
  ],
  [
    "two profiles of one name",
    setting([profile(weekly()), profile(weekly({ hours: [18] }))]),
    "400 BadRequest: Two profiles are named 'default'.",
  ],
  [
    "an hour of no day",
    setting([profile(weekly({ hours: [24] }))]),
    "400 BadRequest: The recurrence of profile 'default' needs frequency Week, days, hours from 0 to 23, minutes from 0 to 59 and a timeZone by its Windows name.",
  ],
  [
    "a time zone by its IANA name",
    setting([profile(weekly({ timeZone: "Europe/Berlin" }))]),
    "400 BadRequest: The recurrence of profile 'default' needs frequency Week, days, hours from 0 to 23, minutes from 0 to 59 and a timeZone by its Windows name.",
  ],
  [
    "11 rules",
    setting([profile({ rules: Array.from({ length: 11 }, () => rule()) })]),
    "400 BadRequest: A profile has at most 10 rules, found 11.",
  ],
  [
    "a metric of virtual machines",
    setting([profile({ rules: [rule({ metricName: "Percentage CPU" })] })]),
    "400 BadRequest: An online deployment has no metric 'Percentage CPU'; it has CpuMemoryUtilizationPercentage, CpuUtilizationPercentage, DeploymentCapacity, DiskUtilization, GpuEnergyJoules, GpuMemoryUtilizationPercentage, GpuUtilizationPercentage.",
  ],
  [
    "a window that is too short",
    setting([profile({ rules: [rule({ timeWindow: "PT4M" })] })]),
    "400 BadRequest: timeWindow must be an ISO 8601 duration from 5 to 720 minutes, found 'PT4M'.",
  ],
  [
    "no pause at all",
    setting([profile({ rules: [rule({}, { cooldown: "PT0M" })] })]),
    "400 BadRequest: cooldown must be an ISO 8601 duration from 1 to 10080 minutes, found 'PT0M'.",
  ],
  [
    "a rule that changes nothing",
    setting([profile({ rules: [rule({}, { value: "0" })] })]),
    "400 BadRequest: The value of a scale action must be 1 or greater.",
  ],
])("refused: %s", (_, inputs, expected) => {
  expect(said(caller.put(token, inputs))).toBe(expected);
});

test("a deployment takes one setting", () => {
  const own = withArms();
  own.make(token, setting([profile()]));
  const second = setting([profile()], { autoscaleSettingName: "second" });
  expect(said(own.put(token, second))).toBe(
    `409 Conflict: The resource '${deploymentId("blue")}' has the autoscale setting '${idOf(token, setting([]))}' already; it takes one.`,
  );
  own.make(token, setting([profile(weekly()), profile({ ...weekly({ hours: [18] }), name: "n" })]));
});

test("a Kubernetes deployment is not Azure Monitor's to scale", () => {
  const own = withArms();
  const stored = Object.values(own.azure.state.resources).find(
    ({ id }) => id.toLowerCase() === deploymentId("blue").toLowerCase(),
  );
  (stored?.body["properties"] as Inputs)["endpointComputeType"] = "Kubernetes";
  expect(said(own.put(token, setting([profile()])))).toBe(
    "400 BadRequest: A Kubernetes deployment is scaled by its cluster's router, with scaleSettings of type TargetUtilization.",
  );
});
