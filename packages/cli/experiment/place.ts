import type { ConnectionValues } from "./connections";
import type { Chunk } from "./dataset";
import type { KeyedRun, Prepared } from "./prepare";

/** Where an experiment's chunks are run, and what it is told. */

export interface RunOptions {
  readonly root: string;
  readonly flow: string;
  readonly env: string;
  /** Lines in one run of prompt flow. */
  readonly chunkSize: number;
  /** Runs of prompt flow at a time. */
  readonly parallel: number;
  /** Lines at a time in each of them. */
  readonly concurrency: number;
  readonly lineSeconds: number;
  readonly retryFailed: boolean;
  /** Configurations to run alone, as the plan names them: `default`, `<node>.<variant>`; absent: all. */
  readonly only?: readonly string[];
  readonly signal: AbortSignal;
  readonly say: (text: string) => void;
}

/** A chunk that has no result yet. */
export interface Task {
  readonly run: KeyedRun;
  readonly chunk: Chunk;
}

/** Where chunks are run: on this machine or in the cloud. */
export interface Place {
  /** Where the answers come from, without keys: part of what decides whether a chunk is run again. */
  readonly addresses: ConnectionValues["addresses"];
  /** Run chunks until each is finished in the store of its run. */
  runChunks(tasks: readonly Task[]): Promise<void>;
}

/** How a place is made, once the experiment is known to be right. */
export type OpenPlace = (options: RunOptions, prepared: Prepared) => Promise<Place>;
