import type { z } from "zod";
import { guid } from "../ids";
import { same, type Json } from "../paths";
import { isRefusal, refuse, type Refusal } from "../rules/rule";
import { valuesAt } from "./paths";
import type { Stored } from "./state";
import { thing, things } from "./store";
import { withDigests } from "./secrets";
import { devOpsType, kindOf } from "./types/table";
import type { Facts, Problem, World } from "./type";

/**
 * The simulated Azure DevOps: what the azuredevops provider's operations do to the organisation. A write is
 * checked whole before anything changes, and answers with a Refusal instead of throwing. Ids follow from the
 * state, so equal requests give equal states.
 */

export interface Written {
  readonly id: string;
  readonly outputs: Json;
}

/** What the provider finds wrong with inputs by themselves, unknown values aside. */
export function check(
  token: string,
  inputs: Json,
  isUnknown: (value: unknown) => boolean,
): Problem[] {
  const type = devOpsType(token);
  const parsed = type.inputs.safeParse(inputs);
  const shape = parsed.success ? [] : parsed.error.issues.flatMap(problemsOf);
  const across = (type.checks ?? []).flatMap((rule) => rule(inputs));
  return [...shape, ...across].filter(({ path }) => !crossesUnknown(inputs, path, isUnknown));
}

function problemsOf(issue: z.core.$ZodIssue): Problem[] {
  if (issue.code !== "unrecognized_keys")
    return [{ path: pathText(issue.path), reason: issue.message }];
  return issue.keys.map((key) => ({
    path: pathText([...issue.path, key]),
    reason: "is no property that the type has",
  }));
}

function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step)}`))
    .join("")
    .replace(/^\./, "");
}

/** Whether something on the way to the path is unknown. */
function crossesUnknown(
  inputs: Json,
  path: string,
  isUnknown: (value: unknown) => boolean,
): boolean {
  let value: unknown = inputs;
  for (const step of path.split(/[.[\]]+/).filter((one) => one !== "")) {
    value = typeof value === "object" && value !== null ? (value as Json)[step] : undefined;
    if (typeof value === "string" && isUnknown(value)) return true;
  }
  return false;
}

/** Inputs whose change makes the provider replace the resource. */
export function replaceReasons(token: string, oldInputs: Json, newInputs: Json): string[] {
  return devOpsType(token).replaces.filter((name) => !same(oldInputs[name], newInputs[name]));
}

/** Output paths that the service computes and that are unknown before the resource exists. */
export function computedOutputs(token: string): string[] {
  return ["id", ...Object.keys(devOpsType(token).computed ?? {})];
}

export function create(world: World, token: string, inputs: Json): Written | Refusal {
  const type = devOpsType(token);
  const problems = check(token, inputs, () => false);
  if (problems.length > 0) return badInputs(problems);
  const filled = type.inputs.parse(inputs);
  const { state } = world;
  const number = state.lastNumber + 1;
  const draft = factsOf(world, kindOf(token), "", filled, undefined);
  const id =
    typeof type.id === "function"
      ? type.id(draft)
      : type.id === "number"
        ? String(number)
        : guid(kindOf(token), String(number), JSON.stringify(filled));
  const facts = { ...draft, id };
  if (facts.find(facts.kind, id))
    return refuse(409, "AlreadyExists", `${facts.kind} ${id} exists already`);
  const problem = refusal(facts);
  if (problem) return problem;
  state.lastNumber = number;
  const outputs = complete(facts);
  const properties = withDigests(outputs, type.secrets ?? []);
  state.things[`${facts.kind}/${id}`] = { kind: facts.kind, id, properties };
  type.effect?.(facts, "create");
  return { id, outputs };
}

export function update(world: World, token: string, id: string, inputs: Json): Written | Refusal {
  const type = devOpsType(token);
  const before = thing(world.state, kindOf(token), id);
  if (!before) return gone(token, id);
  const problems = check(token, inputs, () => false);
  if (problems.length > 0) return badInputs(problems);
  const facts = factsOf(world, kindOf(token), id, type.inputs.parse(inputs), before);
  const problem = refusal(facts);
  if (problem) return problem;
  const outputs = complete(facts);
  before.properties = withDigests(outputs, type.secrets ?? []);
  type.effect?.(facts, "update");
  return { id, outputs };
}

/** What stands there now, digests in place of secrets; undefined when it is gone. */
export function read(world: World, token: string, id: string): Json | undefined {
  return structuredClone(thing(world.state, kindOf(token), id)?.properties);
}

/** Deleting what is gone succeeds. */
export function remove(world: World, token: string, id: string): Refusal | undefined {
  const type = devOpsType(token);
  const stored = thing(world.state, kindOf(token), id);
  if (!stored) return undefined;
  const facts = factsOf(world, stored.kind, id, stored.properties, stored);
  for (const rule of type.deleteRules ?? []) {
    const problem = rule(facts);
    if (problem) return problem;
  }
  delete world.state.things[`${stored.kind}/${id}`];
  type.effect?.(facts, "delete");
  return undefined;
}

export { isRefusal };

function factsOf(
  world: World,
  kind: string,
  id: string,
  inputs: Json,
  before: Stored | undefined,
): Facts {
  return {
    world,
    kind,
    id,
    inputs,
    before,
    find: (other, otherId) => thing(world.state, other, otherId),
    all: (other) => things(world.state, other),
  };
}

/** Inputs as stored, and everything computed. */
function complete(facts: Facts): Json {
  const computed = devOpsType(facts.kind).computed ?? {};
  const answers = Object.entries(computed).map(([name, answer]) => [name, answer(facts)]);
  return structuredClone({ ...facts.inputs, ...Object.fromEntries(answers) });
}

/** The first thing that stands in the way of a write. */
function refusal(facts: Facts): Refusal | undefined {
  const type = devOpsType(facts.kind);
  for (const [path, kind] of Object.entries(type.references ?? {})) {
    const lost = valuesAt(facts.inputs, path).find((id) => !facts.find(kind, id));
    if (lost !== undefined)
      return refuse(404, `${kind}NotFound`, `${path}: there is no ${kind} ${String(lost)}`);
  }
  const { unique, writeRules = [] } = type;
  const name = "serviceEndpointName" in facts.inputs ? "serviceEndpointName" : "name";
  const twin =
    unique &&
    facts
      .all(facts.kind)
      .find(
        ({ id, properties }) =>
          id !== facts.id &&
          String(properties[name]).toLowerCase() === String(facts.inputs[name]).toLowerCase() &&
          unique.every((space) => same(properties[space], facts.inputs[space])),
      );
  if (twin)
    return refuse(
      409,
      "NameTaken",
      `${facts.kind} ${String(facts.inputs[name])} exists already, its id is ${twin.id}`,
    );
  for (const rule of writeRules) {
    const problem = rule(facts);
    if (problem) return problem;
  }
  return undefined;
}

function badInputs(problems: readonly Problem[]): Refusal {
  return refuse(
    400,
    "BadInputs",
    problems.map(({ path, reason }) => `${path} ${reason}`).join("; "),
  );
}

function gone(token: string, id: string): Refusal {
  return refuse(404, "NotFound", `${kindOf(token)} ${id} is gone; refresh, then try again`);
}
