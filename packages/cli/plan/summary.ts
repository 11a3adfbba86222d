import type { Facts, LimitFacts } from "./facts";
import { counted } from "./text";

/** `dev: 61 resources in 15 components, 1 flow, 3 arms, 14 roles`. Every number is counted. */
export function summary({ stack, counts }: Facts): string {
  const words = [
    `${counted(counts.resources, "resource")} in ${counted(counts.components, "component")}`,
    counted(counts.flows, "flow"),
    counted(counts.arms, "arm"),
    counted(counts.roles, "role"),
    ...(counts.adopted > 0 ? [`${counts.adopted} adopted`] : []),
    ...(counts.protected > 0 ? [`${counts.protected} protected`] : []),
  ];
  return `${stack}: ${words.join(", ")}`;
}

/**
 * Where Azure would refuse, one message each.
 *
 * @param placeOf `file:line:column` of a setting under `limits`
 */
export function overLimits({ limits }: Facts, placeOf: (setting: string) => string): string[] {
  return limits
    .filter(({ count, limit }) => count > limit)
    .map(({ what, count, limit }) => {
      const place = what === "role assignments" ? "subscription" : "subscription and region";
      const setting = settingOf[what];
      return (
        `${placeOf(setting)}  declares ${count} ${what}; Azure allows ${limit} per ${place}; ` +
        `${mend[what]}, or ask Azure for more and raise \`limits.${setting}\``
      );
    });
}

const settingOf: Readonly<Record<LimitFacts["what"], string>> = {
  endpoints: "endpoints",
  deployments: "deployments",
  cores: "cores",
  "role assignments": "roleAssignments",
};

const mend: Readonly<Record<LimitFacts["what"], string>> = {
  endpoints: "move flows to another subscription or region",
  deployments: "remove arms without traffic",
  cores: "take instances or arms away",
  "role assignments": "use `endpointIdentity: shared`",
};
