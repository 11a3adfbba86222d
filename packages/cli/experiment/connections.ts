import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import type { ExperimentConnection } from "../../../config/experiment";
import { ProblemsError } from "../../../config/problem";
import type { Problem } from "../../../config/problem";

type Environment = Readonly<Record<string, string | undefined>>;

/** A connection as prompt flow's class of that name takes it. */
export interface ConnectionValue {
  readonly connection_type: ExperimentConnection["connection_type"];
  readonly [field: string]: unknown;
}

/** What the environment says of an experiment's connections. */
export interface ConnectionValues {
  readonly values: Readonly<Record<string, ConnectionValue>>;
  /** What each connection without a value lacks, by name. */
  readonly missing: Readonly<Record<string, string>>;
  /** Texts that must never be shown. */
  readonly secrets: readonly string[];
  /** Where the answers come from, without the keys: part of what decides whether a chunk is run again. */
  readonly addresses: Readonly<Record<string, unknown>>;
}

/**
 * The values of connections: `<name>={"api_key": …, "api_base": …}` or `<NAME>_API_KEY` (and
 * `<NAME>_API_BASE`), in the environment or in `.env`; the environment wins. What neither says comes from
 * experiment.yaml.
 */
export function readConnections(
  root: string,
  connections: readonly ExperimentConnection[],
  environment: Environment,
): ConnectionValues {
  const given = { ...readDotEnv(root), ...defined(environment) };
  const values: Record<string, ConnectionValue> = {};
  const missing: Record<string, string> = {};
  for (const connection of connections) {
    const fields = fieldsOf(connection, given);
    const lacking = lacks(connection, fields);
    if (lacking === undefined) values[connection.name] = toPromptFlow(connection, fields);
    else missing[connection.name] = lacking;
  }
  return {
    values,
    missing,
    secrets: Object.values(values).flatMap(secretsOf),
    addresses: Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, withoutSecrets(value)]),
    ),
  };
}

function defined(environment: Environment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) =>
      value === undefined || value === "" ? [] : [[name, value]],
    ),
  );
}

/** `.env`: `NAME=value` in each line, in quotes or not; `#` starts a comment line. Values are never shown. */
function readDotEnv(root: string): Record<string, string> {
  const file = path.join(root, ".env");
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined) return {};
  if (!found.isFile()) throw new ProblemsError([lineProblem(1, "this is no file")]);
  const values: Record<string, string> = {};
  const problems: Problem[] = [];
  readFileSync(file, "utf8")
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .forEach((line, index) => {
      const text = line.trim();
      if (text === "" || text.startsWith("#")) return;
      const match = /^(?:export\s+)?([A-Za-z_][A-Za-z0-9_.-]*)\s*=\s*(.*)$/.exec(text);
      const [, name, value] = match ?? [];
      if (name === undefined || value === undefined) {
        problems.push(lineProblem(index + 1, "the line is no NAME=value"));
        return;
      }
      const quoted = /^(['"])(.*)\1$/.exec(value);
      values[name] = quoted?.[2] ?? value;
    });
  if (problems.length > 0) throw new ProblemsError(problems);
  return values;
}

function lineProblem(line: number, found: string): Problem {
  return {
    file: ".env",
    line,
    column: 1,
    path: "",
    found,
    allowed:
      'aoai={"api_key": "…", "api_base": "…", "api_type": "azure", "api_version": "…"} or AOAI_API_KEY=…',
    mend: "correct the line",
  };
}

type Fields = Readonly<Record<string, string>>;

function fieldsOf(connection: ExperimentConnection, given: Fields): Fields {
  const prefix = connection.name.toUpperCase().replace(/[^A-Z0-9]/g, "_");
  const own = given[connection.name];
  const fromExperiment = Object.entries({
    api_base: connection.api_base ?? connection.api_endpoint,
    api_version: connection.api_version,
    api_type: connection.api_type,
  }).filter((entry): entry is [string, string] => entry[1]?.startsWith("${") === false);
  const fromNames = [
    ["api_key", given[`${prefix}_API_KEY`]],
    ["api_base", given[`${prefix}_API_BASE`]],
  ].filter((entry): entry is [string, string] => entry[1] !== undefined);
  return {
    ...Object.fromEntries(fromExperiment),
    ...Object.fromEntries(fromNames),
    ...(own === undefined ? {} : parseFields(connection.name, own)),
  };
}

function parseFields(name: string, text: string): Fields {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Refused below, without a word of what it holds.
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new ProblemsError([
      {
        ...lineProblem(
          1,
          `the value of ${name}, in the environment or in .env, is not a JSON object`,
        ),
        mend: "correct it; in a shell, put single quotes around it",
      },
    ]);
  }
  const { api_endpoint, ...fields } = value as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries({ ...(api_endpoint === undefined ? {} : { api_base: api_endpoint }), ...fields })
      .filter(([, field]) => field !== null && field !== "")
      .map(([key, field]) => [key, String(field)]),
  );
}

function lacks(connection: ExperimentConnection, fields: Fields): string | undefined {
  const prefix = connection.name.toUpperCase().replace(/[^A-Z0-9]/g, "_");
  if (connection.connection_type === "CustomConnection") {
    return Object.keys(fields).length === 0 ? `${connection.name}={…}` : undefined;
  }
  if (fields.api_key === undefined) return `${prefix}_API_KEY`;
  const needsBase = !isOpenAI(connection, fields);
  return needsBase && fields.api_base === undefined ? `${prefix}_API_BASE` : undefined;
}

function isOpenAI(connection: ExperimentConnection, fields: Fields): boolean {
  return connection.connection_type === "OpenAIConnection" || fields.api_type === "open_ai";
}

function toPromptFlow(connection: ExperimentConnection, fields: Fields): ConnectionValue {
  const { api_key, api_base, api_version, api_type = "azure", organization } = fields;
  if (connection.connection_type === "CustomConnection") {
    return { connection_type: "CustomConnection", secrets: fields, configs: {} };
  }
  if (isOpenAI(connection, fields)) {
    return without({
      connection_type: "OpenAIConnection",
      api_key,
      base_url: api_base,
      organization,
    });
  }
  return without(
    connection.connection_type === "CognitiveSearchConnection"
      ? { connection_type: connection.connection_type, api_key, api_base, api_version }
      : { connection_type: connection.connection_type, api_key, api_base, api_type, api_version },
  );
}

function without(value: ConnectionValue): ConnectionValue {
  return Object.fromEntries(
    Object.entries(value).filter(([, field]) => field !== undefined),
  ) as ConnectionValue;
}

function secretsOf(value: ConnectionValue): string[] {
  const { api_key, secrets } = value as { api_key?: string; secrets?: Record<string, string> };
  return [...(api_key === undefined ? [] : [api_key]), ...Object.values(secrets ?? {})];
}

function withoutSecrets(value: ConnectionValue): object {
  return Object.fromEntries(
    Object.entries(value).filter(([field]) => field !== "api_key" && field !== "secrets"),
  );
}
