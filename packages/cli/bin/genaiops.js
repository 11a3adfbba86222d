#!/usr/bin/env node
const Module = require("node:module");

// tsx looks into every file that is loaded, and Node then keeps its source map. Packages are JavaScript
// already, and for the thousand files of the Pulumi SDK this takes longer than a whole plan: only our own
// files go through it.
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
Module._resolveFilename = (request, parent, ...rest) =>
  (isPackage(parent?.filename) ? resolve : resolveOurs)(request, parent, ...rest);

require("../main.ts");
