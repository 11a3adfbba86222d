import { pathText } from "../../sandbox/references";
import type { Baseline, BaselineResource } from "./baseline";
import { Dirt } from "./dirt";
import {
  STACK_TYPE,
  type PlannedResource,
  type RecordedPlan,
  type ResourceOptions,
  type Value,
  type Values,
} from "./model";
import { covers, diffValues, overlaps, parsePath, type PropertyChange } from "./propertyDiff";
import { replacingPaths } from "./replace";
import { Resolver } from "./resolver";

export type ChangeKind = "create" | "update" | "replace" | "delete" | "read" | "forget";

export interface ResourceChange {
  readonly kind: ChangeKind;
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** Sorted by path; empty for what is created, deleted, read or forgotten. */
  readonly properties: readonly PropertyChangeText[];
  /** Its URN so far, where an alias renames it. */
  readonly was?: string;
}

export interface PropertyChangeText {
  readonly path: string;
  readonly before?: Value;
  readonly after?: Value;
  /** URN of the resource whose output gets another value, where the text alone shows no change. */
  readonly follows?: string;
  /** Only a new resource can have the new value. */
  readonly replaces: boolean;
}

/** A value that cannot be compared here, and who will. */
export interface Unknown {
  readonly urn: string;
  readonly path: string;
  readonly why: "secret" | "approved" | "output";
}

export interface Comparison {
  /** Sorted by URN. */
  readonly changes: readonly ResourceChange[];
  readonly unknowns: readonly Unknown[];
}

/** What applying the plan would change, resource by resource and property by property. */
export function compare(next: RecordedPlan, previous: Baseline): Comparison {
  const pairs = pairUp(next, previous);
  const renames = new Map(
    pairs.flatMap(({ next, previous }) => (next && previous ? [[next.urn, previous.urn]] : [])),
  );
  const resolver = new Resolver(previous, renames);
  const dirt = new Dirt();
  let comparison: Comparison;
  // A change can spread along references; each round follows them one step further.
  do {
    dirt.settled = true;
    comparison = compareOnce(pairs, resolver, dirt);
  } while (!dirt.settled);
  return comparison;
}

interface Pair {
  readonly next?: PlannedResource;
  readonly options?: ResourceOptions;
  readonly previous?: BaselineResource;
}

/** Match resources by URN, then by the URNs that aliases say they had. */
function pairUp({ plan, options }: RecordedPlan, previous: Baseline): Pair[] {
  const left = new Map(previous.resources);
  const resources = plan.resources.filter(({ type }) => type !== STACK_TYPE);
  const found = new Map<string, BaselineResource>();
  const take = (resource: PlannedResource, urn: string) => {
    const match = left.get(urn);
    if (!match || found.has(resource.urn)) return;
    found.set(resource.urn, match);
    left.delete(urn);
  };
  for (const resource of resources) take(resource, resource.urn);
  for (const resource of resources) {
    for (const alias of options.get(resource.urn)?.aliases ?? []) take(resource, alias);
  }
  const pairs: Pair[] = resources.map((resource) => ({
    next: resource,
    options: options.get(resource.urn),
    previous: found.get(resource.urn),
  }));
  return [...pairs, ...[...left.values()].map((resource) => ({ previous: resource }))];
}

function compareOnce(pairs: readonly Pair[], resolver: Resolver, dirt: Dirt): Comparison {
  const unknowns: Unknown[] = [];
  const changes = pairs.flatMap((pair) => changeOf(pair, resolver, dirt, unknowns) ?? []);
  changes.sort((a, b) => (a.urn < b.urn ? -1 : 1));
  return { changes, unknowns };
}

function changeOf(
  { next, options, previous }: Pair,
  resolver: Resolver,
  dirt: Dirt,
  unknowns: Unknown[],
): ResourceChange | undefined {
  if (!next) {
    const { urn, type, name, read } = previous as BaselineResource;
    return { kind: read ? "forget" : "delete", urn, type, name, properties: [] };
  }
  const { urn, type, name } = next;
  const isRead = next.read === true;
  if (!previous) return { kind: isRead ? "read" : "create", urn, type, name, properties: [] };
  const was = previous.urn === urn ? undefined : previous.urn;
  const changes = changedInputs(next, options, previous, resolver, dirt, unknowns);
  const replacing = replacingPaths(type, changes, options?.replaceOnChanges ?? []).map(parsePath);
  const properties = changes.map(({ steps, ...values }) => ({
    path: pathText(steps),
    ...values,
    replaces: replacing.some((path) => overlaps(path, steps)),
  }));
  if (next.protect !== previous.protect && !isRead) {
    const path = "(protect)";
    properties.push({ path, before: previous.protect, after: next.protect, replaces: false });
  }
  if (isRead !== previous.read) {
    // The engine deletes what it managed and is now only to read, and creates what it only read.
    const path = "(only read)";
    properties.push({ path, before: previous.read, after: isRead, replaces: true });
  }
  if (properties.length === 0 && was === undefined) return undefined;
  properties.sort((a, b) => (a.path < b.path ? -1 : 1));
  const kind = properties.some(({ replaces }) => replaces) ? "replace" : "update";
  dirt.add(next, kind, changes);
  return { kind, urn, type, name, properties, ...(was === undefined ? {} : { was }) };
}

function changedInputs(
  next: PlannedResource,
  options: ResourceOptions | undefined,
  previous: BaselineResource,
  resolver: Resolver,
  dirt: Dirt,
  unknowns: Unknown[],
): PropertyChange[] {
  const before = withId(previous);
  const after = withId(next);
  const changes = diffValues(before, after, (was, is, steps) => {
    const verdict = resolver.same(was, is);
    if (verdict === "same" || verdict === "different") return verdict === "same";
    unknowns.push({ urn: next.urn, path: pathText(steps), why: verdict });
    return true;
  });
  return [...changes, ...dirt.changesOf(before, after, changes)].filter(
    (change) => !isIgnored(change, next.type, options, previous),
  );
}

/** A resource that is only read has an Azure id instead of inputs. */
function withId({ inputs, read, id }: PlannedResource | BaselineResource): Values {
  return read && id !== undefined ? { ...inputs, id } : inputs;
}

function isIgnored(
  { steps, after }: PropertyChange,
  type: string,
  options: ResourceOptions | undefined,
  previous: BaselineResource,
): boolean {
  if (options?.ignoreChanges.some((pattern) => covers(pattern, steps))) return true;
  const filledIn = [...previous.defaults, ...providerInputs(type)];
  return after === undefined && filledIn.some((pattern) => covers(pattern, steps));
}

/** Inputs that a provider writes into the state by itself where a program gives none. */
function providerInputs(type: string): readonly string[] {
  if (type.startsWith("azure-native:")) return ["location", "azureApiVersion"];
  if (type.startsWith("docker:")) {
    return [
      "registry",
      ...["args", "builderVersion", "contextDigest", "dockerfile"].map((name) => `build.${name}`),
    ];
  }
  return [];
}
