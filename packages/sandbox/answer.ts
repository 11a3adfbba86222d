import { guid } from "./ids";
import { removeAt, type Json } from "./paths";
import type { Refusal } from "./rules/rule";
import type { StoredResource } from "./state";
import { typeOf } from "./types/table";

export interface AzureResponse {
  status: number;
  headers: Record<string, string>;
  body?: unknown;
}

export function answer(
  status: number,
  body?: unknown,
  headers: Record<string, string> = {},
): AzureResponse {
  const all = {
    "x-ms-request-id": guid("request", String(status), JSON.stringify(body ?? null)),
    ...headers,
  };
  return body === undefined
    ? { status, headers: all }
    : { status, headers: { "content-type": "application/json", ...all }, body };
}

/** ARM's error body: `{error: {code, message, details}}`. */
export function refusal({ status, code, message, details }: Refusal): AzureResponse {
  return answer(
    status,
    { error: { code, message, ...(details ? { details } : {}) } },
    { "x-ms-error-code": code },
  );
}

/** What a read returns: the stored body without the values that Azure never gives back. */
export function readBody(stored: StoredResource): Json {
  const body = structuredClone(stored.body);
  for (const path of typeOf(stored.token).writeOnly ?? []) removeAt(body, path);
  return body;
}

const pageSize = 50;

/**
 * A page of a collection. `$top` limits the page; `$skipToken` continues; `nextLink` is absent on the last page.
 * Version lists are newest first, as the service lists them.
 */
export function listPage(
  base: string,
  path: string,
  query: URLSearchParams,
  stored: readonly StoredResource[],
): AzureResponse {
  const top = Math.max(1, Number(query.get("$top") ?? pageSize) || pageSize);
  const skip = Number(query.get("$skipToken") ?? query.get("$skip") ?? 0) || 0;
  const page = stored.slice(skip, skip + top).map(readBody);
  if (skip + top >= stored.length) return answer(200, { value: page });
  const next = new URLSearchParams(query);
  next.delete("$skip");
  next.set("$skipToken", String(skip + top));
  return answer(200, { value: page, nextLink: `${base}${path}?${next.toString()}` });
}
