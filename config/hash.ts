import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { compareText } from "./problem";

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
 */
export function hashFolder(root: string, folder: string): FolderContent {
  const files: Record<string, string> = {};
  for (const file of modelFiles(path.join(root, folder), "")) {
    files[file] = sha256(readFileSync(path.join(root, folder, file)));
  }
  return { hash: combine(files), files };
}

/** The content of one file, under its own name: a dataset. */
export function hashFile(root: string, file: string): FolderContent {
  const files = { [path.posix.basename(file)]: sha256(readFileSync(path.join(root, file))) };
  return { hash: combine(files), files };
}

function modelFiles(absolute: string, under: string): string[] {
  const entries = readdirSync(path.join(absolute, under), { withFileTypes: true });
  if (under !== "" && entries.some(({ name }) => FLOW_FILE.test(name))) {
    return [];
  }
  return entries
    .flatMap((entry) => {
      const relative = under === "" ? entry.name : `${under}/${entry.name}`;
      if (LEFTOVERS.has(entry.name) || entry.name.endsWith(".pyc")) {
        return [];
      }
      if (entry.isDirectory()) {
        return under === "" && entry.name === "data" ? [] : modelFiles(absolute, relative);
      }
      return under === "" && EXPERIMENT_FILE.test(entry.name) ? [] : [relative];
    })
    .sort(compareText);
}

function combine(files: Readonly<Record<string, string>>): string {
  const hash = createHash("sha256");
  for (const [file, content] of Object.entries(files)) {
    hash.update(`${file}\0${content}\n`);
  }
  return hash.digest("hex");
}

function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}
