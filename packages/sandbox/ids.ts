import { createHash } from "node:crypto";

/** A GUID that follows from the text alone (version 5, name-based). */
export function guid(...parts: string[]): string {
  const hex = createHash("sha1").update(parts.join("\n").toLowerCase()).digest("hex");
  const variant = ((parseInt(hex[16] ?? "0", 16) & 0x3) | 0x8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `5${hex.slice(13, 16)}`,
    variant + hex.slice(17, 20),
    hex.slice(20, 32),
  ].join("-");
}

const guidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function isGuid(text: unknown): text is string {
  return typeof text === "string" && guidPattern.test(text);
}

/** ARM ids compare without case. */
export function key(id: string): string {
  return id.replace(/\/+$/, "").toLowerCase();
}

export function lastName(id: string): string {
  return id.slice(id.lastIndexOf("/") + 1);
}

/** The id two segments up: the parent of a child resource. */
export function parentId(id: string): string {
  return id.split("/").slice(0, -2).join("/");
}

export function subscriptionOf(id: string): string {
  return /^\/subscriptions\/([^/]+)/i.exec(id)?.[1] ?? "";
}

export function resourceGroupOf(id: string): string | undefined {
  return /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+/i.exec(id)?.[0];
}

/** `Microsoft.X/a/b` of an ARM id: the last provider in it. */
export function armType(id: string): string {
  const tail = id.slice(id.toLowerCase().lastIndexOf("/providers/") + "/providers/".length);
  if (!id.toLowerCase().includes("/providers/")) return "Microsoft.Resources/resourceGroups";
  const segments = tail.split("/");
  return [segments[0], ...segments.slice(1).filter((_, index) => index % 2 === 0)].join("/");
}

/** True when `scope` is `id` itself or stands above it. */
export function covers(scope: string, id: string): boolean {
  return scope === "/" || key(id) === key(scope) || key(id).startsWith(`${key(scope)}/`);
}
