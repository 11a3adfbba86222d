import { shareOut, trafficFaults, type Mirror, type PlacedFault } from "../../../config/weights";
import { weightsText } from "./text";

/** What a deployment must not move before its arms were tested: the rules of `rollout --hold`, pure. */

type Weights = Readonly<Record<string, number>>;

/** An arm that takes requests and would answer with another model version after the deployment. */
export interface ChangingArm {
  readonly arm: string;
  /** Percent of the requests. */
  readonly weight: number;
  /** Version that it answers with. */
  readonly from: string;
  /** Version that it is declared to answer with, or `this checkout`. */
  readonly to: string;
}

export interface Hold {
  readonly weights: Weights;
  /** Arms that take no request although they have a declared weight, sorted. */
  readonly held: readonly string[];
  /** Why this cannot be deployed, by its place under the flow. */
  readonly faults: readonly PlacedFault[];
}

/**
 * Hold an arm at 0 while it takes no request; its share goes to the arms that do, in proportion to their
 * declared weights, or to their live ones where all of these are to end. Arms that take requests go where they
 * are declared at once: a roll-back must not wait for the test of an arm that fails. Before the first
 * deployment no arm takes requests, and all begin at 0.
 */
export function hold(declared: Weights, live: Weights, mirror?: Mirror): Hold {
  const serves = (arm: string) => (live[arm] ?? 0) > 0;
  const names = Object.keys(declared).sort();
  const held = names.filter((arm) => !serves(arm) && (declared[arm] ?? 0) > 0);
  if (held.length === 0) return { weights: declared, held, faults: [] };
  const weights: Record<string, number> = Object.fromEntries(names.map((arm) => [arm, 0]));
  const serving = names.filter(serves);
  if (serving.length === 0) {
    return { weights, held, faults: Object.keys(live).some(serves) ? [leftAlone(live, held)] : [] };
  }
  const from = serving.some((arm) => (declared[arm] ?? 0) > 0) ? declared : live;
  Object.assign(
    weights,
    shareOut(Object.fromEntries(serving.map((arm) => [arm, from[arm] ?? 0])), 100),
  );
  return { weights, held, faults: trafficFaults(weights, mirror) };
}

function leftAlone(live: Weights, held: readonly string[]): PlacedFault {
  const serving = Object.fromEntries(Object.entries(live).filter(([, weight]) => weight > 0));
  return {
    at: ["arms"],
    on: "key",
    fault: {
      found: `no arm that takes requests now (${weightsText(serving)}) is declared`,
      allowed: `one that takes them until ${held.join(", ")} was tested`,
      mend: `declare ${Object.keys(serving).sort().join(", ")} with weight 0, and remove it in the next change`,
    },
  };
}

/**
 * In a protected environment an arm that takes requests keeps its version: the new one would answer before
 * anybody tested it, since Azure updates a deployment where it stands.
 */
export function changeFaults(changing: readonly ChangingArm[]): PlacedFault[] {
  return changing.map(({ arm, weight, from, to }) => ({
    at: ["arms", arm, "version"],
    fault: {
      found: `${arm} takes ${weight} % of the requests and would change from version ${from} to ${to}, untested`,
      allowed: "in a protected environment a version changes at weight 0",
      mend: `write version: ${from} here, and give an arm with weight 0 the new one`,
    },
  }));
}
