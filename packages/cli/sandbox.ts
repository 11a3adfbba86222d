import { resolve } from "node:path";
import { Argument, Command } from "commander";
import { positive, whole } from "./arguments";
import { CommandError, EXIT } from "./exit";
import { interruptible } from "./interrupt";
import { hasColors } from "./output";
import type { Operation } from "./sandbox/operate";

const operations: readonly (Operation | "serve")[] = [
  "preview",
  "up",
  "refresh",
  "destroy",
  "serve",
];

interface SandboxFlags {
  stack: string;
  arms?: string;
  requests: number;
  speed: number;
  cwd: string;
}

const help = `
The real Pulumi engine runs the stack against a simulated Azure on this machine. The engine's state, the
simulated Azure and the copies of the stack's files live under .sandbox/; nothing is sent anywhere, and the
stack's own files are not written to. Secrets get made-up values. A Kubernetes cluster that the stack names is
attached when an operation or serve starts and the workspace stands.

With serve the simulated Azure keeps running, and the other operations and verbs use it: .sandbox/environment.sh
holds the variables with which they find it and log in. It runs no container: how an arm answers is said by --arms,
a JSON file such as {"blue": {"latencyMs": 300, "latencySpread": 0.4, "failureRate": 0.01, "tokens": 400,
"feedback": 0.8, "answer": {"reply": "Yes."}}}.

Examples:
  $ genaiops sandbox up --stack dev
  $ genaiops sandbox preview --stack dev      after an edit: what would change
  $ genaiops sandbox refresh --stack dev      what changed behind the stack's back
  $ genaiops sandbox destroy --stack dev
  $ genaiops sandbox serve --stack dev --arms arms.json --requests 300 --speed 60`;

export function sandboxCommand(): Command {
  return new Command("sandbox")
    .description("run a stack on the real Pulumi engine against a simulated Azure")
    .addArgument(new Argument("<operation>", "what to do").choices(operations))
    .option("-s, --stack <name>", "stack, which is the environment", "dev")
    .option("--arms <file>", "serve: how the arms behind endpoints answer")
    .option("--requests <number>", "serve: requests a minute of imagined customers", whole, 0)
    .option("--speed <number>", "serve: how much faster the endpoints' time runs", positive, 1)
    .option("--cwd <folder>", "repository that holds Pulumi.yaml", ".")
    .addHelpText("after", help)
    .action(async (operation: Operation | "serve", flags: SandboxFlags) => {
      const root = resolve(flags.cwd);
      process.exitCode =
        operation === "serve" ? await serve(root, flags) : await run(operation, flags.stack, root);
    });
}

async function serve(root: string, { stack, arms, requests, speed }: SandboxFlags) {
  // `require`, because tsx's CommonJS hook does not see `import()`.
  const { readArms } = require("./sandbox/arms") as typeof import("./sandbox/arms");
  const { serveSandbox } = require("./sandbox/serve") as typeof import("./sandbox/serve");
  await interruptible((signal) =>
    serveSandbox({
      root,
      stack,
      directory: resolve(root, ".sandbox"),
      ...(arms !== undefined && { arms: readArms(resolve(arms)) }),
      requests,
      speed,
      signal,
      say: (text) => void process.stdout.write(`${text}\n`),
    }),
  );
  return EXIT.ok;
}

async function run(operation: Operation, stackName: string, root: string): Promise<number> {
  // Every problem of the files is said before an engine is started.
  const { readEnvironment } = require("../../config/read") as typeof import("../../config/read");
  const environment = readEnvironment({ root, stack: stackName });
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
  const { clusterPlace } =
    require("./sandbox/attachedCluster") as typeof import("./sandbox/attachedCluster");
  const { operate } = require("./sandbox/operate") as typeof import("./sandbox/operate");
  const { loadProgram } = require("./plan/program") as typeof import("./plan/program");
  const sandbox = await openSandboxStack({
    root,
    stack: stackName,
    directory: resolve(root, ".sandbox"),
    engineFolder: engine.folder,
    program: loadProgram(root),
    cluster: clusterPlace(environment),
  });
  // The engine gets the same Ctrl-C from the terminal and ends its operation in good order; it must not
  // lose the simulated Azure while it does.
  const interrupted = () => process.stderr.write("Waiting for the engine to stop …\n");
  process.on("SIGINT", interrupted);
  try {
    return await operate(sandbox.stack, stackName, operation, {
      color: hasColors() ? "always" : "never",
      onOutput: (text) => void process.stdout.write(text),
      onError: (text) => void process.stderr.write(text),
    });
  } finally {
    process.off("SIGINT", interrupted);
    await sandbox.close();
  }
}
