import { createHash } from "node:crypto";
import {
  closeSync,
  createReadStream,
  existsSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import path from "node:path";
import { ProblemsError } from "../../../config/problem";
import type { Fault, Problem } from "../../../config/problem";

/** A dataset in pieces on disk, each of which is one run of prompt flow. */
export interface SplitDataset {
  /** SHA-256 of the lines without line ends and byte order mark, hex. */
  readonly hash: string;
  readonly lines: number;
  readonly chunks: readonly Chunk[];
}

export interface Chunk {
  /** `chunk-0001` */
  readonly name: string;
  /** JSON Lines, absolute. */
  readonly file: string;
  /** Index in the dataset of its first line, from 0. */
  readonly from: number;
  readonly lines: number;
}

/** A longer line is rather a file that is no JSON Lines. */
const LONGEST_LINE = 32 * 1024 * 1024;
/** After so many problems the rest of a file tells nothing new. */
const ENOUGH_PROBLEMS = 20;

/**
 * Check every line of a JSON Lines file and write it in pieces of `size` lines below `folder`. The file is
 * read once and never held in memory. Throws `ProblemsError` with the place of each wrong line.
 */
export async function splitDataset({
  root,
  file,
  columns,
  size,
  folder,
}: {
  root: string;
  /** Relative to `root`. */
  file: string;
  /** Columns that every line must have. */
  columns: readonly string[];
  size: number;
  folder: string;
}): Promise<SplitDataset> {
  const temporary = path.join(folder, `.${process.pid}.tmp`);
  rmSync(temporary, { recursive: true, force: true });
  const writer = new ChunkWriter(temporary, size);
  const problems: Problem[] = [];
  const hash = createHash("sha256");
  try {
    let number = 0;
    for await (const bytes of linesOf(path.join(root, file))) {
      number += 1;
      const line = readLine(bytes, columns);
      if (typeof line !== "string") {
        problems.push({ file, line: number, column: 1, path: "", ...line });
        if (problems.length >= ENOUGH_PROBLEMS) break;
      } else if (problems.length === 0) {
        hash.update(line).update("\n");
        writer.write(line);
      }
    }
    writer.close();
    if (number === 0) {
      problems.push({ file, line: 1, column: 1, path: "", ...EMPTY });
    }
    if (problems.length > 0) throw new ProblemsError(problems);
    const digest = hash.digest("hex");
    const home = path.join(folder, `${digest.slice(0, 16)}-${size}`);
    if (!existsSync(home)) renameSync(temporary, home);
    return {
      hash: digest,
      lines: writer.total,
      chunks: writer.counts.map((lines, index) => ({
        name: chunkName(index),
        file: path.join(home, `${chunkName(index)}.jsonl`),
        from: index * size,
        lines,
      })),
    };
  } finally {
    writer.close();
    rmSync(temporary, { recursive: true, force: true });
  }
}

const EMPTY: Fault = {
  found: "the dataset is empty",
  allowed: "JSON Lines: one JSON object in each line, at least one",
  mend: "add data or remove the dataset",
};

function chunkName(index: number): string {
  return `chunk-${String(index + 1).padStart(4, "0")}`;
}

class ChunkWriter {
  readonly counts: number[] = [];
  total = 0;
  #handle: number | undefined;

  constructor(
    private readonly folder: string,
    private readonly size: number,
  ) {
    mkdirSync(folder, { recursive: true });
  }

  write(line: string): void {
    if (this.total % this.size === 0) {
      this.close();
      this.#handle = openSync(
        path.join(this.folder, `${chunkName(this.counts.length)}.jsonl`),
        "w",
      );
      this.counts.push(0);
    }
    writeSync(this.#handle as number, `${line}\n`);
    this.counts[this.counts.length - 1]! += 1;
    this.total += 1;
  }

  close(): void {
    if (this.#handle !== undefined) closeSync(this.#handle);
    this.#handle = undefined;
  }
}

/** The lines of a file without line ends; one empty line at the end is no line. */
export async function* linesOf(file: string): AsyncGenerator<Buffer> {
  let pending: Buffer[] = [];
  let length = 0;
  for await (const data of createReadStream(file, { highWaterMark: 1 << 20 })) {
    let rest = data as Buffer;
    for (let end = rest.indexOf(10); end !== -1; end = rest.indexOf(10)) {
      yield Buffer.concat([...pending, rest.subarray(0, end)]);
      pending = [];
      length = 0;
      rest = rest.subarray(end + 1);
    }
    pending.push(rest);
    length += rest.length;
    if (length > LONGEST_LINE) {
      yield Buffer.concat(pending);
      return;
    }
  }
  if (length > 0) yield Buffer.concat(pending);
}

/** The text of a line, or what is wrong with it. */
export function readLine(bytes: Buffer, columns: readonly string[]): string | Fault {
  if (bytes.length > LONGEST_LINE) {
    return {
      found: `a line of more than ${LONGEST_LINE / 1024 / 1024} MB`,
      allowed: "JSON Lines: one JSON object in each line",
      mend: "convert the file to JSON Lines",
    };
  }
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes).replace(/\r$/, "");
  } catch {
    return {
      found: "the line is not UTF-8 text",
      allowed: "datasets are UTF-8",
      mend: "save the file with the encoding UTF-8",
    };
  }
  if (text.trim() === "") {
    return {
      found: "the line is empty",
      allowed: "JSON Lines: one JSON object in each line",
      mend: "remove the line",
    };
  }
  let row: unknown;
  try {
    row = JSON.parse(text);
  } catch (error) {
    return {
      found: `the line is no JSON: ${(error as Error).message}`,
      allowed: "JSON Lines: one JSON object in each line",
      mend: "correct the line",
    };
  }
  if (typeof row !== "object" || row === null || Array.isArray(row)) {
    return {
      found: "the line is not a JSON object",
      allowed: 'an object such as {"question": "…"}',
      mend: "correct the line",
    };
  }
  const missing = columns.filter((column) => !Object.hasOwn(row, column));
  return missing.length === 0
    ? text
    : {
        found: `the line has no ${missing.map((column) => JSON.stringify(column)).join(", ")}`,
        allowed: "every column that the experiment's mappings read, in every line",
        mend: "add it or correct the mapping",
      };
}
