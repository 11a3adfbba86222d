import { resolve } from "node:path";
import { Command } from "commander";
import { EXIT } from "./exit";

interface ImportFlags {
  name?: string;
  dryRun?: true;
  cwd: string;
}

const help = `
The folder is one use case of microsoft/genaiops-promptflow-template: experiment.yaml with its overlays, flows/, data/,
configs/deployment_config.json, environment/env.yaml. It becomes flows/<flow>, and each environment of the deployment
config becomes arms in Pulumi.<env>.yaml, whose comments and layout stay. The folder itself is not touched.

The report says what was read, what was changed and why, what stays behind, and what needs a decision, each as
file:line:column. Keys are neither copied nor printed. A flow that exists is left alone.

Examples:
  $ genaiops import ../template/web_classification --dry-run   the report, and nothing written
  $ genaiops import ../template/web_classification
  $ genaiops import ../template/web_classification --name pages
  $ genaiops validate web-classification

Exit codes: ${EXIT.ok} done, and validate passes; ${EXIT.failed} done, and validate passes after decisions that the report names, or files
could not be written; ${EXIT.problems} the folder is wrong or the flow exists: nothing written`;

export function importCommand(): Command {
  return new Command("import")
    .description("bring a use case over from the prompt flow template")
    .argument("<folder>", "folder of one use case")
    .option("--name <flow>", "name of the flow, by default that of the folder with hyphens")
    .option("--dry-run", "print the report and write nothing")
    .option("--cwd <folder>", "repository that gets the flow", ".")
    .addHelpText("after", help)
    .action(async (from: string, flags: ImportFlags) => {
      process.exitCode = await bring(from, flags);
    });
}

async function bring(from: string, { name, dryRun, cwd }: ImportFlags): Promise<number> {
  // `require`, because tsx's CommonJS hook does not see `import()`.
  const { importFlow } = require("./import/perform") as typeof import("./import/perform");
  const { withProgress } = require("./progress") as typeof import("./progress");
  const options = { root: resolve(cwd), from, name, dryRun: dryRun === true };
  const { text, valid } = await withProgress("reading", () => importFlow(options));
  process.stdout.write(text);
  if (options.dryRun) process.stderr.write("dry run: nothing was written\n");
  return valid ? EXIT.ok : EXIT.failed;
}
