import { createReadStream, existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import type { Chunk } from "./dataset";
import { readWritten, writeWhole } from "./files";
import { WorkerError } from "./worker";

/** What prompt flow says of one line. */
export interface LineRecord {
  /** Index in the dataset, from 0. */
  readonly line: number;
  readonly status: "completed" | "failed";
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly error: string | null;
  /** From the start of the line to its end, waiting for rate limits included. */
  readonly seconds: number;
  readonly promptTokens: number;
  readonly completionTokens: number;
}

/** What is known of a finished chunk without reading its lines. */
export interface ChunkSummary {
  readonly lines: number;
  readonly failed: number;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

export type ChunkState = "done" | "broken off" | "to do";

/** Chunks of one run on disk: `<chunk>/` is whole, `<chunk>.partial/` was under way when something stopped. */
export class ChunkStore {
  constructor(readonly folder: string) {}

  state(chunk: Pick<Chunk, "name">): ChunkState {
    if (existsSync(this.#done(chunk))) return "done";
    return existsSync(this.#partial(chunk)) ? "broken off" : "to do";
  }

  summary(chunk: Pick<Chunk, "name">): ChunkSummary {
    return readWritten(
      path.join(this.#done(chunk), "summary.json"),
      "remove its folder and start the same command again",
    );
  }

  /** Forget a chunk, so that it is run again. */
  forget(chunk: Pick<Chunk, "name">): void {
    rmSync(this.#done(chunk), { recursive: true, force: true });
  }

  /** An empty folder for what prompt flow writes. */
  begin(chunk: Pick<Chunk, "name">): string {
    const folder = this.#partial(chunk);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    return folder;
  }

  /** Take what prompt flow has written for whole, if it is. */
  async finish(chunk: Chunk): Promise<ChunkSummary> {
    const folder = this.#partial(chunk);
    const summary = await summarise(path.join(folder, "lines.jsonl"));
    if (summary.lines !== chunk.lines) {
      throw new WorkerError(
        "flow",
        `prompt flow answered for ${summary.lines} of ${chunk.lines} lines`,
      );
    }
    writeWhole(path.join(folder, "summary.json"), JSON.stringify(summary));
    renameSync(folder, this.#done(chunk));
    return summary;
  }

  /** The lines of a finished chunk, numbered as in the dataset. */
  async *lines(chunk: Pick<Chunk, "name" | "from">): AsyncGenerator<LineRecord> {
    for await (const record of readLines(path.join(this.#done(chunk), "lines.jsonl"))) {
      yield { ...record, line: record.line + chunk.from };
    }
  }

  /** Where a finished chunk lies. */
  path(chunk: Pick<Chunk, "name">): string {
    return this.#done(chunk);
  }

  #done({ name }: Pick<Chunk, "name">): string {
    return path.join(this.folder, name);
  }

  #partial({ name }: Pick<Chunk, "name">): string {
    return path.join(this.folder, `${name}.partial`);
  }
}

async function* readLines(file: string): AsyncGenerator<LineRecord> {
  const reader = createInterface({ input: createReadStream(file, "utf8"), crlfDelay: Infinity });
  for await (const line of reader) yield JSON.parse(line) as LineRecord;
}

async function summarise(file: string): Promise<ChunkSummary> {
  const inputs = new Set<string>();
  const outputs = new Set<string>();
  let lines = 0;
  let failed = 0;
  for await (const record of readLines(file)) {
    lines += 1;
    if (record.status === "failed") failed += 1;
    Object.keys(record.inputs).forEach((name) => inputs.add(name));
    Object.keys(record.outputs).forEach((name) => outputs.add(name));
  }
  return { lines, failed, inputs: [...inputs], outputs: [...outputs] };
}
