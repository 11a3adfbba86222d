import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import dockerIgnore = require("@balena/dockerignore");
import { UserError } from "../../provider/userError";

/** What `docker build` reads before it talks to a daemon: the context folder, .dockerignore and the Dockerfile. */

/**
 * Which files of a context a .dockerignore leaves out
 * (docs.docker.com/build/concepts/context/#dockerignore-files).
 */
export function ignoredBy(text: string): (file: string) => boolean {
  const rules = dockerIgnore({ ignorecase: false }).add(text);
  return (file) => rules.ignores(file);
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

/** The Dockerfile's own file of rules, else that of the context: getIgnorePatterns of pulumi-docker's provider. */
function readIgnore(context: string, dockerfile: string): string {
  const file = [`${dockerfile}.dockerignore`, path.join(context, ".dockerignore")].find((one) =>
    fs.existsSync(one),
  );
  return file === undefined ? "" : fs.readFileSync(file, "utf8");
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
 * SHA-256 of the build context, hex: path, permissions and bytes of each file, where each link leads, and the
 * Dockerfile, as pulumi-docker's provider hashes them (hashContext in its provider.go). Throws UserError for what
 * it or docker refuses before a build: no context folder, no Dockerfile, no stage in it, a link to nothing.
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
  const ignored = ignoredBy(readIgnore(context, dockerfile));
  const hash = createHash("sha256").update(sized(instructions));
  for (const file of filesBelow(context)) {
    if (ignored(file)) continue;
    const place = path.join(context, file);
    const { mode } = fs.lstatSync(place);
    hash
      .update(sized(Buffer.from(file)))
      .update(mode.toString(8))
      .update(sized(bytesOf(context, place)));
  }
  return hash.digest("hex");
}

/** A file's bytes; of a link, where it leads in the end. */
function bytesOf(context: string, place: string): Buffer {
  if (!fs.lstatSync(place).isSymbolicLink()) return fs.readFileSync(place);
  try {
    return Buffer.from(path.relative(fs.realpathSync(context), fs.realpathSync(place)));
  } catch {
    throw new UserError(
      `could not evaluate symlink at ${place}: no such file; remove it or add what it leads to`,
    );
  }
}

/** The bytes after their length, so that no two lists of files give one text. */
function sized(bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${bytes.length}:`), bytes]);
}
