import { spawnSync } from "node:child_process";
import path from "node:path";

export const root = path.resolve(__dirname, "..");

/** What one process cost, from its start to its end. */
export interface Cost {
  /** Wall clock. */
  readonly seconds: number;
  /** Processor time of all threads: steadier than the clock on a machine that others use too. */
  readonly cpu: number;
  /** Peak resident memory. */
  readonly megabytes: number;
  /** What the script reported, for example the number of resources. */
  readonly report: Record<string, number>;
}

/** The process did not get to its end. */
export interface Failure {
  readonly failure: "out of memory" | "out of time" | "failed";
  readonly seconds: number;
}

const marker = "bench-cost:";

/** Call at the end of a script that `measure` runs. */
export function report(values: Record<string, number> = {}): void {
  const { user, system } = process.cpuUsage();
  const cost: Cost = {
    seconds: process.uptime(),
    cpu: (user + system) / 1e6,
    megabytes: process.resourceUsage().maxRSS / 1024,
    report: values,
  };
  process.stdout.write(`${marker}${JSON.stringify(cost)}\n`);
}

/** Run a script in a process of its own, so that no measure pays for another. */
export function measure(args: readonly string[], limitSeconds = 600): Cost | Failure {
  const started = Date.now();
  const run = spawnSync(process.execPath, args, {
    cwd: root,
    encoding: "utf8",
    timeout: limitSeconds * 1000,
    maxBuffer: 1 << 26,
  });
  const line = run.stdout.split("\n").find((text) => text.startsWith(marker));
  if (run.status === 0 && line) return JSON.parse(line.slice(marker.length)) as Cost;
  const seconds = (Date.now() - started) / 1000;
  if (/heap out of memory/.test(run.stderr)) return { failure: "out of memory", seconds };
  if ((run.error as NodeJS.ErrnoException | undefined)?.code === "ETIMEDOUT") {
    return { failure: "out of time", seconds };
  }
  process.stderr.write(run.stderr);
  return { failure: "failed", seconds };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] as number;
}
