import path from "node:path";
import { Command } from "commander";

interface CompareFlags {
  env: string;
  since: string;
  out?: string;
  cwd: string;
}

const help = `
Numbers come from Azure Monitor (requests, latency, statuses) and Application Insights (tokens, feedback). Differences
are those of each arm from the heaviest one, with 95 % intervals; minutes in which only one of them served count for
neither latency.

Writes compare.html (one file, no script, nothing loaded), arms.csv and minutes.csv.

Examples:
  $ genaiops compare web-classification
  $ genaiops compare web-classification --env prod --since 2d --out arms`;

export function compareCommand(): Command {
  return new Command("compare")
    .description("put the arms of an endpoint side by side over a time: CSV and one HTML page")
    .argument("<flow>", "folder under flows/")
    .option("-e, --env <name>", "environment, which is the stack", "dev")
    .option("--since <time>", "how far to look back, up to 30 days", "2h")
    .option("-o, --out <folder>", "where to write; by default .genaiops/compare/<flow>/<env>")
    .option("--cwd <folder>", "repository that holds Pulumi.<env>.yaml", ".")
    .addHelpText("after", help)
    .action(async (flow: string, flags: CompareFlags) => {
      // `require`, because tsx's CommonJS hook does not see `import()`.
      const { performCompare } = require("./compare/perform") as typeof import("./compare/perform");
      process.once("SIGINT", () => process.exit(130));
      await performCompare({ ...flags, flow, root: path.resolve(flags.cwd) });
    });
}
