import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import path from "node:path";
import { CommandError } from "../exit";

/** Write a file that appears under its name only when it is whole and on disk. */
export function writeWhole(file: string, parts: string | Iterable<string>): void {
  mkdirSync(path.dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}.tmp`;
  const handle = openSync(temporary, "w");
  try {
    for (const part of typeof parts === "string" ? [parts] : parts) writeSync(handle, part);
    fsyncSync(handle);
    closeSync(handle);
  } catch (error) {
    closeSync(handle);
    rmSync(temporary, { force: true });
    throw error;
  }
  renameSync(temporary, file);
}

/**
 * Read a JSON file that the command wrote. Throws `CommandError` where somebody broke it since.
 *
 * @param mend what to do, as a command to its reader
 */
export function readWritten<Content>(
  file: string,
  mend: string,
  looksRight: (content: Content) => boolean = () => true,
): Content {
  const text = readFileSync(file, "utf8");
  try {
    const content = JSON.parse(text) as Content;
    if (typeof content === "object" && content !== null && looksRight(content)) return content;
  } catch {
    // Said below, as for any other content.
  }
  throw new CommandError(`${file}:1:1  the file is damaged; what genaiops wrote there; ${mend}`);
}

/** The same bytes for the same data, whatever the order of its keys. */
export function stableJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
