import { Command, CommanderError } from "commander";
import { version } from "../../package.json";
import { commentCommand } from "./comment";
import { compareCommand } from "./compare";
import { CommandError, EXIT } from "./exit";
import { evaluateCommand } from "./evaluate";
import { importCommand } from "./import";
import { newCommand } from "./new";
import { planCommand } from "./plan";
import { registerCommand } from "./register";
import { reportCommand } from "./report";
import { rolloutCommand } from "./rollout";
import { runCommand } from "./run";
import { sandboxCommand } from "./sandbox";
import { serveCommand } from "./serve";
import { testEndpointCommand } from "./testEndpoint";
import { validateCommand } from "./validate";

/** The verbs. Each one imports what is heavy inside its action, so that help and errors come at once. */
const verbs = [
  commentCommand,
  compareCommand,
  evaluateCommand,
  importCommand,
  newCommand,
  planCommand,
  registerCommand,
  reportCommand,
  rolloutCommand,
  runCommand,
  sandboxCommand,
  serveCommand,
  testEndpointCommand,
  validateCommand,
];

const help = `
Examples:
  $ genaiops plan --stack dev                       what the stack dev declares, as a tree
  $ genaiops plan --stack prod --format json --out prod.json
  $ genaiops plan --stack prod --against prod.json  what changed since then, property by property
  $ pulumi stack export -s prod --file state.json && genaiops plan -s prod --against state.json

Exit codes:
  ${EXIT.ok}  done
  ${EXIT.failed}  failed, or changes where none were expected
  ${EXIT.problems}  the files or the arguments are wrong; each problem is printed as file:line:column
  ${EXIT.refused}  refused by a rule, for example replacing an arm that carries traffic

Environment:
  NO_COLOR       no colours, whatever the output is
  GENAIOPS_TRACE stack traces in errors of the program`;

export function createProgram(): Command {
  const program = new Command("genaiops")
    .description("Plan and run GenAIOps stacks: LLM flows on Azure as code.")
    .version(version, "--version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand("help [verb]", "print the help of a verb")
    .showHelpAfterError("(genaiops --help lists the verbs)")
    .addHelpText("after", help)
    .configureHelp({ sortSubcommands: true })
    .exitOverride();
  for (const verb of verbs)
    program.addCommand(verb().exitOverride().copyInheritedSettings(program));
  return program;
}

/** Run one command line and return its exit code. Prints what a user can mend without a stack trace. */
export async function main(argv: readonly string[]): Promise<number> {
  const program = createProgram();
  try {
    if (argv.length === 0) {
      program.outputHelp();
      return EXIT.ok;
    }
    await program.parseAsync([...argv], { from: "user" });
    return typeof process.exitCode === "number" ? process.exitCode : EXIT.ok;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.problems;
    process.stderr.write(`${describe(error)}\n`);
    if (error instanceof CommandError) return error.exitCode;
    return isNamed(error, "ProblemsError") ? EXIT.problems : EXIT.failed;
  }
}

/** What a user can mend needs no stack trace: our own errors, those of config/ and the provider, the SDK's RunError. */
const PLAIN = ["CommandError", "ProblemsError", "AzureError", "UserError"];

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const plain =
    PLAIN.some((name) => isNamed(error, name)) || "__pulumiRunError" in error || isOfFiles(error);
  return plain ? error.message : (error.stack ?? error.message);
}

/** The system refused a file, as with EACCES, ENOSPC or ENOTDIR; its message names the file and the reason. */
function isOfFiles(error: Error): boolean {
  return "syscall" in error && "path" in error && process.env["GENAIOPS_TRACE"] === undefined;
}

/** By name, so that nothing heavy is imported to ask. */
function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}

if (require.main?.filename.endsWith("genaiops.js")) {
  void main(process.argv.slice(2)).then((code) => {
    process.exitCode = code;
  });
}
