import { AzureError } from "./azureError";
import {
  assetPath,
  bodyWith,
  changedBody,
  contentDifferences,
  newBody,
  nextNumber,
  sameContent,
  tagsOf,
  versionOfHash,
  type Asset,
  type Version,
} from "./assetRules";
import type { Call } from "./pipeline";
import type { Json, ResourceManager } from "./resourceManager";
import { UserError } from "./userError";

export interface FoundVersion {
  /** A positive integer for a model, the start of the hash for data and environments. */
  readonly version: string;
  /** ARM id of the version. */
  readonly assetId: string;
}

/** So many other creators may take a number before this one gives up. */
const attempts = 50;

/** Writing a version takes a moment: a conflict that stays longer is none that waiting ends. */
const longestConflictMs = 2 * 60_000;

/**
 * Finds the version that holds this content, or creates it. Never deletes, and never changes content: an equal
 * version is adopted and its tags are brought up to date, an unequal one under the same hash is refused.
 * Creators at the same time end with one version for equal content and different numbers for different content.
 *
 * @param droppedTags tags that an earlier call set and that are no longer wanted
 * @throws UserError for an unequal version; AzureError for what Azure refuses
 */
export async function ensureVersion(
  azure: ResourceManager,
  asset: Asset,
  call: Call = {},
  droppedTags: readonly string[] = [],
): Promise<FoundVersion> {
  const path = assetPath(asset);
  return azure.untilFree(path, patient(call), async () => {
    for (let attempt = 1; attempt <= attempts; attempt++) {
      const found = await find(azure, asset, call);
      if (found.adopted) return adopt(azure, found.adopted, asset, droppedTags, call);
      if (await create(azure, `${path}/versions/${found.free}`, asset, call)) {
        const first = await find(azure, asset, call);
        return result(
          first.adopted ?? { id: `${path}/versions/${found.free}`, version: found.free },
        );
      }
    }
    throw new UserError(
      `cannot register ${asset.kind} ${asset.name}: ${attempts} times somebody else took the next version\nRun this again when fewer register it.`,
    );
  });
}

/** The version that holds this content, or the version to create. A listing may lag, so the free one is looked at. */
async function find(
  azure: ResourceManager,
  asset: Asset,
  call: Call,
): Promise<{ adopted: Version; free?: undefined } | { adopted?: undefined; free: string }> {
  const path = assetPath(asset);
  const listed = asset.kind === "model" ? await listVersions(azure, path, call) : [];
  for (const versions = [...listed]; ;) {
    const equal = sameContent(versions, asset);
    if (equal.length > 0) return { adopted: equalOrRefuse(equal, asset) };
    const free = asset.kind === "model" ? String(nextNumber(versions)) : versionOfHash(asset.hash);
    const taken = await readVersion(azure, `${path}/versions/${free}`, call);
    if (!taken) return { free };
    versions.push(taken);
  }
}

function equalOrRefuse(candidates: readonly Version[], asset: Asset): Version {
  const equal = candidates.find((version) => contentDifferences(version, asset).length === 0);
  if (equal) return equal;
  const [first] = candidates;
  throw new UserError(
    `refused to register ${asset.kind} ${asset.name}: version ${first!.version} has the content hash ${asset.hash} and is not equal\n` +
      `${contentDifferences(first!, asset)
        .map((line) => `- ${line}`)
        .join("\n")}\n${first!.id}\n` +
      "A registered version cannot change. Give the asset another name, or make content and hash agree.",
  );
}

/** False when somebody else has taken the version meanwhile. */
async function create(
  azure: ResourceManager,
  id: string,
  asset: Asset,
  call: Call,
): Promise<boolean> {
  try {
    const properties = { ...asset.properties, ...(await asset.upload?.(id)) };
    await azure.put(id, newBody({ ...asset, properties }), { ...call, match: "absent" });
  } catch (error) {
    const refused = error instanceof AzureError && [400, 409, 412].includes(error.status);
    if (refused && (await readVersion(azure, id, call))) return false;
    throw error;
  }
  const written = await readVersion(azure, id, call);
  return written !== undefined && contentDifferences(written, asset).length === 0;
}

async function adopt(
  azure: ResourceManager,
  found: Version,
  asset: Asset,
  droppedTags: readonly string[],
  call: Call,
): Promise<FoundVersion> {
  const live = await azure.get(found.id, call);
  const now = live ? versionOf(live.body) : found;
  const body = changedBody(now, asset, droppedTags);
  if (body)
    await azure.put(found.id, body, {
      ...call,
      match: live?.etag ? { etag: live.etag } : undefined,
    });
  return result(found);
}

/**
 * Sets tags of a version and removes those given as null; every other tag stays. For an approval:
 * `setVersionTags(azure, assetId, { approved_dev: "2026-11-23" })`.
 *
 * @throws UserError when the version does not exist
 */
export async function setVersionTags(
  azure: ResourceManager,
  assetId: string,
  tags: Readonly<Record<string, string | null>>,
  call: Call = {},
): Promise<void> {
  const path = assetId.replace(/\/versions\/[^/]+$/i, "");
  await azure.untilFree(path, patient(call), async () => {
    const live = await azure.get(assetId, call);
    if (!live) throw new UserError(`${assetId} does not exist; register it first`);
    const version = versionOf(live.body);
    const all = Object.entries({ ...tagsOf(version), ...tags }).filter(
      ([, value]) => value !== null,
    );
    const body = bodyWith(version, { tags: Object.fromEntries(all) });
    await azure.put(assetId, body, { ...call, match: live.etag ? { etag: live.etag } : undefined });
  });
}

/** A version by its ARM id, or undefined when it does not exist. */
export async function readVersion(
  azure: ResourceManager,
  id: string,
  call: Call = {},
): Promise<Version | undefined> {
  const live = await azure.get(id, call);
  return live && versionOf(live.body);
}

/** Every version of an asset, archived ones too: their numbers are in use. */
export async function listVersions(
  azure: ResourceManager,
  path: string,
  call: Call = {},
): Promise<Version[]> {
  const items = await azure.list(`${path}/versions`, { listViewType: "All" }, call);
  return items.map(versionOf);
}

function versionOf(body: Json): Version {
  const id = String(body["id"]);
  const properties = (body["properties"] ?? {}) as Json;
  return { id, version: String(body["name"] ?? id.split("/").at(-1)), properties };
}

const patient = (call: Call): Call => ({
  ...call,
  timeoutMs: Math.min(call.timeoutMs ?? Infinity, longestConflictMs),
});

const result = ({ id, version }: Pick<Version, "id" | "version">): FoundVersion => ({
  version,
  assetId: id,
});
