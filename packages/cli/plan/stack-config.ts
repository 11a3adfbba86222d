import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { CommandError } from "../exit";
import { SECRET, isObject } from "./model";

export interface StackConfig {
  readonly project: string;
  readonly stack: string;
  /** Absolute path of the program. */
  readonly program: string;
  /** Full keys; objects as JSON, as the engine hands them over. Secrets are placeholders. */
  readonly config: Readonly<Record<string, string>>;
  /** Keys that hold a secret somewhere. */
  readonly secretKeys: readonly string[];
}

/**
 * Read what the engine would hand to the program: the values of `Pulumi.<stack>.yaml` over the defaults of
 * `Pulumi.yaml`. A `secure:` value can only be decrypted by the engine, so that a placeholder stands for it.
 */
export function readStackConfig(root: string, stack: string): StackConfig {
  const project = readYaml(join(root, "Pulumi.yaml"));
  const name = project["name"];
  if (typeof name !== "string") {
    throw new CommandError(`Pulumi.yaml  has no name; a project has one; add \`name:\``);
  }
  const file = join(root, `Pulumi.${stack}.yaml`);
  if (!existsSync(file)) {
    throw new CommandError(
      `there is no stack '${stack}': Pulumi.${stack}.yaml does not exist; ` +
        `the stacks here are ${stacksIn(root).join(", ") || "none"}`,
    );
  }
  const values: Record<string, unknown> = {
    ...defaults(name, project["config"]),
    ...(isObject(readYaml(file)["config"]) ? (readYaml(file)["config"] as object) : {}),
  };
  const config: Record<string, string> = {};
  const secretKeys: string[] = [];
  for (const [key, value] of Object.entries(values)) {
    const full = key.includes(":") ? key : `${name}:${key}`;
    const open = withoutSecure(value);
    config[full] = typeof open.value === "string" ? open.value : JSON.stringify(open.value);
    if (open.secret) secretKeys.push(full);
  }
  const main = typeof project["main"] === "string" ? project["main"] : "index.ts";
  return { project: name, stack, program: join(root, main), config, secretKeys };
}

/** Names of the stacks that have a file, sorted. */
export function stacksIn(root: string): string[] {
  return readdirSync(root)
    .map((file) => /^Pulumi\.([^.]+)\.ya?ml$/.exec(file)?.[1])
    .filter((name) => name !== undefined)
    .sort();
}

function readYaml(file: string): Record<string, unknown> {
  const value: unknown = parse(readFileSync(file, "utf8"));
  return isObject(value) ? value : {};
}

/** `config:` of Pulumi.yaml holds either a value or `{default}`, `{value}` with a type and a description. */
function defaults(project: string, config: unknown): Record<string, unknown> {
  if (!isObject(config)) return {};
  const result: Record<string, unknown> = {};
  for (const [key, entry] of Object.entries(config)) {
    const value = isObject(entry) ? (entry["value"] ?? entry["default"]) : entry;
    if (value !== undefined) result[key.includes(":") ? key : `${project}:${key}`] = value;
  }
  return result;
}

function withoutSecure(value: unknown): { value: unknown; secret: boolean } {
  if (Array.isArray(value)) {
    const items = value.map(withoutSecure);
    return { value: items.map((item) => item.value), secret: items.some((item) => item.secret) };
  }
  if (!isObject(value)) return { value, secret: false };
  if (typeof value["secure"] === "string" && Object.keys(value).length === 1) {
    return { value: SECRET, secret: true };
  }
  const entries = Object.entries(value).map(([key, item]) => [key, withoutSecure(item)] as const);
  return {
    value: Object.fromEntries(entries.map(([key, item]) => [key, item.value])),
    secret: entries.some(([, item]) => item.secret),
  };
}
