import path from "node:path";
import { Command } from "commander";
import { CommandError, EXIT } from "./exit";
import { interruptible } from "./interrupt";

interface RolloutFlags {
  to?: string;
  steps?: string;
  hold?: boolean;
  bake: string;
  metric?: string;
  env: string;
  auto?: boolean;
  commit: boolean;
  deployWithin: string;
  cwd: string;
}

const help = `
Each step writes the weights into Pulumi.<env>.yaml, commits them (or opens a pull request that completes itself:
rollout.change of the flow), waits until the endpoint routes by them, bakes, and compares the arm with the heaviest
other one. It goes on when every metric is shown to be no worse than its margin, and takes the arm's requests away
when one metric is surely worse. docs/rollout.md states the rule and its false-alarm rate.

Interrupted, the same command goes on where it stood.

With --hold nothing is rolled out: an arm that takes no request yet gets weight 0 in Pulumi.<env>.yaml, and its share
goes to the arms that do. The pipeline updates with this file, tests each arm, and then updates as declared.

Examples:
  $ genaiops rollout web-classification --to green --steps 10,50,100 --bake 15m
  $ genaiops rollout web-classification --to green --steps 10,50,100 --metric p95,5xx --env prod --auto
  $ genaiops rollout web-classification --env dev --hold

Exit codes:
  ${EXIT.ok}  the arm has the last step's requests
  ${EXIT.failed}  held: not enough is known to go on, or the weights were not deployed in time
  ${EXIT.problems}  the files or the arguments are wrong
  ${EXIT.refused}  rolled back, or refused before anything was changed`;

export function rolloutCommand(): Command {
  return new Command("rollout")
    .description(
      "shift an endpoint's requests to an arm, step by step, as long as its numbers allow it",
    )
    .argument("<flow>", "folder under flows/")
    .option("--to <arm>", "arm that shall get the requests")
    .option("--steps <percents>", "percents that it gets, for example 10,50,100")
    .option("--bake <time>", "how long each step serves before it is judged", "15m")
    .option("--metric <names>", "p95, 5xx, tokens, feedback; by default those that have numbers")
    .option("-e, --env <name>", "environment, which is the stack", "dev")
    .option("--auto", "a roll-back writes the endpoint's weights at once and the files after")
    .option("--no-commit", "edit the file and leave the rest to you")
    .option("--deploy-within <time>", "how long to wait for a step to be deployed", "2h")
    .option("--hold", "give arms that take no request yet weight 0 in the file, and end")
    .option("--cwd <folder>", "repository that holds Pulumi.<env>.yaml", ".")
    .addHelpText("after", help)
    .action(async (flow: string, flags: RolloutFlags) => {
      process.exitCode = await rollout(flow, flags);
    });
}

async function rollout(flow: string, flags: RolloutFlags): Promise<number> {
  const root = path.resolve(flags.cwd);
  const { to, steps } = flags;
  // `require`, because tsx's CommonJS hook does not see `import()`.
  if (flags.hold) {
    const alone = to === undefined && steps === undefined && !flags.auto;
    if (!alone) throw new CommandError("--hold goes without --to, --steps and --auto");
    const { performHold } =
      require("./rollout/performHold") as typeof import("./rollout/performHold");
    return performHold({ root, flow, env: flags.env });
  }
  if (to === undefined || steps === undefined) {
    throw new CommandError(
      "--to and --steps are missing; write for example --to green --steps 10,50,100, or --hold alone",
    );
  }
  const { performRollout } = require("./rollout/perform") as typeof import("./rollout/perform");
  return interruptible(
    (signal) => performRollout({ ...flags, to, steps, flow, root, signal }),
    "Stopped; the weights stay as they are. The same command goes on from here.",
  );
}
