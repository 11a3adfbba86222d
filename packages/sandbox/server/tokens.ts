import { createHmac, timingSafeEqual } from "node:crypto";

/** Claims of a token, as Entra names them. */
export interface Claims {
  readonly iss: string;
  readonly sub: string;
  readonly aud: string;
  /** Seconds since 1970. */
  readonly exp: number;
  /** Object id of the principal. */
  readonly oid?: string;
  readonly appid?: string;
  readonly tid?: string;
  readonly [claim: string]: unknown;
}

function encode(part: unknown): string {
  return Buffer.from(JSON.stringify(part)).toString("base64url");
}

function signature(text: string, key: Buffer): Buffer {
  return createHmac("sha256", key).update(text).digest();
}

export function signToken(claims: Claims, key: Buffer): string {
  const text = `${encode({ alg: "HS256", typ: "JWT" })}.${encode(claims)}`;
  return `${text}.${signature(text, key).toString("base64url")}`;
}

/** The claims of a token whoever signed it; undefined for a text that is no token. */
export function readClaims(token: string): Claims | undefined {
  const [, payload, ...rest] = token.trim().split(".");
  if (payload === undefined || rest.length !== 1) return undefined;
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, "base64url").toString("utf8"));
    return typeof claims === "object" && claims !== null ? (claims as Claims) : undefined;
  } catch {
    return undefined;
  }
}

/** Whether this key signed the token; says nothing about its age. */
export function isSignedBy(token: string, key: Buffer): boolean {
  const text = token.trim();
  const dot = text.lastIndexOf(".");
  const given = Buffer.from(text.slice(dot + 1), "base64url");
  const right = signature(text.slice(0, dot), key);
  return given.length === right.length && timingSafeEqual(given, right);
}

export function hasExpired(claims: Claims): boolean {
  return typeof claims.exp !== "number" || claims.exp * 1000 <= Date.now();
}
