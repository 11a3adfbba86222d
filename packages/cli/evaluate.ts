import { resolve } from "node:path";
import { Command } from "commander";
import { flowName, overlayEnvironment, positive, promptFlow } from "./arguments";
import { EXIT } from "./exit";
import { interruptible } from "./interrupt";
import { STOPPED } from "./run";

interface EvaluateFlags {
  env: string;
  parallel: number;
  lines: number;
  lineTimeout: number;
  resamples: number;
  cwd: string;
}

const help = `
Each evaluator is run, in the same chunks, over every run of the datasets that it refers to; its aggregation then
sees all lines at once. It also sees resamples of the dataset, the same for every run, which the report makes
its intervals from; that is left out where the aggregation itself asks a model.

Results: .genaiops/results/<flow>/<env>/evaluations.json and a CSV file per run and evaluator beside it.

Examples:
  $ genaiops evaluate web-classification --env dev`;

export function evaluateCommand(): Command {
  return new Command("evaluate")
    .description("run the evaluators of a flow over its runs")
    .argument("<flow>", "folder under flows/", flowName)
    .addOption(overlayEnvironment())
    .addOption(promptFlow.parallel())
    .addOption(promptFlow.lines())
    .addOption(promptFlow.lineTimeout())
    .option("--resamples <number>", "resamples of each dataset", positive, 500)
    .option("--cwd <folder>", "repository that holds flows/", ".")
    .addHelpText("after", help)
    .action(async (flow: string, flags: EvaluateFlags) => {
      process.exitCode = await evaluate(flow, flags);
    });
}

async function evaluate(flow: string, flags: EvaluateFlags): Promise<number> {
  // `require`, because tsx's CommonJS hook does not see `import()`.
  const { evaluateExperiment } =
    require("./experiment/evaluate") as typeof import("./experiment/evaluate");
  const entries = await interruptible(
    (signal) =>
      evaluateExperiment({
        root: resolve(flags.cwd),
        flow,
        env: flags.env,
        parallel: flags.parallel,
        concurrency: flags.lines,
        lineSeconds: flags.lineTimeout,
        resamples: flags.resamples,
        signal,
        say: (text) => void process.stderr.write(`${text}\n`),
      }),
    STOPPED.local,
  );
  for (const { run, evaluator, metrics, failed } of entries) {
    const values = Object.entries(metrics).map(([name, value]) => `${name} ${value}`);
    const lost = failed > 0 ? `, ${failed} lines failed` : "";
    process.stdout.write(`${run}: ${evaluator}: ${values.join(", ")}${lost}\n`);
  }
  return EXIT.ok;
}
