import { randomInt } from "node:crypto";
import { resolve } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { flowName, seconds, whole } from "./arguments";
import { EXIT } from "./exit";
import { interruptible } from "./interrupt";
import { hasColors } from "./output";

interface ServeFlags {
  env?: string;
  arm?: string;
  port: number;
  seed: number;
  wait: number;
  cwd: string;
}

const help = `
Without --env the flow is served with its own defaults. With --env every arm of the environment that serves
this checkout (version: current) runs as a process of its own, and one address splits the requests by the
declared weights, mirrors a declared share, and sends a request with the header azureml-model-deployment to
the arm that it names, also at weight 0. The same header of an answer says which arm answered. GET /health is
that of all arms; an arm that ended gets 503.

A prompt flow runs as its image runs it; a plain container by the command of its Dockerfile, with PORT set.
Connections come from .env or the environment, as for run. Logs: .genaiops/serve/<flow>/<arm>.log.

Examples:
  $ genaiops serve web-classification
  $ genaiops serve web-classification --env dev --port 8000
  $ curl -d @flows/web-classification/sample-request.json -H 'content-type: application/json' \\
      http://127.0.0.1:8080/score`;

export function serveCommand(): Command {
  return new Command("serve")
    .description("serve a flow on this machine, all its arms behind one address")
    .argument("<flow>", "folder under flows/", flowName)
    .option("-e, --env <name>", "environment whose arms are served")
    .option("--arm <name>", "that arm alone")
    .option("--port <number>", "port of the address; 0 takes a free one", port, 8080)
    .option("--seed <number>", "repeat a split: the same seed chooses the same arms", whole)
    .option("--wait <seconds>", "seconds until every arm must be ready", seconds, 300)
    .option("--cwd <folder>", "repository that holds flows/", ".")
    .addHelpText("after", help)
    .action(async (flow: string, flags: ServeFlags) => {
      process.exitCode = await serve(flow, flags);
    });
}

function port(text: string): number {
  const value = whole(text);
  if (value > 65_535) throw new InvalidArgumentError("A port is a number from 0 to 65535.");
  return value;
}

async function serve(flow: string, { cwd, seed = randomInt(2 ** 32), ...flags }: ServeFlags) {
  // `require`, because tsx's CommonJS hook does not see `import()`.
  const { serveFlow } = require("./serve/serve") as typeof import("./serve/serve");
  await interruptible((signal) =>
    serveFlow({
      ...flags,
      seed,
      flow,
      root: resolve(cwd),
      color: hasColors(),
      signal,
      say: (text) => void process.stderr.write(`${text}\n`),
      print: (text) => void process.stdout.write(text),
    }),
  );
  return EXIT.ok;
}
