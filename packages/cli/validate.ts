import { resolve } from "node:path";
import { Command, Option } from "commander";
import { EXIT } from "./exit";

interface ValidateFlags {
  env?: string;
  format: "text" | "json";
  cwd: string;
}

const help = `
Nothing is run and nothing is asked of Azure. Without a flow everything is checked: each flow with each of its
overlays, and each stack. All problems are printed at once, as file:line:column.

Examples:
  $ genaiops validate
  $ genaiops validate web-classification
  $ genaiops validate web-classification --env pr
  $ genaiops validate web-classification --env dev --format json   the experiment as programs read it

Exit codes: ${EXIT.ok} no problem, ${EXIT.problems} problems`;

export function validateCommand(): Command {
  return new Command("validate")
    .description("check flows, experiments, datasets and stacks before anything runs")
    .argument("[flow]", "folder under flows/; by default all flows and stacks")
    .option("-e, --env <name>", "check for this environment alone, by default for every one")
    .addOption(
      new Option("-f, --format <format>", "print a summary, or one flow's experiment as JSON")
        .choices(["text", "json"])
        .default("text"),
    )
    .option("--cwd <folder>", "repository that holds flows/ and Pulumi.yaml", ".")
    .addHelpText("after", help)
    .action(async (flow: string | undefined, flags: ValidateFlags) => {
      process.exitCode = await validate(flow, flags);
    });
}

async function validate(flow: string | undefined, flags: ValidateFlags): Promise<number> {
  // `require`, because tsx's CommonJS hook does not see `import()`.
  const { check } = require("./validate/check") as typeof import("./validate/check");
  const { withProgress } = require("./progress") as typeof import("./progress");
  const { format, env } = flags;
  const root = resolve(flags.cwd);
  const text = await withProgress("checking", () => check({ root, flow, env, format }));
  process.stdout.write(`${text}\n`);
  return EXIT.ok;
}
