import { resolve } from "node:path";
import { Command } from "commander";
import { flowName, positive, seconds, whole } from "./arguments";
import { EXIT } from "./exit";
import { interruptible } from "./interrupt";
import { hasColors } from "./output";

interface TestEndpointFlags {
  env?: string;
  url?: string;
  requests: number;
  parallel: number;
  wait: number;
  cwd: string;
}

const help = `
Waits until the endpoint takes requests, sends the flow's sample-request.json to every arm by its name, also
to those with weight 0, and checks the status and the keys of the answers. Then it sends the sample without a
name and compares which arms answered with the declared weights. Every request calls the flow's model.

With --env it is the endpoint in Azure, with a token of Entra, a key or a token of the endpoint, as the
environment declares. With --url it is a container or the address of genaiops serve.

The split is wrong where a count lies outside its exact binomial bound; a right one is called wrong at most
once in a million tests. More requests make the bound narrower.

Exit codes: 0 passed; 1 failed, or not ready in time; 2 the files or the arguments are wrong.

Examples:
  $ genaiops test-endpoint web-classification --env dev
  $ genaiops test-endpoint web-classification --url http://127.0.0.1:8080 --requests 1000`;

export function testEndpointCommand(): Command {
  return new Command("test-endpoint")
    .description("test every arm of a flow's endpoint, and the split between them")
    .argument("<flow>", "folder under flows/", flowName)
    .option("-e, --env <name>", "environment whose endpoint is tested")
    .option("--url <address>", "address of a container or of genaiops serve")
    .option("--requests <number>", "requests that measure the split; 0 measures none", whole, 100)
    .option("--parallel <number>", "requests at a time", positive, 4)
    .option("--wait <seconds>", "seconds until the endpoint must be ready", seconds, 900)
    .option("--cwd <folder>", "repository that holds flows/", ".")
    .addHelpText("after", help)
    .action(async (flow: string, flags: TestEndpointFlags) => {
      process.exitCode = await test(flow, flags);
    });
}

async function test(flow: string, { cwd, ...flags }: TestEndpointFlags): Promise<number> {
  // `require`, because tsx's CommonJS hook does not see `import()`.
  const { testEndpoint } = require("./testEndpoint/test") as typeof import("./testEndpoint/test");
  const { allProblems, report } =
    require("./testEndpoint/report") as typeof import("./testEndpoint/report");
  const { createColors } = require("picocolors") as typeof import("picocolors");
  const tested = await interruptible(
    (signal) =>
      testEndpoint({
        ...flags,
        flow,
        root: resolve(cwd),
        signal,
        // A terminal has a line of its own that says how long it takes.
        say: (text) => void (process.stderr.isTTY || process.stderr.write(`${text}\n`)),
      }),
    "Stopped.",
  );
  process.stdout.write(report(tested, createColors(hasColors())));
  return allProblems(tested).length === 0 ? EXIT.ok : EXIT.failed;
}
