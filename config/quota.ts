import { mostInstances } from "./scaleSettings";
import type { Settings } from "./settings";
import { quotaOf } from "./vmSizes";

/** What all managed deployments of a stack need at most. */
export interface Cores {
  readonly cores: number;
  /** VM sizes whose cores are not known and not counted, sorted. */
  readonly unknown: readonly string[];
}

/**
 * Add up the quota of every arm at its largest. Arms stand side by side, so that two of one flow need the
 * sum; containers in a cluster and Web Apps need none of it.
 */
export function coresNeeded({
  flows,
  armDefaults,
}: Pick<Settings, "flows" | "armDefaults">): Cores {
  let cores = 0;
  const unknown = new Set<string>();
  for (const { target, arms, scale } of Object.values(flows)) {
    if (target !== "managed") continue;
    for (const arm of Object.values(arms)) {
      const size = arm.instance ?? armDefaults.instance;
      const most = mostInstances(arm.instances ?? armDefaults.instances, scale);
      const needed = quotaOf(size, most);
      if (needed === undefined) unknown.add(size);
      else cores += needed;
    }
  }
  return { cores, unknown: [...unknown].sort() };
}
