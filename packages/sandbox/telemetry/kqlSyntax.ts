/** The part of Kusto's language that the sandbox reads: where, extend, project and summarize. */

export type Expression =
  | { readonly kind: "value"; readonly value: string | number | boolean | null | Date }
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "call"; readonly name: string; readonly args: readonly Expression[] }
  | { readonly kind: "index"; readonly of: Expression; readonly at: Expression };

export interface Assignment {
  readonly name: string;
  readonly value: Expression;
}

export type Step =
  | { readonly kind: "where"; readonly condition: Expression }
  | { readonly kind: "extend" | "project"; readonly columns: readonly Assignment[] }
  | {
      readonly kind: "summarize";
      readonly columns: readonly Assignment[];
      readonly by: readonly Assignment[];
    };

export interface Query {
  readonly table: string;
  readonly steps: readonly Step[];
}

/** What Application Insights says of a query that it cannot read. */
export class QueryError extends Error {
  override readonly name = "QueryError";
}

const token =
  /\s*(?:(\d+(?:\.\d+)?)(ms|[smhd])?(?![\w])|("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|([A-Za-z_]\w*)|(==|!=|>=|<=|[<>()[\],.=|]))/y;

interface Token {
  readonly kind: "number" | "span" | "text" | "name" | "sign";
  readonly text: string;
  readonly value?: number;
}

const spans: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

function tokens(text: string): Token[] {
  const found: Token[] = [];
  token.lastIndex = 0;
  while (text.slice(token.lastIndex).trim() !== "") {
    const at = token.lastIndex;
    const match = token.exec(text);
    if (!match)
      throw new QueryError(`Query could not be parsed at '${text.slice(at).trim().slice(0, 20)}'`);
    const [, digits, unit, quoted, name, sign] = match;
    if (digits !== undefined && unit !== undefined) {
      found.push({ kind: "span", text: digits + unit, value: Number(digits) * (spans[unit] ?? 0) });
    } else if (digits !== undefined)
      found.push({ kind: "number", text: digits, value: Number(digits) });
    else if (quoted !== undefined) {
      found.push({ kind: "text", text: quoted.slice(1, -1).replace(/\\(.)/g, "$1") });
    } else if (name !== undefined) found.push({ kind: "name", text: name });
    else found.push({ kind: "sign", text: sign as string });
  }
  return found;
}

export function parseQuery(text: string): Query {
  return new Parser(tokens(text)).query();
}

class Parser {
  #at = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  query(): Query {
    const table = this.#name();
    const steps: Step[] = [];
    while (this.#at < this.tokens.length) {
      this.#expect("|");
      steps.push(this.#step(this.#name()));
    }
    return { table, steps };
  }

  #step(operator: string): Step {
    if (operator === "where") return { kind: "where", condition: this.#or() };
    if (operator === "extend" || operator === "project")
      return { kind: operator, columns: this.#assignments() };
    if (operator === "summarize") {
      const columns = this.#assignments();
      return { kind: "summarize", columns, by: this.#take("by") ? this.#assignments() : [] };
    }
    throw new QueryError(`The operator '${operator}' is not known to the sandbox`);
  }

  #assignments(): Assignment[] {
    const all: Assignment[] = [];
    do {
      const [first, second] = this.tokens.slice(this.#at, this.#at + 2);
      if (first?.kind === "name" && second?.kind === "sign" && second.text === "=") {
        this.#at += 2;
        all.push({ name: first.text, value: this.#or() });
      } else {
        const value = this.#or();
        const name =
          value.kind === "name" ? value.name : value.kind === "call" ? `${value.name}_` : "Column1";
        all.push({ name, value });
      }
    } while (this.#take(","));
    return all;
  }

  #or(): Expression {
    let left = this.#and();
    while (this.#take("or")) left = { kind: "call", name: "or", args: [left, this.#and()] };
    return left;
  }

  #and(): Expression {
    let left = this.#comparison();
    while (this.#take("and"))
      left = { kind: "call", name: "and", args: [left, this.#comparison()] };
    return left;
  }

  #comparison(): Expression {
    const left = this.#postfix();
    for (const sign of ["==", "!=", ">=", "<=", "<", ">"]) {
      if (this.#take(sign)) return { kind: "call", name: sign, args: [left, this.#postfix()] };
    }
    if (!this.#take("in")) return left;
    this.#expect("(");
    return { kind: "call", name: "in", args: [left, ...this.#list(")")] };
  }

  #postfix(): Expression {
    let value = this.#primary();
    for (;;) {
      if (this.#take("[")) {
        value = { kind: "index", of: value, at: this.#or() };
        this.#expect("]");
      } else if (this.#take(".")) {
        value = { kind: "index", of: value, at: { kind: "value", value: this.#name() } };
      } else return value;
    }
  }

  #primary(): Expression {
    const next = this.tokens[this.#at];
    this.#at += 1;
    if (next?.kind === "number" || next?.kind === "span")
      return { kind: "value", value: next.value ?? 0 };
    if (next?.kind === "text") return { kind: "value", value: next.text };
    if (next?.text === "(") {
      const inner = this.#or();
      this.#expect(")");
      return inner;
    }
    if (next?.kind !== "name") throw new QueryError(`Unexpected '${next?.text ?? "end of query"}'`);
    if (next.text === "datetime") return this.#datetime();
    if (!this.#take("(")) return { kind: "name", name: next.text };
    return { kind: "call", name: next.text, args: this.#list(")") };
  }

  /** `datetime("…")`: the quoted form alone. */
  #datetime(): Expression {
    this.#expect("(");
    const time = Date.parse(this.tokens[this.#at]?.text ?? "");
    this.#at += 1;
    this.#expect(")");
    if (Number.isNaN(time)) throw new QueryError("datetime() needs a quoted date in ISO 8601");
    return { kind: "value", value: new Date(time) };
  }

  #list(end: string): Expression[] {
    if (this.#take(end)) return [];
    const all = [this.#or()];
    while (this.#take(",")) all.push(this.#or());
    this.#expect(end);
    return all;
  }

  #name(): string {
    const next = this.tokens[this.#at];
    if (next?.kind !== "name")
      throw new QueryError(`Expected a name, found '${next?.text ?? "end of query"}'`);
    this.#at += 1;
    return next.text;
  }

  #take(text: string): boolean {
    const next = this.tokens[this.#at];
    if (next?.text !== text || next.kind === "text") return false;
    this.#at += 1;
    return true;
  }

  #expect(text: string): void {
    if (!this.#take(text)) {
      throw new QueryError(
        `Expected '${text}', found '${this.tokens[this.#at]?.text ?? "end of query"}'`,
      );
    }
  }
}
