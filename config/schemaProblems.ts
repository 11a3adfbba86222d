import type { z } from "zod";
import type { Fault, Problem } from "./problem";
import { exampleAt, knownKeys, valueAt } from "./schemaWalk";
import { formatPath } from "./source";
import type { DataPath, YamlFile } from "./source";
import { nearest, orListing } from "./suggest";
import { display, looksLikeKey, quote } from "./display";

type Issue = z.core.$ZodIssue;

/**
 * What a schema says against data, each problem at the place in the file where it can be mended.
 * `whole` is what a message calls the data as a whole.
 */
export function schemaProblems(
  schema: z.ZodType,
  error: z.ZodError,
  data: unknown,
  file: YamlFile,
  whole = "the file",
): Problem[] {
  return error.issues
    .filter((issue, index) => !error.issues.slice(index + 1).some((later) => bounds(issue, later)))
    .flatMap((issue) => problemsOf(schema, issue, data, file, whole));
}

/** A huge whole number breaks the bound of exact integers and then that of the schema, which says it all. */
function bounds(issue: Issue, later: Issue): boolean {
  return (
    (issue.code === "too_big" || issue.code === "too_small") &&
    issue.code === later.code &&
    formatPath(issue.path as DataPath) === formatPath(later.path as DataPath)
  );
}

/**
 * Words for the issues that a schema has none of its own for. Given to every parse; what a schema says
 * itself goes first.
 */
export function wording(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return TYPES[issue.expected] ?? `a value of type ${issue.expected}`;
    case "invalid_value":
      return `one of ${issue.values.map(String).join(", ")}`;
    case "invalid_union":
      return Array.isArray(issue.options)
        ? `one of ${issue.options.map(String).join(", ")}`
        : "one of the forms in the schema";
    case "too_small":
      return `at least ${issue.minimum} ${UNITS[issue.origin] ?? ""}`.trim();
    case "too_big":
      return `at most ${issue.maximum} ${UNITS[issue.origin] ?? ""}`.trim();
    case "invalid_format":
      return FORMATS[issue.format] ?? `a text of the form ${issue.format}`;
    case "unrecognized_keys":
      return "known keys only";
    default:
      return "what the schema says";
  }
}

const TYPES: Record<string, string> = {
  string: "a text",
  int: "a whole number",
  number: "a number",
  boolean: "true or false",
  array: "a list",
  object: "a mapping of keys to values",
  record: "a mapping of names to values",
};
const UNITS: Record<string, string> = { string: "characters", array: "entries" };
const FORMATS: Record<string, string> = {
  uuid: "a UUID: 8-4-4-4-12 hexadecimal digits",
  url: "an address with its scheme, for example https://example.openai.azure.com/",
};

function problemsOf(
  schema: z.ZodType,
  issue: Issue,
  data: unknown,
  file: YamlFile,
  whole: string,
): Problem[] {
  const path = issue.path.map((step) => (typeof step === "number" ? step : String(step)));
  const value = valueAt(data, path);
  const here = formatPath(path) || whole;
  if (issue.code === "unrecognized_keys") {
    const known = knownKeys(schema, path, data);
    return issue.keys.map((key) =>
      file.problem([...path, key], unknownKey(key, here, known), "key"),
    );
  }
  if (issue.code === "invalid_key") {
    const name = String(path.at(-1));
    const [rule] = issue.issues;
    const allowed = rule?.message ?? "another name";
    const pattern = rule && "pattern" in rule ? rule.pattern : undefined;
    return [
      file.problem(
        path,
        { found: `${quote(name)} is not a legal name`, allowed, mend: renamed(name, pattern) },
        "key",
      ),
    ];
  }
  if (value === undefined) {
    const name = String(path.at(-1) ?? "");
    return [
      file.problem(path.slice(0, -1), {
        found: `${formatPath(path.slice(0, -1)) || whole} has no ${JSON.stringify(name)}`,
        allowed: `required: ${issue.message}`,
        mend: `add ${JSON.stringify(name)}`,
      }),
    ];
  }
  if (issue.code === "invalid_union" && issue.errors.length > 0) {
    const nested = keysOfNoForm(issue, schema, path, data, file);
    if (nested.length > 0) {
      return nested;
    }
  }
  return [
    file.problem(path, {
      found: value === null ? `${here} has no value` : `${here} is ${display(value, path)}`,
      allowed: issue.message,
      mend: mendOf(issue, value, String(path.at(-1) ?? ""), exampleAt(schema, path, data)),
    }),
  ];
}

