import { resourceTokens } from "../../provider/tokens";
import type { PlannedResource, Value, Values } from "./model";
import { isObject } from "./model";
import { overlaps, parsePath, type PropertyChange } from "./propertyDiff";
import { changesIdentity } from "./replace";

/** Outputs of resources that stand that get another value with an update, by the inputs they follow. */
const following: Readonly<Record<string, readonly { outputs: string[]; inputs: string[] }[]>> = {
  [resourceTokens.assetVersion]: [{ outputs: ["version", "assetId"], inputs: ["hash"] }],
  [resourceTokens.blobFolder]: [{ outputs: ["path"], inputs: ["hash"] }],
  "docker:index/image:Image": [
    { outputs: ["repoDigest", "imageName", "baseImageName"], inputs: ["imageName", "build"] },
  ],
};

interface Spot {
  readonly kind: "update" | "replace";
  readonly resource: PlannedResource;
  readonly changes: readonly PropertyChange[];
}

/**
 * Outputs that will change although nobody can say to what. The text of a reference to them stays the same,
 * and yet what uses it changes: an arm follows the version of its model.
 */
export class Dirt {
  /** False when a round found more than the one before. */
  settled = true;
  private readonly spots = new Map<string, Spot>();

  add(
    resource: PlannedResource,
    kind: "update" | "replace",
    changes: readonly PropertyChange[],
  ): void {
    const before = this.spots.get(resource.urn);
    if (before?.kind === kind && before.changes.length === changes.length) return;
    this.spots.set(resource.urn, { kind, resource, changes });
    this.settled = false;
  }

  /** Properties that refer to an output that changes, other than those that differ anyway. */
  changesOf(before: Values, after: Values, changes: readonly PropertyChange[]): PropertyChange[] {
    if (this.spots.size === 0) return [];
    const found: PropertyChange[] = [];
    const walk = (
      value: Value,
      was: Value | undefined,
      steps: readonly (string | number)[],
    ): void => {
      if (typeof value === "string") {
        const follows = this.followed(value);
        const known = changes.some((change) => overlaps(change.steps, steps));
        if (follows !== undefined && !known)
          found.push({ steps, before: was, after: value, follows });
      } else if (Array.isArray(value)) {
        value.forEach((item, i) =>
          walk(item, Array.isArray(was) ? was[i] : undefined, [...steps, i]),
        );
      } else if (isObject(value)) {
        for (const [key, item] of Object.entries(value)) {
          walk(item, isObject(was) ? was[key] : undefined, [...steps, key]);
        }
      }
    };
    walk(after, before, []);
    return found;
  }

  private followed(text: string): string | undefined {
    if (!text.includes("${urn:")) return undefined;
    for (const [, inside] of text.matchAll(/\$\{(urn:[^{}]*)\}/g)) {
      for (const [urn, spot] of this.spots) {
        const path = (inside as string).startsWith(`${urn}.`)
          ? (inside as string).slice(urn.length + 1)
          : "";
        if (path !== "" && changesAt(spot, path)) return urn;
      }
    }
    return undefined;
  }
}

function changesAt({ kind, resource, changes }: Spot, path: string): boolean {
  const steps = parsePath(path);
  const first = steps[0] as string;
  const echoed = first in resource.inputs;
  if (kind === "replace" && (path === "id" || path === "name")) {
    return changesIdentity(resource.type, changes);
  }
  if (echoed && changes.some((change) => overlaps(change.steps, steps))) return true;
  if (kind === "replace") return !echoed;
  return (following[resource.type] ?? []).some(
    ({ outputs, inputs }) =>
      outputs.includes(first) && changes.some((change) => inputs.includes(String(change.steps[0]))),
  );
}
