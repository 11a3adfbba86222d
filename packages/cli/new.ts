import { resolve } from "node:path";
import { Command, Option } from "commander";
import { EXIT } from "./exit";

/** What a new flow can be; each has a folder of this name under new/templates/. */
export const kinds = ["dag", "flex", "container"] as const;

const help = `
  dag        nodes in flow.dag.yaml, one of them with two variants
  flex       a Python class
  container  any program that serves HTTP, with a Dockerfile

Each comes with data, an evaluator and a sample request, and runs as it is. A folder that exists is left alone.

Examples:
  $ genaiops new library-answers --kind dag
  $ genaiops new notices --kind container

Exit codes: ${EXIT.ok} done, ${EXIT.problems} wrong name or the folder exists`;

export function newCommand(): Command {
  return new Command("new")
    .description("make a flow that runs, from a template")
    .argument("<flow>", "name of the flow, and of its folder under flows/")
    .addOption(
      new Option("-k, --kind <kind>", "what the flow is").choices(kinds).makeOptionMandatory(),
    )
    .option("--cwd <folder>", "repository that gets the flow", ".")
    .addHelpText("after", help)
    .action((flow: string, flags: { kind: (typeof kinds)[number]; cwd: string }) => {
      // `require`, because tsx's CommonJS hook does not see `import()`.
      const { makeFlow } = require("./new/make") as typeof import("./new/make");
      process.stdout.write(makeFlow(resolve(flags.cwd), flow, flags.kind));
      process.exitCode = EXIT.ok;
    });
}
