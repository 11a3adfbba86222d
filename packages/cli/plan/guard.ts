import { productionRefusals } from "../../provider/webAppRules";
import type { DataPath } from "../../../config/source";
import type { Baseline } from "./baseline";
import type { Comparison, ResourceChange } from "./compare";
import { flowsIn } from "./flows";
import { formatUrnName } from "./short";

/** What a rule forbids, and what to do instead. */
export interface Refusal {
  /** The setting of the stack to look at. */
  readonly setting: DataPath;
  readonly message: string;
}

/**
 * Find the arms with traffic, and the endpoints with such arms, that the plan would replace. What counts is
 * the traffic that flows now: an arm is replaced before its weight is written.
 */
export function refusals(comparison: Comparison, previous: Baseline): Refusal[] {
  const replaced = new Map(
    comparison.changes
      .filter(({ kind }) => kind === "replace")
      .map((change) => [change.was ?? change.urn, change]),
  );
  return flowsIn(previous.resources.values()).flatMap(({ name, endpoint, arms }) => {
    const live = arms.filter(({ weight }) => weight > 0);
    const shares = live.map((arm) => `${arm.name} ${arm.weight} %`).join(", ");
    const endpointChange = replaced.get(endpoint.urn);
    if (endpointChange && live.length > 0) {
      const what = `the endpoint of flow ${name} carries traffic (${shares}) and would be replaced, because ${because(endpointChange)} changes`;
      const how =
        "declare a second flow with the new endpoint, move its callers, then remove this one";
      return [{ setting: ["flows", name], message: `refused: ${what}; ${how}` }];
    }
    return live.flatMap((arm) => {
      const change = replaced.get(arm.deployment.urn);
      if (!change) return [];
      const what = `arm ${arm.name} of flow ${name} carries ${arm.weight} % of the traffic and would be replaced, because ${because(change)} changes`;
      const how = `add an arm with the change and shift the traffic to it, or give ${arm.name} the weight 0 and apply that first`;
      const setting = ["flows", name, "arms", arm.name];
      return [{ setting, message: `refused: ${what}; ${how}` }];
    });
  });
}

/**
 * Find the Web Apps whose production slot another arm would take while requests arrive there, which
 * `WebAppSettings` refuses in every stack.
 */
export function productionSlotRefusals(
  { changes }: Pick<Comparison, "changes">,
  previous: Pick<Baseline, "resources">,
): Refusal[] {
  return flowsIn(previous.resources.values()).flatMap(({ name, settings, arms }) => {
    const update = changes.find(({ kind, urn }) => kind === "update" && urn === settings?.urn);
    const production = update?.properties.find(({ path }) => path === "production");
    if (production === undefined) return [];
    const weights = Object.fromEntries(arms.map((arm) => [arm.name, arm.weight]));
    return productionRefusals(
      { production: String(production.after) },
      { settings: { production: String(production.before), weights } },
    ).map((reason) => ({
      setting: ["flows", name, "webApp", "production"],
      message: `refused: flow ${name}: ${reason}`,
    }));
  });
}

/** The properties that only a new resource can have, with what they follow. */
function because({ properties }: ResourceChange): string {
  return properties
    .filter(({ replaces }) => replaces)
    .map(({ path, follows }) => (follows ? `${path} (with ${formatUrnName(follows)})` : path))
    .join(", ");
}
