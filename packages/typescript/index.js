/**
 * Lets Node load TypeScript: `require("…/packages/typescript")`, or `node --require @genaiops/typescript`.
 *
 * It is `tsx/cjs` for our own files alone. tsx looks into every file that is loaded, and Node then keeps its source
 * map; packages are JavaScript already, and for the thousand files of the Pulumi SDK this takes longer than a plan.
 */
const Module = require("node:module");

const isPackage = (file) => /[\\/]node_modules[\\/]/.test(file ?? "");

const { _extensions: load, _resolveFilename: resolve } = Module;
const loadPlain = load[".js"];
require("tsx/cjs");
const { _resolveFilename: resolveOurs } = Module;
const loadOurs = load[".js"];

let packageDepth = 0;
load[".js"] = (module, file) => {
  if (!isPackage(file)) return loadOurs(module, file);
  if (packageDepth++ === 0) process.setSourceMapsEnabled(false);
  try {
    return loadPlain(module, file);
  } finally {
    if (--packageDepth === 0) process.setSourceMapsEnabled(true);
  }
};

Module._resolveFilename = (request, parent, ...rest) => {
  // Pulumi takes a stack trace for every promise, and source-map-support would look for the SDK's maps in each.
  if (request === "source-map-support/register") return require.resolve("./mapped.js");
  return (isPackage(parent?.filename) ? resolve : resolveOurs)(request, parent, ...rest);
};
