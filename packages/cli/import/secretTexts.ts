import { looksLikeKey } from "../../../config/display";
import { isTooDeep } from "../../../config/nesting";
import { isMap, isScalar, parseDocument, visit } from "yaml";

/** Names whose value is a secret wherever they stand. */
const NAMES =
  /(^|[_-])(api[_-]?key|account[_-]?key|access[_-]?key|password|passwd|client[_-]?secret|secret|connection[_-]?string)$/i;

/** What services generate and nothing else looks like. */
const GENERATED =
  /(?<![A-Za-z0-9])(sk-|pk-|ghp_|github_pat_|xox[bp]-|AKIA|eyJ)[A-Za-z0-9_-]{16,}|(AccountKey|SharedAccessKey|InstrumentationKey|sig)=[^;&\s"']{16,}/;

/** A name of a secret, and a literal of its own behind it. */
const ASSIGNED =
  /(api_?key|account_?key|access_?key|password|passwd|client_?secret|connection_?string)["']?\s*[:=]\s*(?<quote>["']?)(?<value>[^\s"'`,;(){}[\]]{16,})["']?/i;

/** Longer texts are read line by line, not as YAML or JSON. */
const PARSED_CHARACTERS = 1_000_000;

/** A literal: not a reference to somewhere else, and not the form that a reader is to fill in. */
function isLiteral(value: string): boolean {
  return (
    value !== "" && !/^(\$\{.*\}|\{\{.*\}\}|<.*>|.*\$\{.*|[A-Z][A-Z0-9_]*_[A-Z0-9_]+)$/.test(value)
  );
}

/** Where a secret stands in a text: offsets, and whether it is a value that a reference can stand for. */
export interface SecretPlace {
  readonly from: number;
  readonly to: number;
  /** Name of the key whose whole value it is; absent in code and prose. */
  readonly key?: string;
}

/** The secrets that stand in a file's text. Data sets are not looked at. */
export function secretsIn(file: string, text: string): SecretPlace[] {
  const isSmall = text.length <= PARSED_CHARACTERS && !isTooDeep(text);
  const structured = isSmall && /\.(ya?ml|json)$/i.test(file) ? valuesIn(text) : undefined;
  if (structured === undefined) return linesIn(text);
  // What stands in comments, or inside a longer value.
  const others = linesIn(text).filter(
    ({ from, to }) => !structured.some((known) => from < known.to && known.from < to),
  );
  return [...structured, ...others].sort((a, b) => a.from - b.from);
}

function valuesIn(text: string): SecretPlace[] | undefined {
  const document = parseDocument(text, { version: "1.2", logLevel: "silent" });
  if (document.errors.length > 0) return undefined;
  const places: SecretPlace[] = [];
  visit(document, {
    Map: (_key, map) => {
      if (!isMap(map)) return;
      for (const { key, value } of map.items) {
        if (!isScalar(key) || !isScalar(value) || typeof value.value !== "string") continue;
        const name = String(key.value);
        const [from, to] = value.range ?? [0, 0];
        if (isLiteral(value.value) && (NAMES.test(name) || GENERATED.test(value.value)))
          places.push({ from, to, key: name });
      }
    },
  });
  return places;
}

function linesIn(text: string): SecretPlace[] {
  const places: SecretPlace[] = [];
  let offset = 0;
  for (const line of text.split("\n")) {
    const generated = GENERATED.exec(line);
    const assigned = ASSIGNED.exec(line);
    const value = assigned?.groups?.["value"];
    if (generated !== null) places.push(at(offset + generated.index, generated[0]));
    else if (assigned !== null && value !== undefined && isKey(value, assigned.groups?.["quote"]))
      places.push(at(offset + assigned.index, assigned[0]));
    offset += line.length + 1;
  }
  return places;
}

/** In code a literal stands in quotes, and what does not is a name; elsewhere a key looks like one. */
function isKey(value: string, quote: string | undefined): boolean {
  return (
    isLiteral(value) &&
    (quote === "" ? looksLikeKey(value) && !value.includes(".") : /\d/.test(value))
  );
}

const at = (from: number, text: string): SecretPlace => ({ from, to: from + text.length });

/** The text with `${<name of the key>}` in place of each secret that is the value of a key. */
export function withoutSecrets(text: string, places: readonly SecretPlace[]): string {
  return [...places].reverse().reduce((whole, { from, to, key = "api_key" }) => {
    const name = key.replace(/[^A-Za-z0-9_]/g, "_").toLowerCase();
    const lineEnd = whole[to - 1] === "\n" ? "\n" : "";
    return `${whole.slice(0, from)}"\${${name}}"${lineEnd}${whole.slice(to)}`;
  }, text);
}
