import * as fs from "node:fs";
import * as path from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { UserError } from "../../provider/userError";
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
  let state: Partial<SandboxState> | null;
  try {
    state = JSON.parse(text) as Partial<SandboxState> | null;
  } catch (error) {
    throw foreign(file, (error as Error).message);
  }
  const wanted = { azure: emptyState(), blobs: emptyBlobs() };
  const missing = [
    ...keysMissing("azure", state?.azure, wanted.azure),
    ...keysMissing("blobs", state?.blobs, wanted.blobs),
  ];
  if (missing.length > 0) throw foreign(file, `it has no ${missing.join(", ")}`);
  return state as SandboxState;
}

/** The parts that every state has had from the start and this one has not, or not of the same kind. */
function keysMissing(under: string, found: object | undefined, empty: object): string[] {
  const values = (found ?? {}) as Record<string, unknown>;
  return Object.entries(empty)
    .filter(([key, value]) => kindOf(values[key]) !== kindOf(value))
    .map(([key]) => `${under}.${key}`);
}

const kindOf = (value: unknown) =>
  Array.isArray(value) ? "list" : value === null ? "null" : typeof value;

const foreign = (file: string, reason: string) =>
  new UserError(`${file} is no state of a sandbox: ${reason}; remove it to start empty`);
