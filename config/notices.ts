import { isProduction } from "./armChecks";
import { devOpsNotices } from "./devopsPlace";
import type { Arm, Flow, Target } from "./environment";
import { coresNeeded } from "./quota";
import type { Settings } from "./settings";
import { productionArm } from "./webAppSettings";

/** Fewer instances lose requests when one is replaced: DOC/reference-yaml-deployment-managed-online.md. */
const AVAILABLE_INSTANCES = 3;

/** What a reader of the settings should know and need not mend at once. */
export function noticesOf(stack: string, settings: Settings, flows: readonly Flow[]): string[] {
  return [
    ...flowNotices(stack, settings, flows),
    ...quotaNotices(settings),
    ...devOpsNotices(settings),
  ];
}

function flowNotices(stack: string, settings: Settings, flows: readonly Flow[]): string[] {
  return flows.flatMap(({ name, arms, scale, target, publicAccess }) => {
    const least = ({ instances }: Arm) => scale?.min ?? instances;
    const few = arms.filter((arm) => arm.weight > 0 && least(arm) < AVAILABLE_INSTANCES);
    const idle = arms.every(({ weight }) => weight === 0);
    return [
      ...(target.name === "webApp" && publicAccess !== true
        ? [closedWebApp(name, settings.network)]
        : []),
      ...(idle ? [idleNotice(name, arms, target)] : []),
      ...(isProduction(stack, settings)
        ? few.map(
            (arm) =>
              `${name}: the live arm ${arm.name} has ${counted(least(arm))}; ${AVAILABLE_INSTANCES} stay available`,
          )
        : []),
    ];
  });
}

const counted = (instances: number) => (instances === 1 ? "1 instance" : `${instances} instances`);

function idleNotice(flow: string, arms: readonly Arm[], target: Target): string {
  const served = target.name === "webApp" ? productionArm(arms, target) : undefined;
  return served === undefined
    ? `${flow}: no arm gets requests; every weight is 0`
    : `${flow}: every weight is 0, and a Web App's production slot takes what no other takes: ${served.name} gets all requests`;
}

function quotaNotices(settings: Settings): string[] {
  const { unknown } = coresNeeded(settings);
  return settings.limits.cores === undefined || unknown.length === 0
    ? []
    : [`limits.cores does not count ${unknown.join(", ")}: how many cores they have is not known`];
}

/** In an open network the way out needs nothing. */
function closedWebApp(flow: string, network: Settings["network"]): string {
  const out =
    network === "closed"
      ? " and out to registry and storage (integration with a virtual network)"
      : "";
  return `${flow}: its Web App stands without public access; the way in (a private endpoint)${out} is yours to give`;
}
