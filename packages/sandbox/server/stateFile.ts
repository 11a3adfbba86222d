import * as fs from "node:fs";
import * as path from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { DevOpsState } from "../devops/state";
import { type AzureState, emptyState } from "../state";
import { type BlobState, emptyBlobs } from "./blobStore";

/** Everything the sandbox remembers, beside the bytes of the blobs. */
export interface SandboxState {
  readonly azure: AzureState;
  readonly blobs: BlobState;
  /** Absent in states from before the sandbox had an Azure DevOps. */
  devops?: DevOpsState;
}

/** Write a file so that a reader finds the old or the new one, whole, also after a kill. */
export function writeAtomically(file: string, content: string | Buffer): void {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const unfinished = `${file}.${process.pid}.part`;
  const handle = fs.openSync(unfinished, "w", 0o600);
  try {
    fs.writeFileSync(handle, content);
    fs.fsyncSync(handle);
  } finally {
    fs.closeSync(handle);
  }
  fs.renameSync(unfinished, file);
}

/** The file that a sandbox lives in. */
export class StateFile {
  readonly state: SandboxState;
  private written: string;
  private saving?: Promise<void>;

  constructor(private readonly file: string) {
    this.written = fs.existsSync(file) ? fs.readFileSync(file, "utf8") : "";
    this.state =
      this.written === ""
        ? { azure: emptyState(), blobs: emptyBlobs() }
        : parse(file, this.written);
  }

  /** Ends when all that changed so far is written. What changes in one turn of the event loop is written once. */
  saved(): Promise<void> {
    this.saving ??= nextTurn().then(() => {
      this.saving = undefined;
      this.save();
    });
    return this.saving;
  }

  /** Write what changed since the last save, if anything. */
  save(): void {
    const text = JSON.stringify(this.state);
    if (text === this.written) return;
    writeAtomically(this.file, text);
    this.written = text;
  }
}

function parse(file: string, text: string): SandboxState {
  try {
    return JSON.parse(text) as SandboxState;
  } catch (error) {
    throw new Error(
      `${file} is no state of a sandbox: ${(error as Error).message}; remove it to start empty`,
    );
  }
}
