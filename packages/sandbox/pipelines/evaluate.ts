import { generalFunctions, type ExpressionFunction } from "./functions";
import { parse, type Expression } from "./syntax";
import { isMapping, PipelineError, type Value } from "./value";

/** Answers for a key of a named context; it throws where the name cannot be known there. */
export type Lookup = (key: string) => Value;

export interface Scope {
  /** `variables`, `parameters`, `dependencies`, and the names of loops. */
  readonly names: Readonly<Record<string, Value | Lookup>>;
  /** Beside the general functions, by name in lower case: `succeeded`, `failed`, … */
  readonly functions?: Readonly<Record<string, ExpressionFunction>>;
}

/** The value of an expression; unknown names and functions are errors. */
export function evaluate(text: string, scope: Scope): Value {
  return valueOf(parse(text), scope);
}

function valueOf(tree: Expression, scope: Scope): Value {
  switch (tree.kind) {
    case "literal":
      return tree.value;
    case "call":
      return called(tree.name, tree.args, scope);
    case "name": {
      const value = named(tree.name, scope);
      if (typeof value !== "function") return value;
      throw new PipelineError(`${tree.name} needs a key, such as ${tree.name}['name']`);
    }
    case "each": {
      const list = valueOf(tree.of, scope);
      return Array.isArray(list) ? list : isMapping(list) ? Object.values(list) : [];
    }
    case "index":
      return indexed(tree, scope);
  }
}

function indexed({ of, key }: Expression & { kind: "index" }, scope: Scope): Value {
  const keyValue = valueOf(key, scope);
  if (of.kind === "name") {
    const context = named(of.name, scope);
    if (typeof context === "function") return context(String(keyValue));
  }
  const owner = valueOf(of, scope);
  if (of.kind === "each" && Array.isArray(owner))
    return owner.map((item) => member(item, keyValue));
  return member(owner, keyValue);
}

/** A miss is null, as in Azure Pipelines; keys go without regard to case. */
function member(owner: Value, key: Value): Value {
  if (Array.isArray(owner)) return owner[Number(key)] ?? null;
  if (!isMapping(owner)) return null;
  const wanted = String(key).toLowerCase();
  const found = Object.keys(owner).find((name) => name.toLowerCase() === wanted);
  return found === undefined ? null : (owner[found] ?? null);
}

function named(name: string, { names }: Scope): Value | Lookup {
  const found = Object.keys(names).find((known) => known.toLowerCase() === name.toLowerCase());
  if (found !== undefined) return names[found] as Value | Lookup;
  throw new PipelineError(
    `${name} means nothing here; known are ${Object.keys(names).sort().join(", ")}`,
  );
}

function called(name: string, args: readonly Expression[], scope: Scope): Value {
  const known = { ...generalFunctions, ...scope.functions };
  const found = known[name.toLowerCase()];
  if (!found) throw new PipelineError(`there is no function ${name} here`);
  if (args.length < found.least || args.length > found.most)
    throw new PipelineError(
      `${name} has ${args.length} arguments; it takes ${found.least}${
        found.most === found.least
          ? ""
          : ` to ${found.most === Infinity ? "any number" : found.most}`
      }`,
    );
  return found.run(args.map((arg) => () => valueOf(arg, scope)));
}
