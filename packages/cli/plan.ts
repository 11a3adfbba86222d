import { resolve } from "node:path";
import { Command, Option } from "commander";
import { CommandError, EXIT } from "./exit";
import { printOrWrite } from "./output";
import type { PlanFlags } from "./plan/make";
import { withProgress } from "./progress";

const help = `
The plan is made in this process: no engine, no login, no request to Azure. A value that Azure will compute
is written as a reference, and a secret as [secret].

Examples:
  $ genaiops plan                                   the stack dev as a tree
  $ genaiops plan -s prod --flow web-classification one flow of prod in full
  $ genaiops plan -s prod -f json -o prod.json      the plan as a file, the same bytes on every run
  $ genaiops plan -s prod --against prod.json --expect-no-changes`;

export function planCommand(): Command {
  return new Command("plan")
    .description("show what a stack declares, or what changed, without an engine")
    .option("-s, --stack <name>", "stack, which is the environment", "dev")
    .addOption(
      new Option("-f, --format <format>", "how to write the plan")
        .choices(["tree", "json", "markdown"])
        .default("tree"),
    )
    .option("-o, --out <file>", "write to this file instead of the standard output")
    .option("-a, --against <file>", "compare with a plan (json) or a `pulumi stack export`")
    .option("--expect-no-changes", `exit ${EXIT.failed} when the comparison finds a change`)
    .option("--versions <file>", "take approved versions from a sandbox state file")
    .option("--flow <name>", "show this flow in full and leave out the others")
    .option("--cwd <folder>", "repository that holds Pulumi.yaml", ".")
    .addHelpText("after", help)
    .action(async (flags: PlanFlags) => {
      process.exitCode = await plan(flags);
    });
}

async function plan(flags: PlanFlags): Promise<number> {
  if (flags.expectNoChanges && flags.against === undefined) {
    throw new CommandError(
      "--expect-no-changes needs --against: the plan or export to compare with",
    );
  }
  const root = resolve(flags.cwd);
  // As a listener it runs between turns of the event loop, and so never in the middle of writing a file.
  process.once("SIGINT", () => process.exit(130));
  // `require`, because tsx's CommonJS hook does not see `import()`.
  const { makePlan } = require("./plan/make") as typeof import("./plan/make");
  const result = await withProgress(`planning ${flags.stack}`, () => makePlan(root, flags));
  await printOrWrite(result.text, flags.out);
  for (const message of result.errors) process.stderr.write(`${message}\n`);
  return result.exitCode;
}
