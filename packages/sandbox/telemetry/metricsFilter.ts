/** `$filter` of Azure Monitor's metrics: `deployment eq 'green' and statusCode eq '*'`. */

export interface Term {
  readonly dimension: string;
  readonly negated: boolean;
  readonly value: string;
}

/** All must hold; terms of one dimension are alternatives. */
export interface Filter {
  readonly terms: readonly Term[];
}

export function parseFilter(text: string): Filter | { readonly problem: string } {
  if (text.trim() === "") return { terms: [] };
  const parts = text.split(/\s+(and|or)\s+/i);
  const terms: Term[] = [];
  for (let index = 0; index < parts.length; index += 2) {
    const [, dimension = "", operator = "", value = ""] =
      /^\s*(\w+)\s+(eq|ne)\s+'((?:[^']|'')*)'\s*$/i.exec(parts[index] ?? "") ?? [];
    if (dimension === "") {
      return {
        problem: `Invalid filter '${text}': write dimension eq 'value', with and between dimensions.`,
      };
    }
    const join = (parts[index - 1] ?? "and").toLowerCase();
    if (join === "or" && terms.at(-1)?.dimension !== dimension) {
      return {
        problem: `Invalid filter '${text}': the logical or operator cannot separate two different dimension names.`,
      };
    }
    terms.push({
      dimension,
      negated: operator.toLowerCase() === "ne",
      value: value.replaceAll("''", "'"),
    });
  }
  return { terms };
}

export function matchesFilter(
  { terms }: Filter,
  dimensions: Readonly<Record<string, string>>,
): boolean {
  const names = new Set(terms.map(({ dimension }) => dimension));
  return [...names].every((name) => {
    const own = terms.filter(({ dimension }) => dimension === name);
    const wanted = own.filter(({ negated }) => !negated);
    return (
      own.every(({ negated, value }) => !negated || !equal(value, dimensions[name])) &&
      (wanted.length === 0 ||
        wanted.some(({ value }) => value === "*" || equal(value, dimensions[name])))
    );
  });
}

const equal = (one: string, other = "") => one.toLowerCase() === other.toLowerCase();
