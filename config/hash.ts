import { createHash } from "node:crypto";
import { readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import type { Dirent } from "node:fs";
import path from "node:path";
import { compareText, ProblemsError } from "./problem";
import { isInside, realRoot } from "./source";

/** What a folder holds, by content. */
export interface FolderContent {
  /** SHA-256 over the sorted paths and the files' hashes, hex. */
  readonly hash: string;
  /** SHA-256 of each file, hex, by its path in the folder with forward slashes; sorted. */
  readonly files: Readonly<Record<string, string>>;
}

/** Folders and files that tools leave behind and that no run reads. */
const LEFTOVERS = new Set([
  ".promptflow",
  ".runs",
  ".venv",
  "__pycache__",
  ".pytest_cache",
  ".git",
  ".DS_Store",
  ".env",
]);

/** What decides how a flow is measured, not how it answers. */
const EXPERIMENT_FILE = /^experiment(\..+)?\.yaml$/;

/** A folder below a flow that holds one of these is a flow of its own, an evaluator for example. */
const FLOW_FILE = /^flow\.(dag|flex)\.ya?ml$/;

/**
 * The content of a flow's model: its folder without datasets (`data/`), experiment files, flows of their
 * own below it (evaluators), leftovers of tools, compiled Python and `.env`. So new data, another overlay
 * or another evaluator is no new model, and every environment finds the same hash for the same checkout.
 *
 * Throws `ProblemsError` where a symbolic link leads to a folder, to nothing, or out of the repository, and for
 * what is no file, a pipe for example: reading it would never end.
 */
export function hashFolder(root: string, folder: string): FolderContent {
  const choose: Choose = (entries, under) => {
    if (under !== "" && entries.some(({ name }) => FLOW_FILE.test(name))) {
      return [];
    }
    return under === ""
      ? entries.filter(({ name }) => name !== "data" && !EXPERIMENT_FILE.test(name))
      : entries;
  };
  const files: Record<string, string> = {};
  for (const file of list(root, folder, "", choose).sort(compareText)) {
    files[file] = sha256(readFileSync(path.join(root, folder, file)));
  }
  return { hash: combine(files), files };
}

/** The content of one file, under its own name: a dataset. */
export function hashFile(root: string, file: string): FolderContent {
  const files = { [path.posix.basename(file)]: sha256(readFileSync(path.join(root, file))) };
  return { hash: combine(files), files };
}

type Choose = (entries: readonly Dirent[], under: string) => readonly Dirent[];

function list(root: string, folder: string, under: string, choose: Choose): string[] {
  const entries = readdirSync(path.join(root, folder, under), { withFileTypes: true });
  return choose(entries, under).flatMap((entry) => {
    const relative = under === "" ? entry.name : `${under}/${entry.name}`;
    if (LEFTOVERS.has(entry.name) || entry.name.endsWith(".pyc")) {
      return [];
    }
    if (entry.isSymbolicLink()) {
      checkLink(root, path.posix.join(folder, relative));
    } else if (!entry.isFile() && !entry.isDirectory()) {
      throw unreadable(
        path.posix.join(folder, relative),
        "neither a file nor a folder",
        "remove it",
      );
    }
    return entry.isDirectory() ? list(root, folder, relative, choose) : [relative];
  });
}

function checkLink(root: string, link: string): void {
  let target: string | undefined;
  try {
    target = realpathSync.native(path.join(root, link));
  } catch {
    // A link to nothing is refused below, like one to a wrong place.
  }
  if (target === undefined || !isInside(realRoot(root), target) || !statSync(target).isFile()) {
    throw unreadable(
      link,
      "a symbolic link to nothing, to a folder or out of the repository",
      "copy what it leads to",
    );
  }
}

function unreadable(file: string, found: string, mend: string): ProblemsError {
  const allowed = "files, and links to files inside the repository";
  return new ProblemsError([{ file, line: 1, column: 1, path: "", found, allowed, mend }]);
}

export function combine(files: Readonly<Record<string, string>>): string {
  const hash = createHash("sha256");
  for (const [file, content] of Object.entries(files)) {
    hash.update(`${file}\0${content}\n`);
  }
  return hash.digest("hex");
}

export function sha256(bytes: Buffer | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}
