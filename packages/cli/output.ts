import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { CommandError } from "./exit";

/** Whether the standard output shows colours. */
export const hasColors = (): boolean => process.stdout.isTTY === true && !process.env["NO_COLOR"];

/**
 * Write a text to the standard output, or whole to a file. The file appears under its name only when it is
 * complete; Ctrl-C is handled between turns of the event loop and so never between the two calls below.
 */
export async function printOrWrite(text: string, file: string | undefined): Promise<void> {
  if (file === undefined) {
    await new Promise<void>((done) => process.stdout.write(text, () => done()));
    return;
  }
  const target = resolve(file);
  const temporary = `${target}.${process.pid}.tmp`;
  try {
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(temporary, text);
    renameSync(temporary, target);
  } catch (error) {
    removeQuietly(temporary);
    const { message } = error as Error;
    throw new CommandError(`--out ${file} cannot be written: ${message}; name another file`);
  }
}

/** Where nothing could be made, nothing is there to remove. */
function removeQuietly(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOTDIR") throw error;
  }
}
