import { join, resolve } from "node:path";
import { Command } from "commander";
import { environmentName, flowName } from "./arguments";
import { CommandError, EXIT } from "./exit";

interface ReportFlags {
  env: string;
  /** True: the gate of the experiment's files. */
  failUnder?: string[] | true;
  out?: string;
  cwd: string;
}

const help = `
Writes report.html (one file, no script, nothing loaded), metrics.csv and lines.csv.

--fail-under judges the flow with every default, which is what gets deployed, on each dataset that the metric was
measured on, and exits ${EXIT.failed} when a value is lower. It may be given several times; without a value it is the
\`gate\` of the experiment's files. What it found is kept beside the results for \`genaiops register --approve\`.

Examples:
  $ genaiops report web-classification --env dev
  $ genaiops report web-classification --env dev --fail-under accuracy=0.8 --out report`;

export function reportCommand(): Command {
  return new Command("report")
    .description("compare the runs of a flow: CSV and one HTML page")
    .argument("<flow>", "folder under flows/", flowName)
    .requiredOption("-e, --env <name>", "environment whose runs are reported", environmentName)
    .option(
      "--fail-under [metric=value]",
      "fail when the default flow's metric is lower; by default than the experiment's gate",
      (value: string, before: string[] = []) => [...before, value],
    )
    .option("-o, --out <folder>", "where to write; by default beside the results")
    .option("--cwd <folder>", "repository that holds flows/", ".")
    .addHelpText("after", help)
    .action((flow: string, flags: ReportFlags) => {
      process.exitCode = report(flow, flags);
    });
}

function report(flow: string, flags: ReportFlags): number {
  // `require`, because tsx's CommonJS hook does not see `import()`.
  const { makeReport } = require("./report/make") as typeof import("./report/make");
  const { parseGate } = require("./report/gate") as typeof import("./report/gate");
  const { writeGate } = require("./register/gate") as typeof import("./register/gate");
  const { resultsFolder } =
    require("./experiment/results") as typeof import("./experiment/results");
  const root = resolve(flags.cwd);
  const out = resolve(flags.out ?? join(resultsFolder(root, flow, flags.env), "report"));
  const gates = gatesOf(root, flow, flags).map(parseGate);
  const judged = makeReport({ root, flow, env: flags.env, out, gates });
  writeGate({ root, flow, env: flags.env }, judged);
  process.stdout.write(`${join(out, "report.html")}\n`);
  for (const { dataset, evaluator, gate, value, passed } of judged) {
    const verdict = passed ? "passed" : "failed";
    process.stdout.write(
      `${verdict}: ${evaluator}.${gate.metric} on ${dataset} is ${value}, at least ${gate.least}\n`,
    );
  }
  return judged.every(({ passed }) => passed) ? EXIT.ok : EXIT.failed;
}

/** As `metric=value`, given or written in the experiment's files. */
function gatesOf(root: string, flow: string, { env, failUnder }: ReportFlags): string[] {
  if (failUnder !== true) return failUnder ?? [];
  const { readExperiment } =
    require("../../config/readExperiment") as typeof import("../../config/readExperiment");
  const gates = Object.entries(readExperiment({ root, flow, env }).gate);
  if (gates.length > 0) return gates.map(([metric, least]) => `${metric}=${least}`);
  throw new CommandError(
    `flows/${flow}/experiment.yaml has no gate for ${env}, and --fail-under no value; write 'gate:' with ` +
      "the least value of each metric, such as `accuracy: 0.8`",
  );
}
