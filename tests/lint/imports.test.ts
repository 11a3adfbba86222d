import { execFileSync } from "node:child_process";
import path from "node:path";

const root = path.join(__dirname, "..", "..");
const PATHS = ["import-x/no-restricted-paths"];
const PACKAGES = ["import-x/no-extraneous-dependencies"];

/** File, text, and the rules that it would break if it stood there. */
const cases: readonly (readonly [file: string, text: string, rules: readonly string[]])[] = [
  ["config/a.ts", 'export * from "../components/place";', PATHS],
  ["config/a.ts", 'export * from "../packages/provider/tokens";', PATHS],
  ["config/a.ts", 'export * from "@pulumi/pulumi";', ["no-restricted-imports"]],
  ["config/a.ts", 'export * from "./settings";', []],
  ["components/a.ts", 'export * from "../packages/sandbox/azure";', PATHS],
  ["components/a.ts", 'export const a = require("../packages/sandbox/azure");', PATHS],
  ["components/a.ts", 'export * from "../packages/provider/serve";', PATHS],
  ["components/a.ts", 'export * from "../packages/provider/resources";', []],
  ["components/a.ts", 'export * from "../config/settings";', []],
  ["packages/provider/a.ts", 'export * from "../../config/settings";', PATHS],
  ["packages/sandbox/a.ts", 'export * from "../../config/settings";', PATHS],
  ["packages/sandbox/a.ts", 'export * from "../provider/resources";', PATHS],
  ["packages/sandbox/a.ts", 'export * from "../provider/tokens";', []],
  ["packages/cli/a.ts", 'export * from "../../components/place";', PATHS],
  ["packages/cli/a.ts", 'export * from "../../config/read";', []],
  ["packages/model-stand-in/a.ts", 'export * from "../sandbox/ids";', PATHS],
  ["packages/model-stand-in/a.ts", 'export * from "./text";', []],
  ["packages/cli/a.ts", 'export * from "yaml";', []],
  ["packages/cli/a.ts", 'export * from "@azure/core-auth";', PACKAGES],
  ["packages/cli/a.ts", 'export * from "fast-check";', PACKAGES],
  ["tests/a.ts", 'export * from "fast-check";', []],
  ["config/a.ts", "const forgotten = 1;", ["@typescript-eslint/no-unused-vars"]],
];

/** One process for all cases: eslint is an ES module, which jest cannot load, and takes a second to start. */
const LINT = `
  import { ESLint } from "eslint";
  const eslint = new ESLint();
  const broken = [];
  for (const [file, text] of JSON.parse(process.argv[1])) {
    const [{ messages }] = await eslint.lintText(text + "\\n", { filePath: file });
    broken.push(messages.map(({ ruleId, message }) => ruleId ?? message));
  }
  console.log(JSON.stringify(broken));
`;

let broken: string[][];
beforeAll(() => {
  const args = ["--input-type=module", "--eval", LINT, JSON.stringify(cases)];
  broken = JSON.parse(
    execFileSync(process.execPath, args, { cwd: root, encoding: "utf8" }),
  ) as string[][];
}, 60_000);

test.each(cases.map((each, index) => [index, ...each] as const))(
  "%i: in %s, %s breaks %j",
  (index, _file, _text, rules) => {
    expect(broken[index]).toEqual(rules);
  },
);
