import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { sha256 } from "../../../config/hash";
import { readBlob } from "../../provider/blobFiles";
import type { ResourceManager } from "../../provider/resourceManager";
import { CommandError, EXIT } from "../exit";
import { ChunkStore } from "../experiment/chunks";
import type { Task } from "../experiment/place";
import { WorkerError } from "../experiment/worker";
import type { OpenWorkspace } from "../openWorkspace";

/** What a job says of a chunk that is whole. */
interface Done {
  readonly lines: number;
  readonly failed: number;
  /** SHA-256 of each file, hex. */
  readonly files: Readonly<Record<string, string>>;
}

/** What jobs have left in the workspace's datastore: a folder for each run, by its key. */
export class CloudResults {
  constructor(
    private readonly azure: ResourceManager,
    private readonly workspace: OpenWorkspace,
    private readonly flow: string,
  ) {}

  /** Path of a run's results in the datastore. */
  path(key: string): string {
    return `experiments/results/${this.flow}/${key}`;
  }

  /**
   * Bring a chunk here where it is whole. False where it is not, or where `unlessFailed` and a line of it failed.
   * Throws `CommandError` for bytes that are not those that the job wrote.
   */
  async fetch({ run, chunk }: Task, { unlessFailed = false } = {}): Promise<boolean> {
    const folder = `${this.path(run.key)}/${chunk.name}`;
    const text = await this.read(`${folder}/done.json`);
    if (text === undefined) return false;
    const done = JSON.parse(text.toString("utf8")) as Done;
    if (done.lines !== chunk.lines || (unlessFailed && done.failed > 0)) return false;
    const store = new ChunkStore(run.folder);
    const out = store.begin(chunk);
    for (const [name, hash] of Object.entries(done.files)) {
      const bytes = await this.read(`${folder}/${name}`);
      if (bytes === undefined || sha256(bytes) !== hash || path.basename(name) !== name) {
        throw new CommandError(
          `${folder}/${name} is not what the job wrote; remove ${folder}/done.json and run this again`,
          EXIT.failed,
        );
      }
      mkdirSync(out, { recursive: true });
      writeFileSync(path.join(out, name), bytes);
    }
    await store.finish(chunk);
    return true;
  }

  /** Why an attempt stopped, where it could still say so. */
  async failure(key: string, attempt: number): Promise<WorkerError | undefined> {
    const text = await this.read(`${this.path(key)}/failure.json`);
    if (text === undefined) return undefined;
    const said = JSON.parse(text.toString("utf8")) as {
      attempt: number;
      kind: WorkerError["kind"];
      message: string;
    };
    return said.attempt === attempt ? new WorkerError(said.kind, said.message) : undefined;
  }

  private read(file: string): Promise<Buffer | undefined> {
    const { account, container } = this.workspace;
    return readBlob(this.azure.cloud, { account, container, path: file });
  }
}
