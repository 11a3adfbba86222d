import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { quote } from "./display";
import { record } from "./folders";
import { plainSecrets } from "./plainSecrets";
import type { Problem } from "./problem";
import { settingsSchema } from "./settings";
import { parseYaml, readYaml } from "./source";
import type { DataPath, YamlFile } from "./source";
import { nearest, orListing } from "./suggest";

/** Name of the Pulumi project, and the namespace of its settings. */
export const PROJECT = "genaiops-platform";

/** Setting of the provider azuredevops that says which organisation it works on. */
export const ORGANISATION_KEY = "azuredevops:orgServiceUrl";

/** What stands in place of every secret's value, so that no secret travels with the settings. */
const SECRET = "[secret]";

/** The settings of one stack as data, before any check of their meaning. */
export interface StackText {
  readonly file: YamlFile;
  /** Settings of this project by key, secrets replaced by `SECRET`. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Settings of the provider azure-native by key. */
  readonly azure: Readonly<Record<string, unknown>>;
  /** Address of the organisation in Azure DevOps: the setting `orgServiceUrl` of the provider azuredevops. */
  readonly organisation: unknown;
  /** The images where they are those of another environment; absent: those under `images`. */
  readonly promotedImages?: Readonly<Record<string, unknown>>;
  /** Where a setting stands in the file, with or without its namespace. */
  place(at: DataPath): DataPath;
  readonly problems: readonly Problem[];
  /** False where there are no settings to check: no file, broken syntax, no `config`. */
  readonly readable: boolean;
}

/** Names of the stacks that have a file, sorted; none where there is no such folder. */
export function stackNames(root: string): string[] {
  return (existsSync(root) ? readdirSync(root) : [])
    .flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? [])
    .sort();
}

/**
 * Read the settings of a stack from its file or, where given, from what the engine holds. The file then
 * only tells the positions, and whether secrets stand in it in plain text.
 */
export function readStackText(
  root: string,
  stack: string,
  values?: Readonly<Record<string, string>>,
): StackText {
  const name = `Pulumi.${stack}.yaml`;
  const legal = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(stack);
  if (!legal || !existsSync(path.join(root, name))) {
    const absent = parseYaml(legal ? name : "Pulumi.yaml", "");
    const known = stackNames(root);
    const problems =
      values !== undefined && legal
        ? []
        : [
            absent.problem([], {
              found: `there is no stack ${JSON.stringify(stack)}`,
              allowed: "a stack with a file Pulumi.<stack>.yaml",
              mend: orListing(stack, known, "add its file"),
            }),
          ];
    return { ...split(absent, {}, values), problems, readable: problems.length === 0 };
  }
  const file = readYaml(root, name);
  const problems = [...file.problems];
  const top = record(file.data);
  for (const key of Object.keys(top)) {
    if (!ROOT_KEYS.includes(key)) {
      const guess = nearest(key, ROOT_KEYS);
      problems.push(
        file.problem(
          [key],
          {
            found: `unknown key ${JSON.stringify(key)}`,
            allowed: `its keys are ${ROOT_KEYS.join(", ")}`,
            mend:
              guess === undefined
                ? "move it under config"
                : `did you mean ${JSON.stringify(guess)}?`,
          },
          "key",
        ),
      );
    }
  }
  const isMapping =
    typeof top.config === "object" && top.config !== null && !Array.isArray(top.config);
  if (!isMapping && problems.length === 0) {
    problems.push(
      file.problem(["config"], {
        found: foundInstead(file.data, top),
        allowed: "settings below the key config",
        mend: "write config with at least network and the azure-native keys",
      }),
    );
  }
  const config = record(top.config);
  const text = split(file, config, values);
  return {
    ...text,
    problems: [
      ...problems,
      ...twice(file, config),
      ...file.unquoted(READ_DIFFERENTLY, (found) => ({
        found: `${quote(found)} without quotes, which Pulumi's engine reads as a date or as another number`,
        allowed: "a text in quotes, or a number in plain digits",
        mend: `write "${found}" with its quotes, or the number that is meant`,
      })),
      ...plainSecrets(file, config, placeOf(config, ["secrets"])),
    ],
    readable: isMapping,
  };
}

