import { evaluate, type Scope } from "./evaluate";
import { PipelineError, isMapping, toBoolean, toText, type Value } from "./value";

/** `${{ }}` in a text, and the directives that a key of this form is. */

const whole = /^\s*\$\{\{((?:'(?:[^']|'')*'|[^'}]|\}(?!\}))*)\}\}\s*$/;
const inside = /\$\{\{((?:'(?:[^']|'')*'|[^'}]|\}(?!\}))*)\}\}/g;

/** A text that is one expression keeps the expression's type; within a longer text it becomes text. */
export function interpolate(text: string, scope: Scope): Value {
  const only = whole.exec(text)?.[1];
  if (only !== undefined) return evaluate(only, scope);
  return text.replace(inside, (_, expression: string) => {
    const value = toText(evaluate(expression, scope));
    if (value === undefined)
      throw new PipelineError(`\${{${expression}}} is a list or an object within a text`);
    return value;
  });
}

/** What a key such as `${{ if … }}` asks for. */
type Directive =
  | { readonly kind: "if" | "elseif"; readonly condition: string }
  | { readonly kind: "else" }
  | { readonly kind: "insert" }
  | { readonly kind: "each"; readonly name: string; readonly list: string };

export function directiveOf(key: string): Directive | undefined {
  const text = whole.exec(key)?.[1]?.trim();
  if (text === undefined) return undefined;
  const [, word, rest = ""] = /^(if|elseif|else|each|insert)\b\s*(.*)$/s.exec(text) ?? [];
  if (word === undefined) return undefined;
  if (word === "else" || word === "insert") return { kind: word };
  if (word !== "each") return { kind: word as "if" | "elseif", condition: rest };
  const [, name, list] = /^([A-Za-z_]\w*)\s+in\s+(.+)$/s.exec(rest) ?? [];
  if (name === undefined || list === undefined)
    throw new PipelineError(`\`${text}\` is no \`each <name> in <list>\``);
  return { kind: "each", name, list };
}

/** Whether the chain of `if`, `elseif`, `else` has been taken; undefined outside of a chain. */
export type Chain = boolean | undefined;

/** Calls `take` with the scope of each time that the body counts; answers the state of the chain after. */
export function follow(
  directive: Directive,
  scope: Scope,
  chain: Chain,
  take: (scope: Scope) => void,
): Chain {
  if (directive.kind === "each") {
    for (const item of iterated(evaluate(directive.list, scope)))
      take({ ...scope, names: { ...scope.names, [directive.name]: item } });
    return undefined;
  }
  if (directive.kind === "insert") {
    take(scope);
    return undefined;
  }
  if (directive.kind !== "if" && chain === undefined)
    throw new PipelineError(`${directive.kind} follows no if`);
  const open = directive.kind === "if" || chain === false;
  const taken =
    open && (directive.kind === "else" || toBoolean(evaluate(directive.condition, scope)));
  if (taken) take(scope);
  const over = taken || (directive.kind !== "if" && chain === true);
  return directive.kind === "else" ? undefined : over;
}

function iterated(value: Value): Value[] {
  if (Array.isArray(value)) return value;
  if (isMapping(value)) return Object.entries(value).map(([key, item]) => ({ key, value: item }));
  throw new PipelineError("each needs a list or an object");
}
