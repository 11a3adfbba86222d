import { type Assignment, type Expression, parseQuery, QueryError, type Step } from "./kqlSyntax";

/** Cells are JSON or a Date. */
export type Row = Readonly<Record<string, unknown>>;

/** Run a query over tables of rows. Throws `QueryError` for what the language or the tables do not have. */
export function runQuery(text: string, tables: Readonly<Record<string, readonly Row[]>>): Row[] {
  const { table, steps } = parseQuery(text);
  const rows = Object.hasOwn(tables, table) ? tables[table] : undefined;
  if (!rows)
    throw new QueryError(`'table' operator: Failed to resolve table expression named '${table}'`);
  return steps.reduce<Row[]>((all, step) => apply(step, all), [...rows]);
}

function apply(step: Step, rows: Row[]): Row[] {
  switch (step.kind) {
    case "where":
      return rows.filter((row) => evaluate(step.condition, row) === true);
    case "extend":
      return rows.map((row) => ({ ...row, ...assigned(step.columns, row) }));
    case "project":
      return rows.map((row) => assigned(step.columns, row));
    case "summarize":
      return summarize(step, rows);
  }
}

const assigned = (columns: readonly Assignment[], row: Row): Row =>
  Object.fromEntries(columns.map(({ name, value }) => [name, evaluate(value, row)]));

function summarize({ columns, by }: Extract<Step, { kind: "summarize" }>, rows: Row[]): Row[] {
  const groups = new Map<string, { of: Row; rows: Row[] }>();
  for (const row of rows) {
    const of = assigned(by, row);
    const name = JSON.stringify(of);
    const group = groups.get(name) ?? { of, rows: [] };
    groups.set(name, group);
    group.rows.push(row);
  }
  return [...groups.values()].map(({ of, rows: own }) => ({
    ...of,
    ...Object.fromEntries(columns.map(({ name, value }) => [name, aggregate(value, own)])),
  }));
}

function aggregate(expression: Expression, rows: readonly Row[]): unknown {
  if (expression.kind !== "call") throw new QueryError("summarize needs an aggregate");
  const [first, condition] = expression.args;
  const chosen = condition ? rows.filter((row) => evaluate(condition, row) === true) : rows;
  const values = () =>
    chosen
      .map((row) => evaluate(first as Expression, row))
      .filter((value) => typeof value === "number");
  const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);
  switch (expression.name) {
    case "count":
      return rows.length;
    case "sum":
    case "sumif":
      return sum(values());
    case "avg":
      return values().length === 0 ? null : sum(values()) / values().length;
    case "stdev": {
      const numbers = values();
      const mean = sum(numbers) / numbers.length;
      // As Kusto: 0 of a single value.
      return numbers.length < 2
        ? 0
        : Math.sqrt(sum(numbers.map((one) => (one - mean) ** 2)) / (numbers.length - 1));
    }
    default:
      throw new QueryError(`Unknown function: '${expression.name}'`);
  }
}

function evaluate(expression: Expression, row: Row): unknown {
  switch (expression.kind) {
    case "value":
      return expression.value;
    case "name":
      if (!Object.hasOwn(row, expression.name)) {
        throw new QueryError(
          `'where' operator: Failed to resolve scalar expression named '${expression.name}'`,
        );
      }
      return row[expression.name];
    case "index": {
      const of = evaluate(expression.of, row);
      const at = String(evaluate(expression.at, row));
      return typeof of === "object" && of !== null ? ((of as Row)[at] ?? null) : null;
    }
    case "call":
      return call(expression.name, expression.args, row);
  }
}

function call(name: string, args: readonly Expression[], row: Row): unknown {
  const value = (index: number) => evaluate(args[index] ?? { kind: "value", value: null }, row);
  switch (name) {
    case "and":
      return value(0) === true && value(1) === true;
    case "or":
      return value(0) === true || value(1) === true;
    case "==":
      return value(0) === value(1);
    case "!=":
      return value(0) !== value(1);
    case ">=":
      return Number(value(0)) >= Number(value(1));
    case "<=":
      return Number(value(0)) <= Number(value(1));
    case ">":
      return Number(value(0)) > Number(value(1));
    case "<":
      return Number(value(0)) < Number(value(1));
    case "in":
      return args.slice(1).some((one) => evaluate(one, row) === value(0));
    case "tostring":
      return asText(value(0));
    case "todouble": {
      const number = Number(value(0));
      return value(0) === null || value(0) === "" || Number.isNaN(number) ? null : number;
    }
    case "parse_json":
      return parsed(String(value(0)));
    case "coalesce":
      return (
        args.map((one) => evaluate(one, row)).find((one) => one !== null && one !== "") ?? null
      );
    case "isnotnull":
      return value(0) !== null && value(0) !== undefined;
    case "bin": {
      const [of, size] = [value(0), Number(value(1))];
      const start = Math.floor(Number(of) / size) * size;
      return of instanceof Date ? new Date(start) : start;
    }
    default:
      throw new QueryError(`Unknown function: '${name}'`);
  }
}

function asText(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** As Kusto: what is no JSON stays a text. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
