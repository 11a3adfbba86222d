import { resolve } from "node:path";
import { Command } from "commander";
import { EXIT } from "./exit";

interface RegisterFlags {
  env: string;
  approve?: string;
  dataset?: string[];
  cwd: string;
}

const help = `
Registers the datasets of the flow's experiment and the flow's model in the workspace of the environment. A
version is new only where bytes changed; otherwise the version that holds them is named, also an old one.

--approve needs the gate that \`genaiops report <flow> --env <environment> --fail-under\` left for exactly these
bytes, no weaker than the gate in the experiment's files. The approval is the tag approved_<environment> on the model's version and says which evaluation earned it.

Where the environment shares a registry (machineLearningRegistry), --approve for itself publishes the version there.
Where it takes its versions from another one (promotion), no model is registered: --approve marks the version of the
shared registry that holds these bytes and passed there, and is refused where none did.

Azure is asked as who is logged in: ARM_* variables, a managed identity, or \`az login\`.

Examples:
  $ genaiops register web-classification --env dev
  $ genaiops register web-classification --env dev --approve dev
  $ genaiops register web-classification --env dev --dataset web_classification_curated

Exit codes: ${EXIT.ok} done, ${EXIT.failed} Azure refused, ${EXIT.problems} wrong files or arguments, ${EXIT.refused} no passing gate`;

export function registerCommand(): Command {
  return new Command("register")
    .description("register datasets and the model of a flow, and approve it for an environment")
    .argument("<flow>", "folder under flows/")
    .requiredOption("-e, --env <name>", "environment whose workspace gets the versions")
    .option("--approve <name>", "approve the model's version for this environment")
    .option("--dataset <name...>", "register these datasets alone, and no model")
    .option("--cwd <folder>", "repository that holds flows/ and Pulumi.yaml", ".")
    .addHelpText("after", help)
    .action(async (flow: string, flags: RegisterFlags) => {
      process.exitCode = await run(flow, flags);
    });
}

async function run(flow: string, flags: RegisterFlags): Promise<number> {
  // `require`, because tsx's CommonJS hook does not see `import()`.
  const { register } = require("./register/register") as typeof import("./register/register");
  const { env, approve, dataset } = flags;
  const root = resolve(flags.cwd);
  await register({ root, flow, env, approve, datasets: dataset }, (line) => {
    process.stdout.write(`${line}\n`);
  });
  return EXIT.ok;
}
