const base = require("./jest.config.js");

/** Tests on the real Pulumi engine: slow, one after another, started by `npm run test:engine`. */
module.exports = {
  ...base,
  testMatch: ["<rootDir>/tests/engine/**/*.test.ts"],
  testPathIgnorePatterns: ["/node_modules/"],
  testTimeout: 600_000,
};
