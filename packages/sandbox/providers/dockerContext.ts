import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { UserError } from "../../provider/userError";

/** What `docker build` reads before it talks to a daemon: the context folder, .dockerignore and the Dockerfile. */

interface IgnoreRule {
  readonly matches: RegExp;
  readonly keeps: boolean;
}

/**
 * The patterns of a .dockerignore, in order; the last that matches a path decides
 * (docs.docker.com/build/concepts/context/#dockerignore-files).
 */
export function ignoreRules(text: string): IgnoreRule[] {
  return text
    .split(/\r?\n/)
    .filter((line) => !line.startsWith("#"))
    .map((line) => line.trim())
    .filter((line) => line !== "" && line !== "!")
    .map((line) => {
      const keeps = line.startsWith("!");
      return { keeps, matches: patternOf(keeps ? line.slice(1).trim() : line) };
    });
}

/** A pattern also matches everything below the folder that it matches. */
function patternOf(pattern: string): RegExp {
  const clean = path.posix.normalize(pattern).replace(/^\/+|\/+$/g, "");
  const source = clean.replace(/\*\*\/|\*\*|\*|\?|\\.|\[[^\]]*\]|[.+^${}()|]/g, (part) => {
    if (part === "**/") return "(?:.*/)?";
    if (part === "**") return ".*";
    if (part === "*") return "[^/]*";
    if (part === "?") return "[^/]";
    if (part.startsWith("[")) return part;
    return part.startsWith("\\") ? part : `\\${part}`;
  });
  return new RegExp(`^${source}(?:/.*)?$`, "s");
}

export function isIgnored(rules: readonly IgnoreRule[], file: string): boolean {
  return rules.reduce(
    (ignored, { matches, keeps }) => (matches.test(file) ? !keeps : ignored),
    false,
  );
}

/** Every file of the folder, relative, with forward slashes, sorted by code unit. */
function filesBelow(folder: string, prefix = ""): string[] {
  return fs
    .readdirSync(path.join(folder, prefix), { withFileTypes: true })
    .flatMap((entry) => {
      const name = prefix === "" ? entry.name : `${prefix}/${entry.name}`;
      return entry.isDirectory() ? filesBelow(folder, name) : [name];
    })
    .sort();
}

function readIgnore(context: string, dockerfile: string): string {
  const own = [`${dockerfile}.dockerignore`, path.join(context, ".dockerignore")].find(
    fs.existsSync,
  );
  return own === undefined ? "" : fs.readFileSync(own, "utf8");
}

/** A Dockerfile begins with FROM; only ARG, comments and directives may stand above it. */
function requireStage(file: string, text: string): void {
  const instructions = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
  if (instructions.length === 0)
    throw new UserError(`the Dockerfile (${file}) cannot be empty; begin it with FROM <image>`);
  const first = instructions.find((line) => !/^ARG\s/i.test(line));
  if (first === undefined || !/^FROM\s+\S/i.test(first)) {
    throw new UserError(
      `${file}: no build stage in current context; begin the Dockerfile with FROM <image>`,
    );
  }
}

/**
 * SHA-256 of the build context, path by path, and of the Dockerfile, hex. Throws UserError for what
 * docker refuses before it builds: no context folder, no Dockerfile, no stage in it.
 */
export function contextDigest(context: string, dockerfile: string): string {
  if (!fs.statSync(context, { throwIfNoEntry: false })?.isDirectory()) {
    throw new UserError(
      `unable to prepare context: path ${JSON.stringify(context)} not found; set build.context to a folder`,
    );
  }
  if (!fs.existsSync(dockerfile)) {
    throw new UserError(
      `failed to read dockerfile: open ${dockerfile}: no such file; add it or set build.dockerfile`,
    );
  }
  const instructions = fs.readFileSync(dockerfile);
  requireStage(dockerfile, instructions.toString("utf8"));
  const rules = ignoreRules(readIgnore(context, dockerfile));
  const hash = createHash("sha256").update(sized(instructions));
  for (const file of filesBelow(context)) {
    if (isIgnored(rules, file)) continue;
    const place = path.join(context, file);
    const isLink = fs.lstatSync(place).isSymbolicLink();
    const bytes = isLink ? Buffer.from(fs.readlinkSync(place)) : fs.readFileSync(place);
    hash
      .update(sized(Buffer.from(file)))
      .update(isLink ? "link" : "file")
      .update(sized(bytes));
  }
  return hash.digest("hex");
}

/** The bytes after their length, so that no two lists of files give one text. */
function sized(bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${bytes.length}:`), bytes]);
}
