import type { Json } from "./resourceManager";
import { isUnknown, type Failure, type Properties } from "./protocol";
import type { AssetKind } from "./tokens";

/** The content that a version is to hold. */
export interface Asset {
  /** ARM id of the workspace or registry. */
  readonly workspace: string;
  readonly kind: AssetKind;
  readonly name: string;
  /** SHA-256 of the content in hex. */
  readonly hash: string;
  /** ARM `properties` of the version, without what the service computes. */
  readonly properties: Readonly<Json>;
  readonly tags?: Readonly<Record<string, string>>;
  /** Sends the bytes of a new version, by its ARM id, and answers the `properties` that say where they are. */
  readonly upload?: (id: string) => Promise<Json>;
}

/** One version that exists. */
export interface Version {
  /** ARM id. */
  readonly id: string;
  readonly version: string;
  readonly properties: Json;
}

/** Tag of every version: the SHA-256 of its content. */
export const hashTag = "content_hash";

const collections: Record<AssetKind, string> = {
  model: "models",
  data: "data",
  environment: "environments",
};

/** ARM id of the asset, which holds its versions. */
export const assetPath = ({ workspace, kind, name }: Pick<Asset, "workspace" | "kind" | "name">) =>
  `${workspace}/${collections[kind]}/${name}`;

/**
 * Version of a data set or environment: the start of its hash, 120 bits. Azure takes at most 30 characters for
 * a data set's version (github.com/Azure/azureml-assets/issues/295); the tag has the whole hash.
 */
export const versionOfHash = (hash: string) => hash.slice(0, 30);

/** Every problem of the inputs that shows without asking Azure. What is not known yet is no problem. */
export function assetProblems(inputs: Properties): Failure[] {
  const { workspace, kind, name, hash, properties, tags } = inputs;
  const problems: Failure[] = [];
  const check = (property: string, value: unknown, right: boolean, allowed: string) => {
    if (!isUnknown(value) && !right) {
      problems.push({ property, reason: `found ${show(value)}; give ${allowed}` });
    }
  };
  const matches = (value: unknown, pattern: RegExp) =>
    typeof value === "string" && pattern.test(value);

  check(
    "workspace",
    workspace,
    matches(workspace, workspaceId),
    "the ARM id of a workspace or registry",
  );
  check("kind", kind, matches(kind, /^(model|data|environment)$/), "model, data or environment");
  check(
    "name",
    name,
    matches(name, assetName),
    "letters, digits, _ . and -, starting with a letter or digit, at most 255",
  );
  check("hash", hash, matches(hash, /^[0-9a-f]{64}$/), "a SHA-256 as 64 lower-case hex digits");
  if (!isMap(properties))
    check("properties", properties, false, "the ARM properties of the version");
  else {
    for (const key of ["provisioningState", "tags"]) {
      const allowed =
        key === "tags" ? "them as `tags` beside `properties`" : "no value: the service computes it";
      check(`properties.${key}`, properties[key], properties[key] === undefined, allowed);
    }
  }
  if (tags !== undefined && tags !== null && !isMap(tags))
    check("tags", tags, false, "texts by name");
  for (const [key, value] of Object.entries(isMap(tags) ? tags : {})) {
    check(`tags.${key}`, value, typeof value === "string", "a text");
    if (key === hashTag)
      check(`tags.${key}`, value, false, "no such tag: it is written from `hash`");
  }
  return problems;
}

const workspaceId =
  /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.MachineLearningServices\/(workspaces|registries)\/[^/]+$/i;
/** swagger mfe.json, names of assets. */
const assetName = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,254}$/;

/** The versions that carry this content, the first one first. */
export function sameContent(versions: readonly Version[], { kind, hash }: Asset): Version[] {
  const own = kind === "model" ? undefined : versionOfHash(hash);
  return versions
    .filter((version) => tagsOf(version)[hashTag] === hash || version.version === own)
    .sort((a, b) => Number(a.version) - Number(b.version) || (a.version < b.version ? -1 : 1));
}

/** The number after every number in use; versions that are no positive integer do not count. */
export const nextNumber = (versions: readonly Version[]): number =>
  Math.max(0, ...versions.map(({ version }) => modelNumber(version) ?? 0)) + 1;

export const modelNumber = (version: string): number | undefined =>
  /^[1-9]\d*$/.test(version) ? Number(version) : undefined;

/** What may change on a registered version (DOC/how-to-manage-models.md); everything else is its content. */
const changeable = ["tags", "description", "isArchived", "isAnonymous", "stage", "properties"];

/** How a version's content differs from the wanted one, as `property: found, wanted`; nothing when equal. */
export function contentDifferences(found: Version, wanted: Asset): string[] {
  const tag = tagsOf(found)[hashTag];
  const hash =
    tag === undefined || tag === wanted.hash
      ? []
      : [`${hashTag}: found ${tag}, wanted ${wanted.hash}`];
  const properties = Object.entries(wanted.properties)
    .filter(([key, value]) => !changeable.includes(key) && value !== undefined && value !== null)
    .filter(([key, value]) => comparable(found.properties[key]) !== comparable(value))
    .map(([key, value]) => `${key}: found ${show(found.properties[key])}, wanted ${show(value)}`);
  return [...hash, ...properties];
}

/** Azure writes a datastore's address out in full and may add a slash; both name the same place. */
function comparable(value: unknown): string {
  if (typeof value === "string" && value.startsWith("azureml:")) {
    return value.replace(/^azureml:.*?(?=datastores\/)/i, "").replace(/\/+$/, "");
  }
  return canonical(value);
}

/** Body of a new version. */
export const newBody = ({ properties, tags, hash }: Asset): Json => ({
  properties: { ...properties, tags: { ...tags, [hashTag]: hash } },
});

/**
 * Body that brings tags and description of a found version to what is wanted and keeps tags that others set,
 * such as an approval; undefined when there is nothing to change. `dropped` are tags we set before.
 */
export function changedBody(
  found: Version,
  wanted: Asset,
  dropped: readonly string[] = [],
): Json | undefined {
  const live = tagsOf(found);
  const kept = Object.entries(live).filter(([key]) => !dropped.includes(key));
  const tags = { ...Object.fromEntries(kept), ...wanted.tags, [hashTag]: wanted.hash };
  const description = wanted.properties["description"] ?? found.properties["description"];
  const same =
    canonical(tags) === canonical(live) && description === found.properties["description"];
  return same ? undefined : bodyWith(found, { tags, description });
}

/** Body of a found version with other tags or description. */
export function bodyWith({ properties }: Version, change: Json): Json {
  const own = Object.entries({ ...properties, ...change }).filter(
    ([key, value]) => key !== "provisioningState" && value !== null && value !== undefined,
  );
  return { properties: Object.fromEntries(own) };
}

export const tagsOf = ({ properties }: Version): Record<string, string> =>
  (properties["tags"] ?? {}) as Record<string, string>;

/** Whether nobody archived the version. */
export const isStanding = ({ properties }: Version): boolean => properties["isArchived"] !== true;

function canonical(value: unknown): string {
  return JSON.stringify(value ?? null, (_, inner: unknown) =>
    isMap(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const show = (value: unknown) => (value === undefined ? "nothing" : JSON.stringify(value));