/**
 * Dates, leading zeros, binary digits and underscores: the engine's reader of YAML, gopkg.in/yaml.v3 (resolve.go),
 * makes a time or an integer of them, where YAML 1.2 says a text or a decimal number. So a plan from the file and
 * an update would differ.
 */
export const READ_DIFFERENTLY =
  /^(\d{4}-\d{1,2}-\d{1,2}([Tt ].*)?|[-+]?(0[\d_]+|0b[01_]+|\d[\d_]*_[\d_]*))$/;

function foundInstead(data: unknown, top: Readonly<Record<string, unknown>>): string {
  if (data === undefined) {
    return "the file is empty";
  }
  return "config" in top ? "config is not a mapping" : "there is no config";
}

const ROOT_KEYS = ["config", "secretsprovider", "encryptedkey", "encryptionsalt", "environment"];

function split(
  file: YamlFile,
  config: Readonly<Record<string, unknown>>,
  values: Readonly<Record<string, string>> | undefined,
): Omit<StackText, "problems" | "readable"> {
  const settings: Record<string, unknown> = {};
  const azure: Record<string, unknown> = {};
  let organisation: unknown;
  for (const [key, value] of Object.entries(values ?? config)) {
    const { namespace, name } = parseKey(key);
    if (namespace === PROJECT) {
      const data = typeof value === "string" ? fromText(name, value) : value;
      if (!isUnset(data) || !Object.hasOwn(settingsSchema.shape, name)) {
        settings[name] = name === "secrets" ? masked(data) : data;
      }
    } else if (namespace === "azure-native" && !isUnset(value)) {
      azure[name] = value;
    } else if (key === ORGANISATION_KEY && !isUnset(value)) {
      organisation = value;
    }
  }
  return { file, settings, azure, organisation, place: (at) => placeOf(config, at) };
}

function placeOf(config: Readonly<Record<string, unknown>>, at: DataPath): DataPath {
  const [first, ...rest] = at;
  if (first === undefined) {
    return ["config"];
  }
  const long = `${PROJECT}:${first}`;
  return ["config", Object.hasOwn(config, long) ? long : first, ...rest];
}

function parseKey(key: string): { namespace: string; name: string } {
  const colon = key.indexOf(":");
  return colon === -1
    ? { namespace: PROJECT, name: key }
    : { namespace: key.slice(0, colon), name: key.slice(colon + 1) };
}

/** A key declared in Pulumi.yaml needs a default to be optional; an empty one stands for none. */
function isUnset(value: unknown): boolean {
  return (
    value === "" || (typeof value === "object" && value !== null && Object.keys(value).length === 0)
  );
}

/**
 * The engine holds every value as text, plain for a string and JSON for all else, and writes booleans as
 * text into the file too.
 */
function fromText(key: string, text: string): unknown {
  if (TEXT_KEYS.has(key)) {
    return text;
  }
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Settings whose value is a plain text. */
const TEXT_KEYS: ReadonlySet<string> = new Set(
  Object.entries(settingsSchema.shape).flatMap(([key, schema]) =>
    ["string", "enum"].includes(innermost(schema).type) ? [key] : [],
  ),
);

function innermost(schema: { def: object; type: string }): { type: string } {
  const { innerType } = schema.def as { innerType?: { def: object; type: string } };
  return innerType === undefined ? schema : innermost(innerType);
}

function masked(secrets: unknown): unknown {
  const names = record(secrets);
  return Object.keys(names).length === 0
    ? secrets
    : Object.fromEntries(Object.keys(names).map((name) => [name, SECRET]));
}

function twice(file: YamlFile, config: Readonly<Record<string, unknown>>): Problem[] {
  return Object.keys(config).flatMap((key) =>
    Object.hasOwn(config, `${PROJECT}:${key}`)
      ? [
          file.problem(
            ["config", key],
            {
              found: `${JSON.stringify(key)} stands here with and without the namespace ${PROJECT}`,
              allowed: "each setting once",
              mend: "keep one of the two",
            },
            "key",
          ),
        ]
      : [],
  );
}
