import {
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  statSync,
} from "node:fs";
import type { Stats } from "node:fs";
import path from "node:path";
import dockerIgnore = require("@balena/dockerignore");
import { combine, sha256 } from "./hash";
import type { FolderContent } from "./hash";
import { compareText, ProblemsError } from "./problem";
import type { Fault, Problem } from "./problem";
import { isInside } from "./source";

/**
 * What an image is built from: every file of the folder that `.dockerignore` lets through, and the Dockerfile.
 * A file counts with its path, its bytes and its permissions, and a symbolic link with where it leads, as all of
 * them go into the image. So the hash names one image, and equal hashes need no second build.
 *
 * Throws `ProblemsError` for a `.env` that would go into the image, for a link that leads to nothing there, and for
 * what is no file, a pipe for example: reading it would never end.
 */
export function hashContext(root: string, folder: string): FolderContent {
  const ignored = ignoreOf(path.join(root, folder));
  const names = filesBelow(path.join(root, folder)).filter((file) => !ignored(file));
  const files: Record<string, string> = {};
  const problems: Problem[] = [];
  for (const file of [...new Set([...names, "Dockerfile"])].sort(compareText)) {
    const absolute = path.join(root, folder, file);
    const status = lstatSync(absolute);
    const link = status.isSymbolicLink();
    const fault = link ? linkFault(path.join(root, folder), absolute) : fileFault(file, status);
    if (fault !== undefined) {
      problems.push({
        file: path.posix.join(folder, file),
        line: 1,
        column: 1,
        path: "",
        ...fault,
      });
      continue;
    }
    const content = link ? `link ${readlinkSync(absolute)}` : sha256(readFileSync(absolute));
    files[file] = sha256(`${(status.mode & 0o777).toString(8)} ${content}`);
  }
  if (problems.length > 0) throw new ProblemsError(problems);
  return { hash: combine(files), files };
}

/** Relative, with forward slashes. */
function filesBelow(folder: string, under = ""): string[] {
  return readdirSync(path.join(folder, under), { withFileTypes: true }).flatMap((entry) => {
    const name = under === "" ? entry.name : `${under}/${entry.name}`;
    return entry.isDirectory() ? filesBelow(folder, name) : [name];
  });
}

/**
 * The Dockerfile's own file of rules goes before that of the folder:
 * docs.docker.com/build/concepts/context/#filename-and-location
 */
function ignoreOf(folder: string): (file: string) => boolean {
  const files = ["Dockerfile.dockerignore", ".dockerignore"].map((name) => path.join(folder, name));
  // A pipe of this name has no rules, and is refused with the files.
  const file = files.find((one) => statSync(one, { throwIfNoEntry: false })?.isFile());
  if (file === undefined) return () => false;
  const rules = dockerIgnore({ ignorecase: false }).add(readFileSync(file, "utf8"));
  return (name) => rules.ignores(name);
}

function fileFault(file: string, status: Stats): Fault | undefined {
  if (!status.isFile()) {
    return {
      found: "neither a file nor a folder",
      allowed: "files, folders, and relative links to what is in the same folder",
      mend: "remove it, or leave it out by .dockerignore",
    };
  }
  return path.posix.basename(file) === ".env"
    ? {
        found: "the file with the keys of local runs would go into the image",
        allowed: "an image without secrets",
        mend: "add **/.env to .dockerignore of the folder that is built",
      }
    : undefined;
}

function linkFault(folder: string, link: string): Fault | undefined {
  const target = path.resolve(path.dirname(link), readlinkSync(link));
  const leads =
    !path.isAbsolute(readlinkSync(link)) &&
    existsSync(target) &&
    isInside(realpathSync.native(folder), realpathSync.native(target));
  return leads
    ? undefined
    : {
        found: "a symbolic link that leads out of the folder that is built, or to nothing",
        allowed: "files, and relative links to what is in the same folder",
        mend: "copy what it leads to",
      };
}
