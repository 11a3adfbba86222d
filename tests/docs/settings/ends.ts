import program from "../../../index";
import { readEnvironment } from "../../../config/read";
import { answersFor } from "../../../packages/cli/plan/answers";
import { factsOf } from "../../../packages/cli/plan/facts";
import { covers } from "../../../packages/cli/plan/propertyDiff";
import { planOf } from "../../../packages/cli/plan/record";
import { record } from "../../../packages/sandbox/monitor";
import type { Registration } from "../../../packages/sandbox/recording";
import { repositoryWith, type Files } from "./stack";

/** What a program declares, leaf by leaf, beside what the plan counts and what the stack tells. */
export interface Declared {
  /** By URN. */
  readonly resources: ReadonlyMap<string, Resource>;
  /** What is no property of a resource: limits, outputs. */
  readonly others: ReadonlyMap<string, string>;
}

interface Resource {
  /** `machinelearningservices.Workspace`. */
  readonly type: string;
  /** URN of the parent. */
  readonly parent: string;
  readonly read: boolean;
  /** Values as text by path; those under `ignoreChanges` count at creation alone, and say so. */
  readonly leaves: ReadonlyMap<string, string>;
}

/** Marks a property that azure-native writes once and leaves alone from then on. */
export const AT_CREATION = " (at creation)";

/** What can differ about a resource beside its properties. */
export const WHETHER = {
  stands: "stands or not",
  created: "created or only read",
  which: "which one is read",
  replaced: "replaced with its live arms",
} as const;

/** Where a setting ends: properties by type of resource. */
export type Ends = ReadonlyMap<string, readonly string[]>;

/** Read the files of a stack as every command does and run the program on them. */
export async function declare(files: Files): Promise<Declared> {
  const repository = repositoryWith(files);
  try {
    const environment = readEnvironment({ root: repository.root, stack: "dev" });
    const { project, stack } = environment;
    const recording = await record(() => program({ environment }), {
      project,
      stack,
      // The test's "encrypted" texts stand in for the values that the engine would decrypt.
      config: { [`${project}:secrets`]: JSON.stringify(repository.secrets) },
      secretKeys: [`${project}:secrets`],
      answers: answersFor(),
    });
    const { limits } = factsOf(planOf(recording, environment), environment);
    const others = new Map<string, string>();
    for (const { what, limit } of limits) others.set(`limit of ${what}`, String(limit));
    flatten(recording.outputs, "output ", others);
    return {
      resources: new Map(recording.registrations.filter(({ custom }) => custom).map(resource)),
      others,
    };
  } finally {
    repository.remove();
  }
}

function resource(registration: Registration): [string, Resource] {
  const { urn, type, parent = "", inputs, protect, replaceWith, readId } = registration;
  const leaves = new Map<string, string>();
  flatten(inputs, "", leaves);
  for (const path of [...leaves.keys()]) {
    const steps = path.split(".");
    if (!registration.ignoreChanges.some((pattern) => covers(pattern, steps))) continue;
    leaves.set(`${path}${AT_CREATION}`, leaves.get(path) as string);
    leaves.delete(path);
  }
  if (protect) leaves.set("protect", "on");
  if (replaceWith.length > 0) leaves.set(WHETHER.replaced, "on");
  if (readId !== undefined) leaves.set(WHETHER.which, readId);
  return [urn, { type: shortType(type), parent, read: readId !== undefined, leaves }];
}

function shortType(token: string): string {
  const [provider = "", module = "", name = ""] = token.split(":");
  return `${provider === "azure-native" ? module : provider}.${name}`;
}

function flatten(value: unknown, at: string, leaves: Map<string, string>): void {
  const isSecret = typeof value === "object" && value !== null && SIGNATURE in value;
  if (typeof value !== "object" || value === null || isSecret) {
    leaves.set(at, JSON.stringify(value) ?? "");
    return;
  }
  for (const [key, item] of Object.entries(value)) {
    const step = Array.isArray(value) ? "[]" : key;
    const path =
      at === "" || at.endsWith(" ") ? `${at}${step}` : `${at}${step === "[]" ? "" : "."}${step}`;
    // Entries of a list share a path; together they are one value.
    const inside = new Map<string, string>();
    flatten(item, path, inside);
    for (const [below, text] of inside) {
      const before = leaves.get(below);
      leaves.set(below, before === undefined ? text : `${before}, ${text}`);
    }
  }
}

/** Marks secrets and assets on the wire (sdk/nodejs/runtime/rpc.ts). */
const SIGNATURE = "4dabf18193072939515e22adb298388d";

/** What differs between two declarations. */
export function endsBetween(before: Declared, after: Declared): Ends {
  const ends = new Map<string, Set<string>>();
  const add = (type: string, property: string) =>
    ends.set(type, (ends.get(type) ?? new Set<string>()).add(property));
  for (const [was, is] of pairs(before.resources, after.resources)) {
    const { type } = (is ?? was) as Resource;
    if (!was || !is) add(type, WHETHER.stands);
    else if (was.read !== is.read) add(type, WHETHER.created);
    else for (const path of changed(was.leaves, is.leaves)) add(type, path);
  }
  for (const path of changed(before.others, after.others)) add("", path);
  const sorted = [...ends].sort(([a], [b]) => (a < b ? -1 : 1));
  return new Map(sorted.map(([type, properties]) => [type, [...properties].sort()]));
}

/** The same resource before and after; one that was renamed is the next of its type below its parent. */
function pairs(before: Declared["resources"], after: Declared["resources"]) {
  const gone = [...before].filter(([urn]) => !after.has(urn)).map(([, each]) => each);
  const both = [...after].map(([urn, is]): [Resource | undefined, Resource] => {
    if (before.has(urn)) return [before.get(urn), is];
    const twin = gone.findIndex((was) => was.type === is.type && was.parent === is.parent);
    return [twin < 0 ? undefined : gone.splice(twin, 1)[0], is];
  });
  return [...both, ...gone.map((was): [Resource, undefined] => [was, undefined])];
}

function changed(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): string[] {
  return [...new Set([...before.keys(), ...after.keys()])].filter(
    (path) => before.get(path) !== after.get(path),
  );
}
