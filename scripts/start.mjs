#!/usr/bin/env node
// `npm start`: make ready what is missing, then plan. Plain Node, because nothing is installed yet.
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const lock = join(root, "package-lock.json");
/** npm writes this file at the end of every installation. */
const installed = join(root, "node_modules", ".package-lock.json");

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Node ${process.versions.node} is too old: this project needs 20.19 or newer.`);
  process.exit(2);
}

if (!existsSync(installed) || statSync(installed).mtimeMs < statSync(lock).mtimeMs) {
  console.error("Installing what package-lock.json names (npm ci) …");
  // The standard output is the plan's alone, so that it can be piped.
  const npm = process.env.npm_execpath
    ? [process.execPath, [process.env.npm_execpath, "ci"]]
    : [process.platform === "win32" ? "npm.cmd" : "npm", ["ci"]];
  const result = spawnSync(npm[0], npm[1], { cwd: root, stdio: ["inherit", 2, 2] });
  if (result.status !== 0) {
    console.error("npm ci failed; see above. Mend it and run npm start again.");
    process.exit(result.status ?? 1);
  }
}

const command = join(root, "packages", "cli", "bin", "genaiops.js");
const result = spawnSync(
  process.execPath,
  [command, "plan", "--cwd", root, ...process.argv.slice(2)],
  {
    stdio: "inherit",
  },
);
process.exit(result.status ?? 130);
