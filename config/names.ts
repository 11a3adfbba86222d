import { createHash } from "node:crypto";
import { NAME_RULES } from "./nameRules";
import type { NamedKind } from "./nameRules";
import type { Settings } from "./settings";
import type { TargetName } from "./targets";

/** What names are made of. */
export interface NameParts {
  readonly project: string;
  readonly stack: string;
  readonly subscriptionId: string;
  /** Replaces the hash of project, subscription and stack at the end of names. */
  readonly suffix?: string;
}

/** The Azure name of every platform resource: its own if the settings give one, else a composed one. */
export interface Names {
  readonly resourceGroup: string;
  readonly logAnalytics: string;
  readonly applicationInsights: string;
  readonly storage: string;
  readonly keyVault: string;
  readonly containerRegistry: string;
  readonly workspace: string;
  readonly machineLearningRegistry: string;
  readonly openAI: string;
  readonly compute: string;
  /** Identity that the workspace runs as. */
  readonly workspaceIdentity: string;
  /** Identity that jobs on the compute cluster run as. */
  readonly computeIdentity: string;
  /** Identity that pipelines deploy as. */
  readonly deployerIdentity: string;
  /** Identity that pipelines of pull requests read as. */
  readonly pullRequestIdentity: string;
  /** Identity of all endpoints where `endpointIdentity` is `shared`. */
  readonly endpointIdentity: string;
  /** Ending of composed names. */
  readonly suffix: string;
}

/**
 * Compose the name of every platform resource. The same parts always give the same names; another
 * subscription, stack or suffix gives others. Names unique in all of Azure end in the suffix.
 */
export function composeNames(parts: NameParts & { readonly settings: Settings }): Names {
  const { settings } = parts;
  const suffix = suffixOf(parts);
  const owner = [slug(shortProject(parts.project)), slug(parts.stack)];
  const dashed = (kind: NamedKind, ...words: string[]) =>
    fit(words.join("-"), NAME_RULES[kind].max);
  const joined = (kind: NamedKind, ...words: string[]) =>
    fit(words.map(undashed).join(""), NAME_RULES[kind].max, "");
  return {
    resourceGroup: settings.resourceGroup.name ?? dashed("resourceGroup", "rg", ...owner),
    logAnalytics: settings.logAnalytics.name ?? dashed("logAnalytics", "log", ...owner, suffix),
    applicationInsights:
      settings.applicationInsights.name ?? dashed("applicationInsights", "appi", ...owner, suffix),
    storage: settings.storage.name ?? joined("storage", "st", ...owner, suffix),
    keyVault: settings.keyVault.name ?? dashed("keyVault", "kv", ...owner, suffix),
    containerRegistry:
      settings.containerRegistry.name ?? joined("containerRegistry", "cr", ...owner, suffix),
    workspace: settings.workspace.name ?? dashed("workspace", "mlw", ...owner, suffix),
    machineLearningRegistry:
      settings.machineLearningRegistry?.name ??
      dashed("machineLearningRegistry", "mlr", ...owner, suffix),
    openAI: settings.openAI?.name ?? dashed("openAI", "oai", ...owner, suffix),
    compute: settings.compute?.name ?? "cpu-cluster",
    workspaceIdentity: dashed("identity", "id", ...owner, "workspace", suffix),
    computeIdentity: dashed("identity", "id", ...owner, "compute", suffix),
    deployerIdentity: dashed("identity", "id", ...owner, "deployer", suffix),
    pullRequestIdentity: dashed("identity", "id", ...owner, "pull-request", suffix),
    endpointIdentity: dashed("identity", "id", ...owner, "endpoints", suffix),
    suffix,
  };
}

/**
 * Azure name of a flow's endpoint: `<flow>-<stack>-<suffix>`, cut to what its target takes. While a flow moves,
 * both targets stand side by side, so each has its own word before the suffix.
 */
export function endpointName(
  parts: NameParts & { readonly flow: string; readonly target?: TargetName },
): string {
  const owner = [slug(parts.flow), slug(parts.stack)];
  const { words, max } = TARGET_NAMES[parts.target ?? "managed"];
  return fit([...owner, ...words, suffixOf(parts)].join("-"), max);
}

const { max } = NAME_RULES.endpoint;
const TARGET_NAMES: Readonly<Record<TargetName, { words: readonly string[]; max: number }>> = {
  managed: { words: [], max },
  // The names of a Kubernetes endpoint and of its arm have 62 characters together: DOC/how-to-manage-quotas.md
  kubernetes: { words: ["k8s"], max: 62 - max },
  webApp: { words: ["app"], max },
};

/** Azure name of the identity of one flow's endpoint, where `endpointIdentity` is `perFlow`. */
export function identityName(parts: NameParts & { readonly flow: string }): string {
  return fit(
    [
      "id",
      slug(shortProject(parts.project)),
      slug(parts.stack),
      "flow",
      slug(parts.flow),
      suffixOf(parts),
    ].join("-"),
    NAME_RULES.identity.max,
  );
}

/** Name of a flow's model where it is registered. */
export function modelName(experiment: string, stack: string): string {
  return `${experiment}_${stack}`;
}

/** Namespace of this project's name-based UUIDs; never changes, or every role assignment is replaced. */
const UUID_NAMESPACE = "b1c6bb62-5d6c-4d0b-9d1e-5c6f6a2e8d44";

/**
 * The GUID that names a role assignment: a version 5 UUID (RFC 9562) of what is granted. The keys are
 * stable words of this program (for example `workspace`, `flow web-classification`), never Azure ids, so
 * that the name is known before anything exists.
 */
export function roleAssignmentName(scopeKey: string, principalKey: string, role: string): string {
  const bytes = createHash("sha1")
    .update(Buffer.from(UUID_NAMESPACE.replace(/-/g, ""), "hex"))
    .update(JSON.stringify([scopeKey, principalKey, role]))
    .digest()
    .subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function suffixOf({ project, stack, subscriptionId, suffix }: NameParts): string {
  return suffix ?? shortHash([project, subscriptionId.toLowerCase(), stack].join("\n"), 6);
}

/** `genaiops-platform` costs 17 of 24 characters; its first word tells as much. */
function shortProject(project: string): string {
  return project.split("-")[0] ?? project;
}

/**
 * A word of lower-case letters, digits and single hyphens. What had to change to become one gets a hash of
 * the original, so that `my.dev` and `my-dev` stay two words.
 */
function slug(text: string): string {
  const word = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
  if (word === text) {
    return word;
  }
  return [word, shortHash(text, 5)].filter((part) => part !== "").join("-");
}

/** The word without hyphens, again with a hash where that changed it. */
function undashed(word: string): string {
  return word.includes("-") ? word.replace(/-/g, "") + shortHash(word, 4) : word;
}

/** Cut a name to a length; a cut name ends in a hash of the whole, so that two cut names still differ. */
function fit(name: string, max: number, joint = "-"): string {
  if (name.length <= max) {
    return name;
  }
  const end = joint + shortHash(name, 6);
  return name.slice(0, max - end.length).replace(/-+$/, "") + end;
}

/** Lower-case letters and digits. */
function shortHash(text: string, length: number): string {
  const number = createHash("sha256").update(text).digest().readBigUInt64BE();
  return number.toString(36).padStart(13, "0").slice(-length);
}
