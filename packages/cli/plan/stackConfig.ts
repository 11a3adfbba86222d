import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { CommandError } from "../exit";
import { SECRET, isObject } from "./model";
import { readProject } from "./program";

export interface StackConfig {
  readonly project: string;
  readonly stack: string;
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
  const project = readProject(root);
  const file = join(root, `Pulumi.${stack}.yaml`);
  if (!existsSync(file)) {
    throw new CommandError(
      `there is no stack '${stack}': Pulumi.${stack}.yaml does not exist; ` +
        `the stacks here are ${stacksIn(root).join(", ") || "none"}`,
    );
  }
  const text: unknown = parse(readFileSync(file, "utf8"));
  const own = isObject(text) && isObject(text["config"]) ? text["config"] : {};
  const config: Record<string, string> = {};
  const secretKeys: string[] = [];
  for (const [key, value] of [...defaults(project.config), ...Object.entries(own)]) {
    const full = key.includes(":") ? key : `${project.name}:${key}`;
    const { value: open, secret } = withoutSecure(value);
    config[full] = typeof open === "string" ? open : JSON.stringify(open);
    if (secret) secretKeys.push(full);
  }
  return { project: project.name, stack, config, secretKeys };
}

/** Names of the stacks that have a file, sorted. */
function stacksIn(root: string): string[] {
  return readdirSync(root)
    .flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? [])
    .sort();
}

function defaults(config: Readonly<Record<string, unknown>>): [string, unknown][] {
  return Object.entries(config)
    .map(([key, entry]): [string, unknown] => [
      key,
      isObject(entry) ? (entry["value"] ?? entry["default"]) : entry,
    ])
    .filter(([, value]) => value !== undefined);
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
