import { answer, readBody, type AzureResponse } from "./answer";
import { key } from "./ids";
import { isRecord, valueAt } from "./paths";
import type { StoredResource } from "./state";

/** Collections, as `Models_List` and its like of swagger mfe.json document them. */

const pageSize = 50;

export interface ListArgs {
  /** Address of Resource Manager, for `nextLink`. */
  readonly base: string;
  /** Path of the collection, without a query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly token: string;
  /** In the order of creation. */
  readonly resources: Readonly<Record<string, StoredResource>>;
}

/**
 * One page. `$top` is its size (50), `$skip` continues, `nextLink` is absent on the last page. Asset versions come
 * newest first unless `$orderBy` says CreatedAtAsc; archived ones only where `listViewType` asks; `tags`
 * filters by `name` or `name=value`, comma-separated.
 */
export function listPage({ base, path, query, token, resources }: ListArgs): AzureResponse {
  const prefix = `${key(path)}/`;
  const inside = Object.entries(resources).flatMap(([id, resource]) =>
    id.startsWith(prefix) && !id.slice(prefix.length).includes("/") && resource.token === token
      ? [resource]
      : [],
  );
  const versions = token.endsWith("Version");
  const wanted = versions
    ? ordered(
        inside.filter((resource) => listed(resource, query)),
        query,
      )
    : inside;
  const top = Math.max(1, Number(query.get("$top")) || pageSize);
  const skip = Number(query.get("$skip")) || 0;
  const value = wanted.slice(skip, skip + top).map(readBody);
  if (skip + top >= wanted.length) return answer(200, { value });
  const next = new URLSearchParams(query);
  next.set("$skip", String(skip + top));
  return answer(200, { value, nextLink: `${base}${path}?${next.toString()}` });
}

function ordered(
  versions: readonly StoredResource[],
  query: URLSearchParams,
): readonly StoredResource[] {
  return /Asc$/i.test(query.get("$orderBy") ?? "") ? versions : [...versions].reverse();
}

function listed({ body }: StoredResource, query: URLSearchParams): boolean {
  const archived = valueAt(body, "properties.isArchived") === true;
  const view = query.get("listViewType") ?? "ActiveOnly";
  if (view === "ActiveOnly" && archived) return false;
  if (view === "ArchivedOnly" && !archived) return false;
  const tags = valueAt(body, "properties.tags");
  const asked = (query.get("tags") ?? "").split(",").filter((tag) => tag !== "");
  return asked.every((tag) => {
    const [name = "", ...value] = tag.split("=");
    if (!isRecord(tags) || !(name in tags)) return false;
    return value.length === 0 || tags[name] === value.join("=");
  });
}
