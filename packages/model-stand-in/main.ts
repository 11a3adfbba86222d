import { readFileSync } from "node:fs";
import { Command, InvalidArgumentError } from "commander";
import { startModelStandIn } from "./server";
import { type StandInOptions, settingsSchema } from "./settings";

function port(value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 0 || number > 65535) {
    throw new InvalidArgumentError("a port is a number from 0 (any free one) to 65535.");
  }
  return number;
}

function settings(file: string): StandInOptions {
  try {
    return settingsSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (error) {
    throw new InvalidArgumentError(`${file}: ${(error as Error).message}`);
  }
}

new Command("model-stand-in")
  .description(
    "A local model for tests: OpenAI and Azure OpenAI chat completions, always the same answers.",
  )
  .option("--port <port>", "port on 127.0.0.1; 0 takes a free one", port, 0)
  .option(
    "--settings <file>",
    "JSON file: key, deployments, latencyMilliseconds, rateLimit, fault",
    settings,
  )
  .action(async (options: { port: number; settings?: StandInOptions }) => {
    const standIn = await startModelStandIn(options.settings, options.port);
    console.log(standIn.url);
    const stop = () => void standIn.close().then(() => process.exit(0));
    process.once("SIGINT", stop).once("SIGTERM", stop);
  })
  .parse();
