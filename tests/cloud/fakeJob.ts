import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { sha256 } from "../../config/hash";
import type { RunCommand } from "../../packages/sandbox/server";

interface Plan {
  readonly attempt: number;
  readonly chunks: readonly { readonly chunk: string; readonly request: object }[];
  readonly connections: readonly object[];
}

/**
 * In place of packages/cli/python/job.py and prompt flow: answers every line of the chunks with its own number.
 * Its face is that of the command: plan, flow, data and results.
 */
export class FakeJob {
  readonly plans: Plan[] = [];
  /** Chunks after which a job fails, and how it says so; absent: all are done. */
  failing?: { readonly after: number; readonly kind?: string };
  /** Lines whose answer fails. */
  failedLines = 0;
  /** A job waits for it before it begins. */
  hold: Promise<void> = Promise.resolve();
  /** Writes other bytes than it says. */
  lying = false;

  readonly run: RunCommand = async ({ command, signal }) => {
    const place = (name: string) => new RegExp(`--${name} (\\S+)`).exec(command)![1]!;
    const plan = JSON.parse(readFileSync(place("plan"), "utf8")) as Plan;
    this.plans.push(plan);
    const stopped = new Promise<"stopped">((stop) => {
      signal.addEventListener("abort", () => stop("stopped"));
    });
    if ((await Promise.race([this.hold, stopped])) === "stopped") return undefined;
    for (const [index, { chunk }] of plan.chunks.entries()) {
      if (index === this.failing?.after) return this.fail(place("results"), plan.attempt);
      this.answer(path.join(place("data"), `${chunk}.jsonl`), path.join(place("results"), chunk));
    }
    return 0;
  };

  private answer(data: string, results: string): void {
    const lines = readFileSync(data, "utf8").trimEnd().split("\n");
    const records = lines.map((_, line) => ({
      line,
      status: line < this.failedLines ? "failed" : "completed",
      inputs: {},
      outputs: { number: line },
      error: null,
      seconds: 1,
      promptTokens: 2,
      completionTokens: 3,
    }));
    const text = records.map((record) => `${JSON.stringify(record)}\n`).join("");
    mkdirSync(results, { recursive: true });
    writeFileSync(path.join(results, "lines.jsonl"), this.lying ? `${text} ` : text);
    const done = {
      lines: lines.length,
      failed: Math.min(this.failedLines, lines.length),
      files: { "lines.jsonl": sha256(text) },
    };
    writeFileSync(path.join(results, "done.json"), JSON.stringify(done));
  }

  private fail(results: string, attempt: number): number {
    if (this.failing?.kind !== undefined) {
      mkdirSync(results, { recursive: true });
      const reason = { attempt, kind: this.failing.kind, message: "no such deployment" };
      writeFileSync(path.join(results, "failure.json"), JSON.stringify(reason));
    }
    return 1;
  }
}
