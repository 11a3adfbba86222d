import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { CommandError, EXIT } from "./exit";

export interface RunFlags {
  env: string;
  local?: boolean;
  chunk: number;
  parallel: number;
  lines: number;
  lineTimeout: number;
  retryFailed?: boolean;
  only?: string[];
  cwd: string;
}

const help = `
Every variant of every node with variants is run once over every dataset, one node varied at a time, at every
point of the grid under parameters. Datasets are run in chunks; a chunk that is done is never run again while
the flow, the data and the settings stay the same, so after an interruption the same command goes on.

Connections come from .env or the environment: aoai={"api_key": …, "api_base": …} or AOAI_API_KEY and
AOAI_API_BASE. They reach prompt flow in memory and are written nowhere.

Results: .genaiops/results/<flow>/<env>/runs.json and one CSV file per run beside it.

Examples:
  $ genaiops run web-classification --env dev
  $ genaiops run web-classification --env dev --only default classify_page.variant_1
  $ genaiops run web-classification --env pr --chunk 20 --parallel 4`;

export function runCommand(): Command {
  return new Command("run")
    .description("run every variant of a flow over every dataset, on the real prompt flow")
    .argument("<flow>", "folder under flows/")
    .requiredOption("-e, --env <name>", "environment, whose overlay of the experiment applies")
    .option("--local", "run on this machine, the default")
    .option("--chunk <lines>", "lines in one run of prompt flow", positive, 100)
    .option("--parallel <runs>", "runs of prompt flow at a time", positive, defaultParallel())
    .option("--lines <lines>", "lines at a time in each of them", positive, 4)
    .option(
      "--line-timeout <seconds>",
      "seconds that may pass without a finished line",
      positive,
      600,
    )
    .option("--retry-failed", "run chunks with failed lines again")
    .option("--only <configuration...>", "run these alone, as the results name them")
    .option("--cwd <folder>", "repository that holds flows/", ".")
    .addHelpText("after", help)
    .action(async (flow: string, flags: RunFlags) => {
      process.exitCode = await run(flow, flags);
    });
}

export function positive(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) {
    throw new InvalidArgumentError("It is a whole number from 1.");
  }
  return value;
}

/** A run waits for the model most of the time, but prompt flow itself needs a processor. */
export function defaultParallel(): number {
  return Math.min(4, availableParallelism());
}

async function run(flow: string, flags: RunFlags): Promise<number> {
  // `require`, because tsx's CommonJS hook does not see `import()`.
  const { runExperiment } =
    require("./experiment/execute") as typeof import("./experiment/execute");
  const entries = await interruptible((signal) =>
    runExperiment({
      root: resolve(flags.cwd),
      flow,
      env: flags.env,
      chunkSize: flags.chunk,
      parallel: flags.parallel,
      concurrency: flags.lines,
      lineSeconds: flags.lineTimeout,
      retryFailed: flags.retryFailed ?? false,
      only: flags.only,
      signal,
      say: (text) => void process.stderr.write(`${text}\n`),
    }),
  );
  for (const { name, lines, failed } of entries) {
    process.stdout.write(
      `${name}: ${lines - failed} of ${lines} lines${failed > 0 ? `, ${failed} failed` : ""}\n`,
    );
  }
  const lost = entries.filter(({ lines, failed }) => failed === lines);
  if (lost.length > 0) {
    throw new CommandError(
      `Every line failed in ${lost.map(({ name }) => name).join(", ")}; the CSV files say why.`,
      EXIT.failed,
    );
  }
  return EXIT.ok;
}

/** Ctrl-C ends the Python processes and keeps every finished chunk. */
export async function interruptible<Result>(
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController();
  const stop = () => controller.abort();
  process.once("SIGINT", stop).once("SIGTERM", stop);
  try {
    return await work(controller.signal);
  } catch (error) {
    if (!controller.signal.aborted) throw error;
    throw new CommandError(
      "Stopped. The same command goes on from the last finished chunk.",
      EXIT.failed,
    );
  } finally {
    process.off("SIGINT", stop).off("SIGTERM", stop);
  }
}
