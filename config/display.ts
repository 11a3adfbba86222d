/**
 * A value as a message may show it. Never a value that is or may be a secret: nothing below a key that is
 * called a key, secret, token or password, and no text that looks like a generated key. `at` are the keys and
 * indexes that lead to it.
 */
export function display(value: unknown, at: readonly (string | number)[]): string {
  if (typeof value === "string") {
    if (at.some((step) => isSecretName(String(step))) || looksLikeKey(value)) {
      return "a text that is not shown";
    }
    return visible(JSON.stringify(value.length > 80 ? `${value.slice(0, 77)}…` : value));
  }
  if (Array.isArray(value)) {
    return value.length === 0 ? "an empty list" : "a list";
  }
  if (typeof value === "object" && value !== null) {
    const keys = Object.keys(value);
    return keys.length === 0 || keys.length > 4 || keys.some(looksLikeKey)
      ? "a mapping"
      : `a mapping with ${keys.join(" and ")}`;
  }
  if (at.some((step) => isSecretName(String(step)))) {
    return "a value that is not shown";
  }
  return String(value);
}

/** A text from a file in quotes, or words in its place if it looks like a key. */
export function quote(text: string): string {
  return display(text, []);
}

/**
 * Characters that a terminal or a page obeys instead of showing them, written out: `\n`, `\u202e`. A value
 * that somebody writes into a file must not draw lines of a plan or a message, or hide some.
 */
export function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (sign) => {
    const escaped = JSON.stringify(sign).slice(1, -1);
    return escaped === sign ? `\\u${sign.codePointAt(0)?.toString(16).padStart(4, "0")}` : escaped;
  });
}

/** Names of things whose values are secret: `api_key`, `OPENAI_API_KEY`, `password`, `clientSecret`. */
export function isSecretName(name: string): boolean {
  return (
    /(^|[_-])(key|keys|secret|secrets|password|passwd|pwd|token|sas|credential|credentials)([_-]|$)/i.test(
      name,
    ) ||
    /(Key|Secret|Password|Token|Credential)s?$/.test(name) ||
    /^(apikey|connectionstring|connection_string)$/i.test(name)
  );
}

/** Whether a variable's value is or may be a secret. A number never is: `PROMPT_TOKEN_LIMIT` counts tokens. */
export function holdsSecret(name: string, value: string): boolean {
  return looksLikeKey(value) || (isSecretName(name) && !/^\d{0,9}$/.test(value));
}

/** Whether an address names who signs in, as `https://user:password@host` and `https://token@host` do. */
export function holdsPassword(text: string): boolean {
  return /[a-z]:\/\/[^\s/?#]+@/i.test(text);
}

/**
 * A generated key rather than a word: a known prefix, a part of a connection string, an address with a
 * password, or 20 and more letters and digits without the rhythm of words. UUIDs and content digests are no keys.
 */
export function looksLikeKey(text: string): boolean {
  if (
    /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text) ||
    /sha256:[0-9a-f]{64}$/.test(text)
  ) {
    return false;
  }
  return (
    /(^|[^A-Za-z])(sk-|pk-|ghp_|github_pat_|xox[bp]-|AKIA|eyJ)[A-Za-z0-9_-]{8}/.test(text) ||
    holdsPassword(text) ||
    /(AccountKey|SharedAccessKey|Password|sig)=/i.test(text) ||
    (/[A-Za-z0-9+/_]{20,}/.test(text.replace(/[a-z]+[-_/.](?=[a-z])/g, "")) &&
      /\d/.test(text) &&
      /[A-Za-z]/.test(text))
  );
}
