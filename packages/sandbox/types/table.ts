import { assetTypes } from "./assets";
import { cognitiveTypes } from "./cognitive";
import { dataTypes } from "./data";
import { endpointTypes } from "./endpoints";
import { foundationTypes } from "./foundation";
import { jobTypes } from "./jobs";
import { monitoringTypes } from "./monitoring";
import { webTypes } from "./web";
import { workspaceTypes } from "./workspace";
import type { ResourceType } from "./type";

/** Every type of the simulated Azure by azure-native's token. */
export const table: Readonly<Record<string, ResourceType>> = {
  ...foundationTypes,
  ...monitoringTypes,
  ...dataTypes,
  ...cognitiveTypes,
  ...workspaceTypes,
  ...endpointTypes,
  ...assetTypes,
  ...webTypes,
  ...jobTypes,
};

export function typeOf(token: string): ResourceType {
  const type = table[token];
  if (!type) {
    throw new Error(
      `${token} is not in the sandbox's table; it knows ${Object.keys(table).sort().join(", ")}; add it in packages/sandbox/types`,
    );
  }
  return type;
}

const parameter = /\{(\w+)\}/g;

/** Names of the path parameters, in order; the last is the resource's own name. */
export function parametersOf(type: ResourceType): string[] {
  return [...type.path.matchAll(parameter)].map((match) => match[1] as string);
}

export function ownName(type: ResourceType): string {
  return parametersOf(type).at(-1) as string;
}

interface Matcher {
  readonly token: string;
  readonly resource: RegExp;
  readonly list: RegExp;
  readonly parameters: readonly string[];
}

/** Parameters that stand for a whole ARM id. */
const wholeIds = new Set(["scope", "resourceUri"]);

function pattern(path: string): string {
  return path
    .split(parameter)
    .map((part, index) => {
      if (index % 2 === 0) return part.replace(/[.]/g, "\\.");
      return wholeIds.has(part) ? "(.+?)" : "([^/]+)";
    })
    .join("");
}

const matchers: readonly Matcher[] = Object.entries(table).map(([token, type]) => ({
  token,
  resource: new RegExp(`^${pattern(type.path)}$`, "i"),
  list: new RegExp(`^${pattern(type.path.slice(0, type.path.lastIndexOf("/")))}$`, "i"),
  parameters: parametersOf(type),
}));

export interface Match {
  readonly token: string;
  readonly parameters: Readonly<Record<string, string>>;
}

function match(kind: "resource" | "list", path: string): Match | undefined {
  for (const matcher of matchers) {
    const found = matcher[kind].exec(path);
    if (!found) continue;
    const parameters = Object.fromEntries(
      found.slice(1).map((value, index) => {
        const name = matcher.parameters[index] as string;
        return [name, wholeIds.has(name) && !value.startsWith("/") ? `/${value}` : value];
      }),
    );
    return { token: matcher.token, parameters };
  }
  return undefined;
}

/** The type and path parameters of an ARM id. */
export function matchResource(path: string): Match | undefined {
  return match("resource", path);
}

/** The type whose resources a collection's path lists. */
export function matchList(path: string): Match | undefined {
  return match("list", path);
}
