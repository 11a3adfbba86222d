// Runs the stack on the real Pulumi engine, making the engine ready first where it is missing.
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { delimiter } from "node:path";

const require = createRequire(import.meta.url);
require("tsx/cjs");
const { prepareEngine } = require("../packages/sandbox/engine/pulumi.ts");

const engine = prepareEngine((line) => console.log(line));
if (!engine.found) {
  console.log(`SKIPPED: the tests on the real engine did not run: ${engine.reason}`);
  process.exit(0);
}
console.log(`Pulumi engine ${engine.version}`);
const jest = require.resolve("jest/bin/jest");
const run = spawnSync(
  process.execPath,
  [jest, "--config", "jest.engine.config.js", "--runInBand", ...process.argv.slice(2)],
  {
    stdio: "inherit",
    env: { ...process.env, PATH: [engine.folder, process.env.PATH].join(delimiter) },
  },
);
process.exit(run.status ?? 1);
