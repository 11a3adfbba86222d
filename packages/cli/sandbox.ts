import { resolve } from "node:path";
import { Argument, Command } from "commander";
import { CommandError, EXIT } from "./exit";
import type { Operation } from "./sandbox/operate";

const operations: readonly Operation[] = ["preview", "up", "refresh", "destroy"];

const help = `
The real Pulumi engine runs the stack against a simulated Azure on this machine. The engine's state, the
simulated Azure and the copies of the stack's files live under .sandbox/; nothing is sent anywhere, and the
stack's own files are not written to. Secrets get made-up values.

Examples:
  $ genaiops sandbox up --stack dev
  $ genaiops sandbox preview --stack dev      after an edit: what would change
  $ genaiops sandbox refresh --stack dev      what changed behind the stack's back
  $ genaiops sandbox destroy --stack dev`;

export function sandboxCommand(): Command {
  return new Command("sandbox")
    .description("run a stack on the real Pulumi engine against a simulated Azure")
    .addArgument(new Argument("<operation>", "what to do").choices(operations))
    .option("-s, --stack <name>", "stack, which is the environment", "dev")
    .option("--cwd <folder>", "repository that holds Pulumi.yaml", ".")
    .addHelpText("after", help)
    .action(async (operation: Operation, flags: { stack: string; cwd: string }) => {
      process.exitCode = await run(operation, flags.stack, resolve(flags.cwd));
    });
}

async function run(operation: Operation, stackName: string, root: string): Promise<number> {
  // Every problem of the files is said before an engine is started.
  const { readEnvironment } = require("../../config/read") as typeof import("../../config/read");
  readEnvironment({ root, stack: stackName });
  // `require`, because tsx's CommonJS hook does not see `import()`.
  const { prepareEngine } =
    require("../sandbox/engine/pulumi") as typeof import("../sandbox/engine/pulumi");
  const engine = prepareEngine((line) => process.stderr.write(`${line}\n`));
  if (!engine.found) {
    throw new CommandError(
      `The Pulumi engine cannot be made ready: ${engine.reason}. Install Pulumi or Go and try again.`,
      EXIT.failed,
    );
  }
  const { openSandboxStack } = require("./sandbox/stack") as typeof import("./sandbox/stack");
  const { operate } = require("./sandbox/operate") as typeof import("./sandbox/operate");
  const { loadProgram } = require("./plan/program") as typeof import("./plan/program");
  const sandbox = await openSandboxStack({
    root,
    stack: stackName,
    directory: resolve(root, ".sandbox"),
    engineFolder: engine.folder,
    program: loadProgram(root),
  });
  // The engine gets the same Ctrl-C from the terminal and ends its operation in good order; it must not
  // lose the simulated Azure while it does.
  const interrupted = () => process.stderr.write("Waiting for the engine to stop …\n");
  process.on("SIGINT", interrupted);
  try {
    const colors = process.stdout.isTTY && !process.env.NO_COLOR ? "always" : "never";
    return await operate(sandbox.stack, stackName, operation, {
      color: colors,
      onOutput: (text) => void process.stdout.write(text),
      onError: (text) => void process.stderr.write(text),
    });
  } finally {
    process.off("SIGINT", interrupted);
    await sandbox.close();
  }
}
