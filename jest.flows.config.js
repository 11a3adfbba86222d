const base = require("./jest.config.js");

/** Tests on the real prompt flow: they need its Python environment and are started by `npm run test:flows`. */
module.exports = {
  ...base,
  testMatch: ["<rootDir>/tests/flows/python/**/*.test.ts"],
  testPathIgnorePatterns: ["/node_modules/"],
  testTimeout: 600_000,
};
