import type { Baseline } from "./baseline";
import { SECRET, isObject, type Value } from "./model";
import { parsePath } from "./propertyDiff";

/** `secret`, `approved` and `output` are values that cannot be compared here. */
export type Verdict = "same" | "different" | "secret" | "approved" | "output";

/** What a look-up will find, `getUsers(…).users[0].id`. Its arguments can be references themselves. */
const answer = String.raw`get\w+\((?:[^{}]|\$\{[^{}]*\})*\)(?:\.\w+|\[\d+\])+`;
const lookUpAlone = new RegExp(String.raw`^\$\{${answer}\}$`);
/** An output of a resource, an approved version, or what a look-up will find. */
const reference = new RegExp(String.raw`\$\{(urn:[^{}]*|approved:[^{}]*|${answer})\}`, "g");

/** Resolves the references of a plan through what stands, so that both sides can be compared. */
export class Resolver {
  /** `renames`: URNs of the plan by the URN that the same resource has in the baseline. */
  constructor(
    private readonly baseline: Baseline,
    private readonly renames: ReadonlyMap<string, string>,
  ) {}

  /** Compare a value that stands with a planned one. */
  same(was: Value, is: Value): Verdict {
    if (was === SECRET || is === SECRET) return was === is ? "secret" : "different";
    if (typeof is !== "string" || !is.includes("${")) return "different";
    const whole = /^\$\{(urn:[^{}]*)\}$/.exec(is);
    if (whole) {
      const found = this.lookUp(whole[1] as string);
      if (found === undefined) return "different";
      if (found === "output" || found.value === SECRET) return "output";
      return isSame(found.value, was) ? "same" : "different";
    }
    // A plan holds what is asked, not what is found: who is asked for can be compared.
    if (lookUpAlone.test(is)) return this.baseline.kind === "plan" ? "different" : "output";
    return typeof was === "string" ? this.sameText(was, is) : "different";
  }

  /** Build a pattern of the planned text: what cannot be resolved may be anything. */
  private sameText(was: string, is: string): Verdict {
    let verdict: Verdict = "same";
    const parts: string[] = [];
    let end = 0;
    for (const match of is.matchAll(reference)) {
      parts.push(escape(is.slice(end, match.index)));
      end = match.index + match[0].length;
      const name = match[1] as string;
      const found = name.startsWith("urn:")
        ? this.lookUp(name)
        : name.startsWith("approved:")
          ? "approved"
          : "output";
      if (found === undefined) return "different";
      if (typeof found === "string") {
        verdict = found;
        // The texts of a plan hold the same placeholder on both sides.
        const placeholder = this.baseline.kind === "plan" || was.includes(match[0]);
        parts.push(placeholder ? escape(match[0]) : "[^/]*");
      } else parts.push(escape(String(found.value)));
    }
    parts.push(escape(is.slice(end)));
    return new RegExp(`^${parts.join("")}$`, "s").test(was) ? verdict : "different";
  }

  /** Undefined: the resource is new. `output`: it stands, and nobody knows this output of it. */
  private lookUp(text: string): { value: Value } | "output" | undefined {
    const place = this.split(text);
    if (!place) return undefined;
    const { urn, path } = place;
    if (this.baseline.kind === "plan") return { value: `\${${urn}.${path}}` };
    const resource = this.baseline.resources.get(urn);
    if (path === "urn") return { value: urn };
    if (path === "id") return resource?.id ? { value: resource.id } : "output";
    let value: Value | undefined = resource?.outputs;
    for (const step of parsePath(path)) {
      if (Array.isArray(value)) value = value[Number(step)];
      else value = isObject(value) ? value[step] : undefined;
    }
    return value === undefined ? "output" : { value };
  }

  /** A name can hold a point, so that the longest URN that stands is taken. */
  private split(text: string): { urn: string; path: string } | undefined {
    for (let end = text.lastIndexOf("."); end > 0; end = text.lastIndexOf(".", end - 1)) {
      const planned = text.slice(0, end);
      const urn = this.renames.get(planned) ?? planned;
      if (this.baseline.resources.has(urn)) return { urn, path: text.slice(end + 1) };
    }
    return undefined;
  }
}

/**
 * The hash of an image is the digest in its reference, and a plan cannot cut it out of what it refers to.
 * An id is a text, also where the one who takes it wants a number.
 */
function isSame(found: Value, was: Value): boolean {
  return (
    JSON.stringify(found) === JSON.stringify(was) ||
    (typeof was === "number" && found === String(was)) ||
    (typeof found === "string" && found.endsWith(`@sha256:${String(was)}`))
  );
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
