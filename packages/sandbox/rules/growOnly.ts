import { isRecord, valueAt } from "../paths";
import { refuse, type Rule } from "./rule";

/**
 * "Properties can be added, but not removed or altered": the map `properties` of endpoints and deployments, as
 * Azure/bicep-types-az describes it (microsoft.machinelearningservices 2025-12-01).
 */
export const growOnly: Rule = ({ before, body }) => {
  const old = valueAt(before, "properties.properties");
  if (!isRecord(old)) return undefined;
  const lost = Object.keys(old).find(
    (name) =>
      valueAt(body, "properties.properties") === undefined || read(body, name) !== old[name],
  );
  return lost === undefined
    ? undefined
    : refuse(
        400,
        "BadRequest",
        `Property '${lost}' cannot be removed or altered; properties can only be added.`,
      );
};

/** A property's name may contain periods, so no path is used. */
function read(body: unknown, name: string): unknown {
  const properties = valueAt(body, "properties.properties");
  return isRecord(properties) ? properties[name] : undefined;
}
