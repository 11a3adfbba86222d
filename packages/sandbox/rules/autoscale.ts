import { key } from "../ids";
import { isRecord, valueAt } from "../paths";
import { refuse, type Refusal, type Rule } from "./rule";

/**
 * Azure Monitor's autoscale settings. Bounds: learn.microsoft.com/azure/templates/microsoft.insights/autoscalesettings;
 * profiles: azure-monitor/autoscale/autoscale-multiprofile.
 */

const minute = 60;
const hour = 60 * minute;
const week = 7 * 24 * hour;

/**
 * Namespace Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments in Azure Monitor's list of
 * metrics.
 */
const deploymentMetrics = [
  "CpuMemoryUtilizationPercentage",
  "CpuUtilizationPercentage",
  "DeploymentCapacity",
  "DiskUtilization",
  "GpuEnergyJoules",
  "GpuMemoryUtilizationPercentage",
  "GpuUtilizationPercentage",
];

/** Namespace Microsoft.Web/serverfarms in the same list. */
const planMetrics = [
  "BytesReceived",
  "BytesSent",
  "CpuPercentage",
  "DiskQueueLength",
  "HttpQueueLength",
  "MemoryPercentage",
];

/** What can be measured of a resource, by how its id ends; of others nothing is known. */
const metricsOf = [
  { id: /\/deployments\/[^/]+$/i, what: "An online deployment", metrics: deploymentMetrics },
  { id: /\/serverfarms\/[^/]+$/i, what: "An App Service plan", metrics: planMetrics },
];

const invalid = (message: string): Refusal => refuse(400, "BadRequest", message);

/**
 * One setting a resource: azure-monitor/autoscale/autoscale-understanding-settings. Managed deployments alone:
 * DOC/how-to-autoscale-endpoints.md
 */
const target: Rule = ({ id, token, body, all, find }) => {
  const wanted = valueAt(body, "properties.targetResourceUri");
  if (typeof wanted !== "string") return invalid("An autoscale setting needs a targetResourceUri.");
  const other = all(token).find(
    (one) =>
      key(one.id) !== key(id) &&
      key(String(valueAt(one.body, "properties.targetResourceUri"))) === key(wanted),
  );
  if (other) {
    return refuse(
      409,
      "Conflict",
      `The resource '${wanted}' has the autoscale setting '${other.id}' already; it takes one.`,
    );
  }
  return valueAt(find(wanted)?.body, "properties.endpointComputeType") === "Kubernetes"
    ? invalid(
        "A Kubernetes deployment is scaled by its cluster's router, with scaleSettings of type TargetUtilization.",
      )
    : undefined;
};

const profiles: Rule = ({ body }) => {
  const found = records(valueAt(body, "properties.profiles"));
  if (found.length < 1 || found.length > 20) {
    return invalid(`A setting has 1 to 20 profiles, found ${found.length}.`);
  }
  const names = found.map(({ name }) => String(name));
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined) return invalid(`Two profiles are named '${twice}'.`);
  const usual = found.filter(({ recurrence, fixedDate }) => !recurrence && !fixedDate);
  if (usual.length > 1) {
    return invalid(
      `One profile can stand without a time, found ${usual.map(({ name }) => String(name)).join(", ")}.`,
    );
  }
  return first(found, (profile) => capacity(profile) ?? recurrence(profile));
};

function capacity(profile: Record<string, unknown>): Refusal | undefined {
  const [min, usual, max] = ["minimum", "default", "maximum"].map((name) =>
    valueAt(profile, `capacity.${name}`),
  );
  const whole = [min, usual, max].every((value) => /^\d+$/.test(String(value)));
  return whole && Number(min) <= Number(usual) && Number(usual) <= Number(max)
    ? undefined
    : invalid(
        `The capacity of profile '${String(profile["name"])}' must be whole numbers with minimum <= default <= maximum, found ${String(min)}, ${String(usual)}, ${String(max)}.`,
      );
}

const days = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

/** RecurrentSchedule.timeZone lists names of Windows: azure/templates/microsoft.insights/autoscalesettings */
const timeZone = /^(UTC([+-]\d\d)?|Russia Time Zone \d+|[A-Z].* Standard Time( \(Mexico\))?)$/;

function recurrence(profile: Record<string, unknown>): Refusal | undefined {
  const found = profile["recurrence"];
  if (found === undefined) return undefined;
  const schedule = valueAt(found, "schedule");
  const list = (name: string): unknown[] => {
    const value = valueAt(schedule, name);
    return Array.isArray(value) ? value : [];
  };
  const right =
    valueAt(found, "frequency") === "Week" &&
    list("days").length > 0 &&
    list("days").every((day) => days.includes(String(day).toLowerCase())) &&
    within(list("hours"), 23) &&
    within(list("minutes"), 59) &&
    timeZone.test(String(valueAt(schedule, "timeZone")));
  return right
    ? undefined
    : invalid(
        `The recurrence of profile '${String(profile["name"])}' needs frequency Week, days, hours from 0 to 23, minutes from 0 to 59 and a timeZone by its Windows name.`,
      );
}

const within = (values: unknown[], most: number): boolean =>
  values.length > 0 &&
  values.every((value) => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= most);

const rules: Rule = ({ body, find }) =>
  first(records(valueAt(body, "properties.profiles")), (profile) => {
    const found = records(profile["rules"]);
    if (found.length > 10) {
      return invalid(`A profile has at most 10 rules, found ${found.length}.`);
    }
    return first(found, ({ metricTrigger, scaleAction }) => {
      const measured = valueAt(metricTrigger, "metricResourceUri");
      const metric = String(valueAt(metricTrigger, "metricName"));
      if (!find(measured))
        return invalid(`The rule measures '${String(measured)}', which does not exist.`);
      const known = metricsOf.find(({ id }) => id.test(String(measured)));
      if (known && !known.metrics.includes(metric)) {
        return invalid(
          `${known.what} has no metric '${metric}'; it has ${known.metrics.join(", ")}.`,
        );
      }
      return (
        duration("timeGrain", valueAt(metricTrigger, "timeGrain"), minute, 12 * hour) ??
        duration("timeWindow", valueAt(metricTrigger, "timeWindow"), 5 * minute, 12 * hour) ??
        duration("cooldown", valueAt(scaleAction, "cooldown"), minute, week) ??
        (Number(valueAt(scaleAction, "value")) >= 1
          ? undefined
          : invalid("The value of a scale action must be 1 or greater."))
      );
    });
  });

function duration(name: string, value: unknown, least: number, most: number): Refusal | undefined {
  const parts = /^P(?=.)(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(String(value));
  const [d, h, m, s] = (parts?.slice(1) ?? []).map((part) => Number(part ?? 0));
  const seconds = parts
    ? (d as number) * 24 * hour + (h as number) * hour + (m as number) * minute + (s as number)
    : NaN;
  return seconds >= least && seconds <= most
    ? undefined
    : invalid(
        `${name} must be an ISO 8601 duration from ${least / minute} to ${most / minute} minutes, found '${String(value)}'.`,
      );
}

function records(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

function first<Item>(
  items: readonly Item[],
  check: (item: Item) => Refusal | undefined,
): Refusal | undefined {
  for (const item of items) {
    const problem = check(item);
    if (problem) return problem;
  }
  return undefined;
}

export const autoscaleRules: readonly Rule[] = [target, profiles, rules];
