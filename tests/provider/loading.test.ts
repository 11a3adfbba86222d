import { execFileSync } from "node:child_process";
import * as path from "node:path";

/** Node modules that a script has loaded when it ends, by package; the SDK of Pulumi by folder. */
function loadedBy(script: string): string[] {
  const report = `process.stdout.write(JSON.stringify(Object.keys(require.cache)))`;
  const output = execFileSync(
    process.execPath,
    ["--require", "@genaiops/typescript", "-e", `${script};${report}`],
    { cwd: path.resolve(__dirname, "../.."), encoding: "utf8" },
  );
  const packages = (JSON.parse(output) as string[]).flatMap(
    (file) => /node_modules\/(@pulumi\/pulumi\/\w+|@[^/]+\/[^/]+|[^/@]+)/.exec(file)?.[1] ?? [],
  );
  return [...new Set(packages)].sort();
}

test("the provider starts with the protocol alone: what asks Azure is loaded when it first asks", () => {
  const start = `
    require("./packages/provider/serve");
    const { cloudFromEnvironment } = require("./packages/provider/cloud");
    require("./packages/provider/provider").genaiops(cloudFromEnvironment({}), ".")`;
  expect(loadedBy(start)).toEqual([
    "@grpc/grpc-js",
    "@js-sdsl/ordered-map",
    "@pulumi/pulumi/proto",
    "esbuild",
    "google-protobuf",
    "tsx",
  ]);
});
