// Runs the flows on the real prompt flow, making its Python environment first where it is missing.
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);
require("tsx/cjs");
const { managedPython } = require("../packages/cli/experiment/python.ts");

const root = fileURLToPath(new URL("..", import.meta.url));
let python;
try {
  python = await managedPython({ root, requirements: [], say: (line) => console.log(line) });
} catch (error) {
  console.log(`SKIPPED: the tests on the real prompt flow did not run: ${error.message}`);
  process.exit(0);
}
const jest = require.resolve("jest/bin/jest");
const run = spawnSync(
  process.execPath,
  [jest, "--config", "jest.flows.config.js", "--runInBand", ...process.argv.slice(2)],
  { stdio: "inherit", env: { ...process.env, GENAIOPS_PYTHON: python } },
);
process.exit(run.status ?? 1);
