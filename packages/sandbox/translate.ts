import { bodyOf, onlyInputs, shapeOf, toInputPath } from "./body";
import { checkInputs, type InputProblem } from "./check";
import { isRecord, same, valueAt, type Json } from "./paths";
import { schema } from "./schema";
import { matchResource, ownName, parametersOf, typeOf } from "./types/table";

/** The simulated azure-native's view of a type: how its inputs become requests and answers become outputs. */

/** Inputs that azure-native's schema does not allow, all of them. */
export class InputError extends Error {
  constructor(
    readonly token: string,
    readonly problems: readonly InputProblem[],
  ) {
    super(`${token}: ${problems.map((problem) => `${problem.path} ${problem.reason}`).join("; ")}`);
  }
}

/** ARM path of the resource. Throws InputError when a path input is missing. */
export function toPath(token: string, inputs: Json, subscriptionId: string): string {
  const type = typeOf(token);
  const values: Json = { ...inputs, subscriptionId };
  if (type.fixedName) values[ownName(type)] ??= type.fixedName;
  const missing = parametersOf(type).filter(
    (name) => typeof values[name] !== "string" || values[name] === "",
  );
  if (missing.length > 0) {
    throw new InputError(
      token,
      missing.map((path) => ({ path, kind: "missing", reason: "is required, as text" })),
    );
  }
  const path = type.path.replace(/\{(\w+)\}/g, (_, name: string) =>
    String(values[name]).replace(/^\/+|\/+$/g, ""),
  );
  return `/${path.replace(/^\/+/, "")}`;
}

/** PUT body, from the inputs alone. Throws InputError with every unknown, missing or ill-typed input. */
export function toBody(token: string, inputs: Json): Json {
  typeOf(token);
  const problems = checkInputs(token, inputs);
  if (problems.length > 0) throw new InputError(token, problems);
  return bodyOf(token, inputs);
}

/** azure-native's outputs of an ARM answer: flattened where the real one is, and with `azureApiVersion`. */
export function toOutputs(token: string, arm: unknown): Json {
  const shape = isRecord(arm) ? shapeOf(token, arm) : {};
  const outputs = schema.resources[token]?.outputs ?? [];
  const kept = Object.entries(shape).filter(
    ([name, value]) => outputs.includes(name) && value !== null,
  );
  return { ...Object.fromEntries(kept), azureApiVersion: apiVersion(token) };
}

/**
 * The inputs after a refresh. azure-native compares the recorded outputs with the live ones, both cut down
 * to inputs, and carries every difference into the recorded inputs. Without `oldOutputs` the comparison is
 * with the inputs and Azure's defaults. With empty `oldInputs` (import, read by id) all live values come.
 */
export function toInputs(token: string, arm: unknown, oldInputs: Json, oldOutputs?: Json): Json {
  const live = onlyInputs(token, isRecord(arm) ? shapeOf(token, arm) : {});
  const id = isRecord(arm) && typeof arm["id"] === "string" ? arm["id"] : undefined;
  if (Object.keys(oldInputs).length === 0) return { ...live, ...(id ? fromId(id).inputs : {}) };
  const base = onlyInputs(token, oldOutputs ?? withDefaults(token, oldInputs));
  return carry(oldInputs, base, live) as Json;
}

function withDefaults(token: string, inputs: Json): Json {
  const body: Json = structuredClone(bodyOf(token, inputs));
  for (const [path, value] of Object.entries(typeOf(token).defaults ?? {})) {
    if (valueAt(body, path) === undefined) assign(body, path.split("."), structuredClone(value));
  }
  return shapeOf(token, body);
}

function assign(target: Json, steps: readonly string[], value: unknown): void {
  const [first = "", ...rest] = steps;
  if (rest.length === 0) target[first] = value;
  else {
    if (!isRecord(target[first])) target[first] = {};
    assign(target[first] as Json, rest, value);
  }
}

/** Apply to `inputs` what differs between `base` and `live`. */
function carry(inputs: unknown, base: unknown, live: unknown): unknown {
  if (same(base, live)) return inputs;
  if (!isRecord(base) || !isRecord(live)) return live;
  const result: Json = isRecord(inputs) ? { ...inputs } : {};
  for (const name of new Set([...Object.keys(base), ...Object.keys(live)])) {
    const value = carry(result[name], base[name], live[name]);
    if (value === undefined) delete result[name];
    else result[name] = value;
  }
  return result;
}

/** Input paths whose change makes azure-native replace the resource: path, location, and create-only properties. */
export function replaceReasons(token: string, oldInputs: Json, newInputs: Json): string[] {
  const type = typeOf(token);
  const place = [...parametersOf(type), "location"];
  const createOnly = (type.immutable ?? [])
    .filter(({ replaces }) => replaces !== false)
    .map(({ path }) => toInputPath(token, path));
  const changed = (path: string): boolean => {
    const [before, after] = [valueAt(oldInputs, path), valueAt(newInputs, path)];
    // An optional name or location that one side leaves to azure-native is no change.
    if (place.includes(path) && (before === undefined || after === undefined)) return false;
    return path === "location" ? region(before) !== region(after) : !same(before, after);
  };
  return [...new Set([...place, ...createOnly])].filter(changed);
}

function region(value: unknown): string {
  return String(value).replace(/\s/g, "").toLowerCase();
}

/** Output paths that are Azure's to say and unknown before the resource exists. */
export function computedOutputs(token: string): string[] {
  const type = typeOf(token);
  const own = Object.keys(type.computed ?? {}).map((path) => toInputPath(token, path));
  const identity =
    "identity" in (schema.resources[token]?.inputs ?? {})
      ? ["identity.principalId", "identity.tenantId"]
      : [];
  return ["id", ...own, ...identity];
}

/** The type and path inputs of an existing resource. Throws when no type of the table has such a path. */
export function fromId(armId: string): { token: string; inputs: Json } {
  const match = matchResource(armId.split("?")[0] as string);
  if (!match) throw new Error(`${armId} is the id of no type in the sandbox's table`);
  const { subscriptionId: _, ...inputs } = match.parameters;
  return { token: match.token, inputs };
}

/** The version that azure-native speaks for the type. */
export function apiVersion(token: string): string {
  typeOf(token);
  return schema.resources[token]?.apiVersion ?? "";
}
