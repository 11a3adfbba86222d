import { isUnknown, type Failure, type Properties } from "./protocol";

/** Files of a folder in blob storage. */
export interface Folder extends Contents {
  readonly account: string;
  readonly container: string;
}

/** What a folder holds, wherever it is. */
export interface Contents {
  readonly prefix: string;
  /** Folder on disk, relative to the repository, with forward slashes. */
  readonly source: string;
  /** SHA-256 in hex by path below `source`. */
  readonly files: Readonly<Record<string, string>>;
  readonly hash: string;
}

/** Where the files are: `<prefix>/<hash>`. */
export const folderPath = ({ prefix, hash }: Pick<Folder, "prefix" | "hash">) =>
  `${prefix}/${hash}`;

/**
 * The blob beside the folder that says it is whole: written last, it lists every file with its hash. It stands
 * outside the folder, because whoever downloads the folder as a model or data set gets everything inside.
 */
export const manifestPath = (folder: Pick<Folder, "prefix" | "hash">) =>
  `${folderPath(folder)}.files.json`;

export const manifestOf = ({ files }: Pick<Folder, "files">): string =>
  JSON.stringify(
    Object.fromEntries(Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1))),
    null,
    1,
  );

const sha256 = /^[0-9a-f]{64}$/;

/** Every problem of the inputs that shows without asking Azure. What is not known yet is no problem. */
export function folderProblems(inputs: Properties): Failure[] {
  const { account, container, prefix, source, files, hash } = inputs;
  const problems: Failure[] = [];
  const check = (
    property: string,
    value: unknown,
    right: (text: string) => boolean,
    allowed: string,
  ) => {
    if (isUnknown(value) || (typeof value === "string" && right(value))) return;
    problems.push({
      property,
      reason: `found ${JSON.stringify(value) ?? "nothing"}; give ${allowed}`,
    });
  };
  const like = (pattern: RegExp) => (text: string) => pattern.test(text);
  check(
    "account",
    account,
    like(/^[a-z0-9]{3,24}$/),
    "a storage account name: 3 to 24 lower-case letters and digits",
  );
  check(
    "container",
    container,
    like(/^(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*$/),
    "a container name: 3 to 63 lower-case letters, digits and single dashes",
  );
  check("prefix", prefix, isInside, "a path with forward slashes and without . or .. in it");
  check(
    "source",
    source,
    isInside,
    "a folder inside the repository, relative, with forward slashes and without ..",
  );
  check("hash", hash, like(sha256), "a SHA-256 as 64 lower-case hex digits");
  if (typeof files !== "object" || files === null || Array.isArray(files)) {
    if (!isUnknown(files))
      problems.push({ property: "files", reason: "give the SHA-256 of each file by its path" });
    return problems;
  }
  if (Object.keys(files).length === 0)
    problems.push({
      property: "files",
      reason: "found no file; a folder in blob storage has at least one",
    });
  for (const [path, digest] of Object.entries(files)) {
    const property = `files[${JSON.stringify(path)}]`;
    check(
      property,
      path,
      isInside,
      "a path below `source`, relative, with forward slashes and without ..",
    );
    check(property, digest, like(sha256), "a SHA-256 as 64 lower-case hex digits");
  }
  return problems;
}

/**
 * A relative path that stays below its folder on every system: no empty step, `.` or `..`, no backslash, drive
 * or control character, at most 800 characters (a blob's name takes 1,024).
 */
export const isInside = (path: string): boolean =>
  path.length <= 800 &&
  !/[\\:\u0000-\u001f]/.test(path) &&
  path.split("/").every((step) => step !== "" && step !== "." && step !== "..");

/** A blob that is there already. */
export interface FoundBlob {
  /** Path below the folder. */
  readonly path: string;
  /** The hash that its sender wrote beside it; absent on a blob that somebody else put there. */
  readonly sha256?: string;
}

/** What is left to send, and what stands in the way. */
export function toSend(
  folder: Contents,
  found: readonly FoundBlob[],
): { missing: string[]; strangers: string[] } {
  const there = new Map(found.map(({ path, sha256 }) => [path, sha256]));
  const missing = Object.keys(folder.files)
    .filter((path) => !there.has(path))
    .sort();
  const strangers = found
    .filter(({ path, sha256 }) => sha256 === undefined || folder.files[path] !== sha256)
    .map(
      ({ path, sha256 }) =>
        `${path}: found ${sha256 ?? "a file without hash"}, wanted ${folder.files[path] ?? "no such file"}`,
    );
  return { missing, strangers: strangers.sort() };
}
