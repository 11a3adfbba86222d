import { PipelineError } from "./value";

/** An expression of Azure Pipelines as a tree. */
export type Expression =
  | { readonly kind: "literal"; readonly value: boolean | number | string | null }
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "call"; readonly name: string; readonly args: readonly Expression[] }
  | { readonly kind: "index"; readonly of: Expression; readonly key: Expression }
  | { readonly kind: "each"; readonly of: Expression };

const token =
  /\s*(?:('(?:[^']|'')*')|(-?(?:\d+\.?\d*|\.\d+))|([A-Za-z_][A-Za-z0-9_]*)|([()[\],.*]))/y;

/** Parses one expression whole: learn.microsoft.com/azure/devops/pipelines/process/expressions. */
export function parse(text: string): Expression {
  const tokens = tokensOf(text);
  let at = 0;
  const fail = (what: string): never => {
    throw new PipelineError(`${what} in the expression \`${text.trim()}\``);
  };
  const expect = (symbol: string) => {
    if (tokens[at++] !== symbol) fail(`${symbol} is missing`);
  };

  function expression(): Expression {
    const first = tokens[at++];
    if (first === undefined) return fail("something is missing at the end");
    if (first.startsWith("'")) return after(literal(first.slice(1, -1).replaceAll("''", "'")));
    if (/^[-.\d]/.test(first)) return after(literal(Number(first)));
    if (!/^[A-Za-z_]/.test(first)) return fail(`${first} stands in the wrong place`);
    if (tokens[at] === "(") return after(call(first));
    const word = first.toLowerCase();
    if (word === "true" || word === "false") return literal(word === "true");
    return word === "null" ? literal(null) : after({ kind: "name", name: first });
  }

  function call(name: string): Expression {
    const args: Expression[] = [];
    at++;
    while (tokens[at] !== ")") {
      if (args.length > 0) expect(",");
      args.push(expression());
    }
    at++;
    return { kind: "call", name, args };
  }

  /** What follows a value: `.name`, `.*` and `[key]`. */
  function after(of: Expression): Expression {
    if (tokens[at] === ".") {
      at++;
      const name = tokens[at++] ?? fail("a name is missing after the period");
      if (name === "*") return after({ kind: "each", of });
      return after({ kind: "index", of, key: literal(name) });
    }
    if (tokens[at] === "[") {
      at++;
      const key = expression();
      expect("]");
      return after({ kind: "index", of, key });
    }
    return of;
  }

  const tree = expression();
  if (at < tokens.length) fail(`${tokens[at]} is too much`);
  return tree;
}

function literal(value: boolean | number | string | null): Expression {
  return { kind: "literal", value };
}

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  token.lastIndex = 0;
  const end = text.trimEnd().length;
  while (token.lastIndex < end) {
    const from = token.lastIndex;
    const found = token.exec(text);
    if (!found)
      throw new PipelineError(
        `${text.slice(from).trim().slice(0, 12)} is no part of an expression: \`${text.trim()}\``,
      );
    tokens.push((found[1] ?? found[2] ?? found[3] ?? found[4]) as string);
  }
  return tokens;
}
