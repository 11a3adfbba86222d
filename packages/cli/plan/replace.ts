import { resourceTokens } from "../../provider/tokens";
import { replaceReasons } from "../../sandbox/translate";
import { parametersOf, table } from "../../sandbox/types/table";
import type { Values } from "./model";
import { overlaps, parsePath, type PropertyChange } from "./propertyDiff";

/** Inputs of our own provider whose change makes another resource: docs/architecture.md, provider. */
const replacing: Readonly<Record<string, readonly string[]>> = {
  [resourceTokens.endpointSettings]: ["endpoint"],
  [resourceTokens.webAppSettings]: ["site"],
  [resourceTokens.assetVersion]: ["workspace", "kind", "name"],
  [resourceTokens.blobFolder]: ["account", "container", "prefix"],
};

/** Paths among the changes that only a new resource can have. A type that is not known is updated. */
export function replacingPaths(
  type: string,
  changes: readonly PropertyChange[],
  replaceOnChanges: readonly string[],
): string[] {
  const known = type in table ? azureReasons(type, changes) : (replacing[type] ?? []);
  return [...known, ...replaceOnChanges];
}

/** Ask azure-native's own rules about the changed properties alone; all others are the same. */
function azureReasons(type: string, changes: readonly PropertyChange[]): string[] {
  const before: Values = {};
  const after: Values = {};
  for (const change of changes) {
    place(before, change.steps, change.before);
    // What follows another resource has the same text on both sides and another value.
    place(after, change.steps, change.follows === undefined ? change.after : "(changed)");
  }
  return replaceReasons(type, before, after);
}

function place(
  target: Values,
  steps: readonly (string | number)[],
  value: Values[string] | undefined,
) {
  let holder = target;
  for (const step of steps.slice(0, -1)) {
    holder = (holder[step] ??= {}) as Values;
  }
  if (value !== undefined) holder[steps.at(-1) as string] = value;
}

/** True where a change gives the resource another Azure id. */
export function changesIdentity(type: string, changes: readonly PropertyChange[]): boolean {
  const entry = table[type];
  const paths = entry ? parametersOf(entry) : (replacing[type] ?? []);
  return changes.some(({ steps }) => paths.some((path) => overlaps(parsePath(path), steps)));
}
