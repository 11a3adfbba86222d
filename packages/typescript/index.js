/**
 * Lets Node load TypeScript: `require("…/packages/typescript")`, or `node --require @genaiops/typescript`.
 *
 * It is `tsx/cjs` with two differences, for everything that starts here waits for it:
 *
 * - Packages are JavaScript already, and are loaded as they are. tsx looks into every file, and Node then keeps its
 *   source map; for the thousand files of the Pulumi SDK this takes longer than a whole plan.
 * - What is started (by Node, or by a package as Pulumi's runner is) is transpiled at once with all of ours that it
 *   imports, which takes a fifth of the time of one file after another. `__dirname` is then that of the entry.
 */
const Module = require("node:module");

const isPackage = (file) => /[\\/]node_modules[\\/]/.test(file ?? "");

const { _extensions: load, _resolveFilename: resolve } = Module;
const loadPlain = load[".js"];
require("tsx/cjs");
const { _resolveFilename: resolveOurs } = Module;
const { ".js": loadOurs, ".ts": loadTypeScript } = load;

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

load[".ts"] = (module, file) => {
  const isStarted = !module.parent || isPackage(module.parent.filename);
  return isStarted ? module._compile(bundleOf(file), file) : loadTypeScript(module, file);
};

function bundleOf(file) {
  const { outputFiles } = require("esbuild").buildSync({
    entryPoints: [file],
    bundle: true,
    packages: "external",
    platform: "node",
    format: "cjs",
    target: `node${process.versions.node}`,
    // As tsx does: our own hooks see `require` alone.
    supported: { "dynamic-import": false },
    sourcemap: "inline",
    sourcesContent: false,
    keepNames: true,
    logLevel: "silent",
    write: false,
  });
  return outputFiles[0].text;
}

Module._resolveFilename = (request, parent, ...rest) => {
  // Pulumi takes stack traces of everything, and source-map-support would look for the SDK's maps in each.
  if (request === "source-map-support/register") return require.resolve("./mapped.js");
  return (isPackage(parent?.filename) ? resolve : resolveOurs)(request, parent, ...rest);
};
