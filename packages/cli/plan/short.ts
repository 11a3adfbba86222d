import { visible } from "../../../config/display";
import type { Value } from "./model";

const reference = /\$\{(urn:[^{}]*|approved:[^{}]*)\}/g;

/** A reference as a reader wants it: the resource's name and the output, without the rest of the URN. */
function shorten(text: string): string {
  return text.replace(reference, (whole, inside: string) =>
    inside.startsWith("approved:") ? whole : `\${${inside.slice(inside.lastIndexOf("::") + 2)}}`,
  );
}

/** Name of the resource that a value refers to, where it is a reference to an id or name and nothing else. */
export function referredName(value: Value | undefined): string | undefined {
  const match = /^\$\{urn:[^{}]*::([^{}]+)\.(id|name|principalId|clientId)\}$/.exec(String(value));
  return match?.[1];
}

/** A value on one line. */
export function inline(value: Value | undefined): string {
  if (value === undefined) return "(none)";
  return visible(shorten(typeof value === "string" ? value : JSON.stringify(value)));
}

/** Name of a resource in its URN. */
export function formatUrnName(urn: string): string {
  return urn.slice(urn.lastIndexOf("::") + 2);
}
