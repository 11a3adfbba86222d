import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { CommandError, EXIT } from "../exit";
import { writeWhole } from "../experiment/files";

/**
 * What a roll-out must remember beside the YAML and the endpoint, which say where the weights stand: how it
 * began, and which looks at the numbers it has used up. Times are milliseconds since 1970.
 */
export interface Journal {
  readonly version: 1;
  readonly flow: string;
  readonly environment: string;
  /** The arm that is rolled out. */
  readonly to: string;
  /** The arm it is compared with. */
  readonly base: string;
  /** Weights before the first step. */
  readonly before: Readonly<Record<string, number>>;
  /** Steps of this roll-out in percent. */
  readonly steps: readonly number[];
  readonly bakeMinutes: number;
  readonly metrics: readonly string[];
  /** Index of the step under way. */
  readonly step: number;
  /** Since when the endpoint has carried the step's weights; absent until it does. */
  readonly liveSince?: number;
  /** Looks of the step that said hold; the next one covers a window that follows from its number. */
  readonly looks: number;
  /** In every step so far the arms were equal within the margins. */
  readonly equal: boolean;
  /** Set before a roll-back begins, so that an interrupted one is finished and never forgotten. */
  readonly rollBack?: { readonly reason: string };
  readonly ended?: "complete" | "held" | "rolled back";
}

export function journalFile(root: string, flow: string, environment: string): string {
  return path.join(root, ".genaiops", "rollouts", flow, `${environment}.json`);
}

/** The journal of the last roll-out, or undefined where there was none. */
export function readJournal(file: string): Journal | undefined {
  if (!existsSync(file)) return undefined;
  try {
    const journal = JSON.parse(readFileSync(file, "utf8")) as Journal;
    if (journal.version === 1 && Array.isArray(journal.steps)) return journal;
  } catch {
    // Said below, as for any other content.
  }
  throw new CommandError(
    `${file}:1:1  this is no journal of a roll-out; a file that genaiops rollout wrote; remove it to begin anew at the weights that stand in the YAML`,
    EXIT.problems,
  );
}

export function writeJournal(file: string, journal: Journal): void {
  writeWhole(file, `${JSON.stringify(journal, null, 2)}\n`);
}
