import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { FLOW_FOLDER, FLOW_IMAGE_FOLDER, flowContext } from "../config/flowImage";
import { sha256, type FolderContent } from "../config/hash";

/** Below the repository; each folder is named by its content. */
const FOLDER = ".genaiops/images";

/**
 * Lay out what an image that holds a flow is built from: a folder with the Dockerfile and, below it, exactly the
 * files of the flow's model, each with the permissions 644, so that every machine builds from the same bytes. No
 * `.dockerignore` could choose them: which folders are evaluators is said by what is in them.
 *
 * @param folder the flow, relative to the repository
 * @returns the folder, relative to the repository
 */
export function layFlowContext(root: string, folder: string, model: FolderContent): string {
  const { files, hash } = flowContext(root, model);
  const place = `${FOLDER}/${hash.slice(0, 20)}`;
  const whole = () => holds(path.join(root, place), files);
  if (whole()) return place;
  const sources = [
    ["Dockerfile", `${FLOW_IMAGE_FOLDER}/Dockerfile`] as const,
    ...Object.keys(model.files).map(
      (file) => [`${FLOW_FOLDER}/${file}`, `${folder}/${file}`] as const,
    ),
  ];
  mkdirSync(path.join(root, FOLDER), { recursive: true });
  const unfinished = mkdtempSync(path.join(root, FOLDER, "unfinished-"));
  try {
    for (const [file, source] of sources) {
      const bytes = readFileSync(path.join(root, source));
      if (sha256(bytes) !== files[file]) {
        throw new pulumi.RunError(`${source} changed while it was read; run this again`);
      }
      write(unfinished, file, bytes);
    }
    // Another process that laid out the same bytes meanwhile is as good.
    if (!whole()) {
      rmSync(path.join(root, place), { recursive: true, force: true });
      renameSync(unfinished, path.join(root, place));
    }
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return place;
}

/** Whatever the umask of the process: the container's user must read what it is served from. */
function write(top: string, file: string, bytes: Buffer): void {
  const folders = path.posix.dirname(file).split("/");
  folders.forEach((_, index) => {
    const folder = path.join(top, ...folders.slice(0, index + 1));
    mkdirSync(folder, { recursive: true });
    chmodSync(folder, 0o755);
  });
  writeFileSync(path.join(top, file), bytes);
  chmodSync(path.join(top, file), 0o644);
}

/** Whether a folder holds these files and no others: somebody may have changed what was laid out before. */
function holds(top: string, files: FolderContent["files"]): boolean {
  if (!existsSync(top)) return false;
  const found = readdirSync(top, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map(({ parentPath, name }) => path.relative(top, path.join(parentPath, name)));
  return (
    found.length === Object.keys(files).length &&
    found.every(
      (file) =>
        sha256(readFileSync(path.join(top, file))) === files[file.split(path.sep).join("/")],
    )
  );
}
