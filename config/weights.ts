import { quote } from "./display";
import type { Fault } from "./problem";
import type { DataPath } from "./source";
import { orListing } from "./suggest";

/**
 * Rules about the traffic of one endpoint. Source: DOC/reference-yaml-endpoint-online.md,
 * DOC/how-to-safely-rollout-online-endpoints.md.
 */

/** Deployments that one endpoint can have: DOC/how-to-manage-quotas.md. */
export const MAX_ARMS = 20;

export interface Mirror {
  readonly arm: string;
  /** 1 to 50. */
  readonly percent: number;
}

/** A fault and where under the flow it stands. */
export interface PlacedFault {
  readonly at: DataPath;
  readonly fault: Fault;
  readonly on?: "key" | "value";
}

/** What is wrong between the arms of one flow: their number, the sum of their weights, the mirror. */
export function trafficFaults(
  weights: Readonly<Record<string, number>>,
  mirror: Mirror | undefined,
): PlacedFault[] {
  const arms = Object.keys(weights).sort();
  const faults: PlacedFault[] = [];
  if (arms.length === 0 || arms.length > MAX_ARMS) {
    faults.push({
      at: ["arms"],
      on: "key",
      fault: {
        found: `${arms.length} arms`,
        allowed: `1 to ${MAX_ARMS} arms behind one endpoint`,
        mend:
          arms.length === 0 ? "add an arm or remove the flow" : "remove arms that get no traffic",
      },
    });
  }
  const sum = arms.reduce((total, arm) => total + (weights[arm] ?? 0), 0);
  if (arms.length > 0 && sum !== 100 && sum !== 0) {
    const difference = Math.abs(100 - sum);
    faults.push({
      at: ["arms"],
      on: "key",
      fault: {
        found: `the weights ${arms.map((arm) => `${arm} ${weights[arm]}`).join(", ")} sum to ${sum}`,
        allowed: "a sum of 100, or 0 while bootstrapping",
        mend: sum < 100 ? `add ${difference} to an arm` : `take ${difference} from the arms`,
      },
    });
  }
  return mirror === undefined ? faults : [...faults, ...mirrorFaults(weights, mirror)];
}

function mirrorFaults(weights: Readonly<Record<string, number>>, mirror: Mirror): PlacedFault[] {
  const weight = Object.hasOwn(weights, mirror.arm) ? weights[mirror.arm] : undefined;
  if (weight === undefined) {
    return [
      {
        at: ["mirror", "arm"],
        fault: {
          found: `unknown arm ${quote(mirror.arm)}`,
          allowed: "an arm of this flow",
          mend: orListing(mirror.arm, Object.keys(weights).sort(), "add the arm"),
        },
      },
    ];
  }
  if (weight === 0) {
    return [];
  }
  return [
    {
      at: ["mirror", "arm"],
      fault: {
        found: `the arm ${quote(mirror.arm)} is mirrored and has weight ${weight}`,
        allowed: "an arm has live or mirrored requests, not both",
        mend: "set its weight to 0 or mirror another arm",
      },
    },
  ];
}

/**
 * The weights of the arms that exist, where some arms have no version yet. The share of the missing ones
 * goes to the live arms in proportion to their weights, so the sum stays what it was; whole percents are
 * dealt by largest remainder, equal remainders by name. An arm with weight 0 never gets requests by this:
 * where no live arm exists all weights are 0.
 */
export function sharesOfExisting(
  weights: Readonly<Record<string, number>>,
  exists: (arm: string) => boolean,
): Record<string, number> {
  const arms = Object.keys(weights).filter(exists).sort();
  const total = Object.values(weights).reduce((sum, weight) => sum + weight, 0);
  const live = arms.reduce((sum, arm) => sum + (weights[arm] ?? 0), 0);
  if (live === 0) {
    return Object.fromEntries(arms.map((arm) => [arm, 0]));
  }
  return shareOut(Object.fromEntries(arms.map((arm) => [arm, weights[arm] ?? 0])), total);
}

/** Whole percents of a total in proportion to weights that are not all 0, by largest remainder, equal ones by name. */
export function shareOut(
  weights: Readonly<Record<string, number>>,
  total: number,
): Record<string, number> {
  const sum = Object.values(weights).reduce((all, weight) => all + weight, 0);
  const exact = Object.keys(weights)
    .sort()
    .map((arm) => {
      const share = (weights[arm] ?? 0) * total;
      return { arm, whole: Math.floor(share / sum), remainder: share % sum };
    });
  const left = total - exact.reduce((all, { whole }) => all + whole, 0);
  const winners = new Set(
    [...exact]
      .sort((a, b) => b.remainder - a.remainder || (a.arm < b.arm ? -1 : 1))
      .slice(0, left)
      .map(({ arm }) => arm),
  );
  return Object.fromEntries(
    exact.map(({ arm, whole }) => [arm, whole + (winners.has(arm) ? 1 : 0)]),
  );
}

/**
 * The weights with which one arm gets this percent and the others share the rest as they share it now. The
 * others must not all have weight 0.
 */
export function weightsWith(
  weights: Readonly<Record<string, number>>,
  arm: string,
  percent: number,
): Record<string, number> {
  const others = Object.fromEntries(Object.entries(weights).filter(([name]) => name !== arm));
  return { ...shareOut(others, 100 - percent), [arm]: percent };
}
