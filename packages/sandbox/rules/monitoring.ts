import { key } from "../ids";
import { isRecord, valueAt } from "../paths";
import { refuse, type Rule } from "./rule";

/** Retention of the tables: learn.microsoft.com/azure/azure-monitor/logs/data-retention-configure */
const retention: Rule = ({ body }) => {
  const days = Number(valueAt(body, "properties.retentionInDays"));
  return Number.isInteger(days) && days >= 30 && days <= 730
    ? undefined
    : refuse(
        400,
        "InvalidParameter",
        `'RetentionInDays' must be a whole number from 30 to 730, found ${days}.`,
      );
};

/**
 * Classic components cannot be created since 2024-02:
 * learn.microsoft.com/azure/azure-monitor/app/create-workspace-resource
 */
const workspaceBased: Rule = ({ body }) =>
  typeof valueAt(body, "properties.WorkspaceResourceId") === "string"
    ? undefined
    : refuse(
        400,
        "BadRequest",
        "Classic Application Insights components cannot be created any more; 'WorkspaceResourceId' must name a Log Analytics workspace.",
      );

const insightsRetention = [30, 60, 90, 120, 180, 270, 365, 550, 730];

const componentRetention: Rule = ({ body }) => {
  const days = valueAt(body, "properties.RetentionInDays");
  return insightsRetention.includes(Number(days))
    ? undefined
    : refuse(
        400,
        "BadRequest",
        `RetentionInDays must be one of ${insightsRetention.join(", ")}, found ${JSON.stringify(days)}.`,
      );
};

const destinations = [
  "workspaceId",
  "storageAccountId",
  "eventHubAuthorizationRuleId",
  "marketplacePartnerId",
] as const;

/** learn.microsoft.com/azure/azure-monitor/platform/diagnostic-settings: a destination and something to send. */
const complete: Rule = ({ body }) => {
  if (!destinations.some((name) => valueAt(body, `properties.${name}`))) {
    return refuse(
      400,
      "BadRequest",
      `A diagnostic setting needs a destination: one of ${destinations.join(", ")}.`,
    );
  }
  const sends = [...entries(body, "logs"), ...entries(body, "metrics")];
  return sends.some((entry) => entry["enabled"] === true)
    ? undefined
    : refuse(
        400,
        "BadRequest",
        "A diagnostic setting must enable at least one category of logs or metrics.",
      );
};

/** Same page: at most five settings a resource, and one category goes to one destination once. */
const noOverlap: Rule = ({ id, token, body, parameters, all }) => {
  const scope = key(parameters["resourceUri"] ?? "");
  const others = all(token).filter(
    (other) =>
      key(other.id).startsWith(`${scope}/providers/microsoft.insights/diagnosticsettings/`) &&
      key(other.id) !== key(id),
  );
  if (others.length >= 5)
    return refuse(400, "BadRequest", "A resource takes at most five diagnostic settings.");
  const twin = others.find((other) => {
    const sameSink = destinations.some((name) => {
      const sink = valueAt(body, `properties.${name}`);
      return (
        typeof sink === "string" &&
        key(sink) === key(String(valueAt(other.body, `properties.${name}`)))
      );
    });
    return (
      sameSink && categories(other.body).some((category) => categories(body).includes(category))
    );
  });
  return (
    twin &&
    refuse(
      409,
      "Conflict",
      `Data sink of '${twin.id.split("/").at(-1)}' is already used for the same category of this resource; one category goes to one destination once.`,
    )
  );
};

function entries(body: unknown, name: "logs" | "metrics"): Record<string, unknown>[] {
  const list = valueAt(body, `properties.${name}`);
  return Array.isArray(list) ? list.filter(isRecord) : [];
}

function categories(body: unknown): string[] {
  return [...entries(body, "logs"), ...entries(body, "metrics")]
    .filter((entry) => entry["enabled"] === true)
    .map((entry) => String(entry["category"] ?? entry["categoryGroup"]).toLowerCase());
}

export const logAnalyticsRules: readonly Rule[] = [retention];
export const componentRules: readonly Rule[] = [workspaceBased, componentRetention];
export const diagnosticRules: readonly Rule[] = [complete, noOverlap];