/** A mapping that is none of several forms only because of a key that no form has. */
function keysOfNoForm(
  issue: z.core.$ZodIssueInvalidUnion,
  schema: z.ZodType,
  path: DataPath,
  data: unknown,
  file: YamlFile,
): Problem[] {
  const known = knownKeys(schema, path, data);
  const keys = new Set(
    issue.errors.flat().flatMap((each) => (each.code === "unrecognized_keys" ? each.keys : [])),
  );
  return [...keys]
    .filter((key) => !known.includes(key))
    .map((key) => file.problem([...path, key], unknownKey(key, formatPath(path), known), "key"));
}

function unknownKey(key: string, here: string, known: readonly string[]): Fault {
  const moved = here === "config" ? MOVED[key] : undefined;
  const guess = nearest(key, known);
  return {
    found: `unknown key ${display(key, [])} in ${here}`,
    allowed: known.length > 0 ? `its keys are ${known.join(", ")}` : "it has no keys",
    mend: moved ?? (guess === undefined ? "remove it" : `did you mean ${JSON.stringify(guess)}?`),
  };
}

/** Settings of the Azure provider, which reads them under its own namespace. */
const MOVED: Record<string, string> = Object.fromEntries(
  ["location", "subscriptionId", "tenantId"].map((key) => [key, `write azure-native:${key}`]),
);

function mendOf(issue: Issue, value: unknown, key: string, example: unknown): string {
  if (value === null) {
    return `write a value for ${JSON.stringify(key)} or remove the line`;
  }
  if (issue.code === "invalid_value") {
    return orListing(String(value), issue.values.map(String), "remove it");
  }
  if (issue.code === "invalid_union") {
    const words = wordsOf(issue);
    const guess = words.length > 0 && typeof value === "string" ? nearest(value, words) : undefined;
    if (guess !== undefined || "discriminator" in issue) {
      return orListing(String(value), words, "remove it");
    }
  }
  if (typeof value === "number" && !Number.isFinite(value)) {
    return `write a number for ${JSON.stringify(key)}`;
  }
  if (issue.code === "too_big" && typeof value === "number") {
    return `lower it to ${issue.maximum} or less`;
  }
  if (issue.code === "too_small" && typeof value === "number") {
    return `raise it to ${issue.minimum} or more`;
  }
  if (typeof value === "number" && !Number.isInteger(value)) {
    return `round it, for example to ${Math.round(value)}`;
  }
  const isNumeral =
    typeof value === "string" && value.trim() !== "" && Number.isFinite(Number(value));
  if (isNumeral && issue.code !== "custom") {
    return `write the number without quotes: ${Number(value)}`;
  }
  if (issue.message === TYPES.string && typeof value !== "object") {
    return `put it in quotes: ${JSON.stringify(String(value))}`;
  }
  if (issue.code === "invalid_type" && issue.expected === "boolean") {
    return "write true or false without quotes";
  }
  if (issue.code === "invalid_type" && issue.expected === "array") {
    return "write a list, each entry behind a hyphen";
  }
  if (
    issue.code === "invalid_type" &&
    (issue.expected === "object" || issue.expected === "record")
  ) {
    return `write its keys below ${JSON.stringify(key)}, indented`;
  }
  return example === undefined
    ? `correct ${JSON.stringify(key)}`
    : `write for example ${key}: ${String(example)}`;
}

/** The words that a choice allows among other things. */
function wordsOf(issue: z.core.$ZodIssueInvalidUnion): string[] {
  if ("options" in issue && issue.options !== undefined) {
    return issue.options.map(String);
  }
  return issue.errors
    .flat()
    .flatMap((each) => (each.code === "invalid_value" ? each.values.map(String) : []));
}

/** A legal name near an illegal one. `pattern` is the rule's regular expression, written with its slashes. */
function renamed(name: string, pattern = "//"): string {
  const [, source = "", flags = ""] = /^\/(.*)\/(\w*)$/s.exec(pattern) ?? [];
  const rule = new RegExp(source, flags);
  const legal = [nameOf(name), name.replace(/[^A-Za-z0-9]+/g, "_")].find(
    (near) => near.length >= 3 && rule.test(near),
  );
  return legal !== undefined && legal !== name && !looksLikeKey(name)
    ? `rename it, for example to ${JSON.stringify(legal)}`
    : "choose another name";
}

/** Small letters and digits with hyphens between, at most 32. */
function nameOf(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+|-+$/g, "")
    .slice(0, 32)
    .replace(/-+$/, "");
}
