import type { Value } from "./model";

const reference = /\$\{(urn:[^{}]*|approved:[^{}]*)\}/g;

/** A reference as a reader wants it: the resource's name and the output, without the rest of the URN. */
export function shorten(text: string): string {
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

/**
 * Characters that a terminal or a page obeys instead of showing them, written out: `\n`, `\u202e`. A value
 * that somebody writes into a file must not draw lines of a plan, or hide some.
 */
export function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (sign) => {
    const escaped = JSON.stringify(sign).slice(1, -1);
    return escaped === sign ? `\\u${sign.codePointAt(0)?.toString(16).padStart(4, "0")}` : escaped;
  });
}

/** Name of a resource in its URN. */
export function formatUrnName(urn: string): string {
  return urn.slice(urn.lastIndexOf("::") + 2);
}
