import { resolve } from "node:path";
import { Command, Option } from "commander";
import { flowName, overlayEnvironment, positive, promptFlow } from "./arguments";
import { CommandError, EXIT } from "./exit";
import { interruptible } from "./interrupt";

interface RunFlags {
  env: string;
  local?: boolean;
  cloud?: boolean;
  cancel?: boolean;
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

--cloud runs the same work as jobs of the environment's workspace, one for each run, on the stack's compute and
as its identity; connections are those of the workspace. Repeated, the command finds its jobs: it waits for those
that run, brings what they have finished, and starts again what is missing. Ctrl-C leaves the jobs running;
--cancel stops them. Then evaluate and report here, as after a local run.

Results: .genaiops/results/<flow>/<env>/runs.json and one CSV file per run beside it.

Examples:
  $ genaiops run web-classification --env dev
  $ genaiops run web-classification --env dev --only default classify_page.variant_1
  $ genaiops run web-classification --env dev --cloud
  $ genaiops run web-classification --env dev --cloud --cancel
  $ genaiops run web-classification --env pr --chunk 20 --parallel 4`;

export function runCommand(): Command {
  return new Command("run")
    .description("run every variant of a flow over every dataset, on the real prompt flow")
    .argument("<flow>", "folder under flows/", flowName)
    .addOption(overlayEnvironment())
    .addOption(new Option("--local", "run on this machine, the default").conflicts("cloud"))
    .option("--cloud", "run as jobs of the environment's workspace")
    .option("--cancel", "with --cloud: stop this experiment's jobs; what they have finished stays")
    .option("--chunk <lines>", "lines in one run of prompt flow", positive, 100)
    .addOption(promptFlow.parallel())
    .addOption(promptFlow.lines())
    .addOption(promptFlow.lineTimeout())
    .option("--retry-failed", "run chunks with failed lines again")
    .option("--only <configuration...>", "run these alone, as the results name them")
    .option("--cwd <folder>", "repository that holds flows/", ".")
    .addHelpText("after", help)
    .action(async (flow: string, flags: RunFlags) => {
      process.exitCode = await run(flow, flags);
    });
}

/** What Ctrl-C leaves, and how to go on: it ends the Python processes and keeps every finished chunk. */
export const STOPPED = {
  local: "Stopped. The same command goes on from the last finished chunk.",
  cloud:
    "Stopped waiting; the jobs go on in the cloud. The same command waits for them again, with --cancel it stops them.",
} as const;

async function run(flow: string, flags: RunFlags): Promise<number> {
  if (flags.cancel && !flags.cloud) throw new CommandError("--cancel is about jobs: add --cloud");
  // `require`, because tsx's CommonJS hook does not see `import()`.
  const { runExperiment } =
    require("./experiment/execute") as typeof import("./experiment/execute");
  const cloud = () => require("./cloud/run") as typeof import("./cloud/run");
  const optionsWith = (signal: AbortSignal) => ({
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
    say: (text: string) => void process.stderr.write(`${text}\n`),
  });
  if (flags.cancel) {
    const cancelled = await interruptible(
      (signal) => cloud().cancelInCloud(optionsWith(signal)),
      STOPPED.local,
    );
    process.stdout.write(`${cancelled.length} jobs cancelled\n`);
    return EXIT.ok;
  }
  const entries = await interruptible(
    (signal) =>
      flags.cloud ? cloud().runInCloud(optionsWith(signal)) : runExperiment(optionsWith(signal)),
    flags.cloud ? STOPPED.cloud : STOPPED.local,
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
