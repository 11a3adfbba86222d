import { hidden } from "./complete";
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
  for (const path of hidden(typeOf(stored.token))) removeAt(body, path);
  return body;
}
