/** Type checking is `npm run check`; jest only transpiles, so a test starts in a fraction of a second. */
module.exports = {
  testEnvironment: "node",
  testMatch: ["<rootDir>/tests/**/*.test.ts"],
  testPathIgnorePatterns: [
    "/node_modules/",
    "<rootDir>/tests/engine/",
    "<rootDir>/tests/flows/python/",
  ],
  // On two cores jest would take one worker and run it in its own process, where what each file has loaded
  // piles up until the heap is full. A worker that has grown is replaced between two files.
  maxWorkers: 2,
  workerIdleMemoryLimit: "1GB",
  // No test is about speed: a busy machine must not turn one red.
  testTimeout: 180_000,
  transform: {
    "^.+\\.[jt]s$": [
      "@swc/jest",
      { jsc: { parser: { syntax: "typescript" }, target: "es2022" }, module: { type: "commonjs" } },
    ],
  },
};
