import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { root } from "../run";
import { genaiopsBeside } from "./command";

/** Command lines and files that are wrong: what is said, and exit code 2. */

jest.setTimeout(120_000);

const place = mkdtempSync(path.join(os.tmpdir(), "genaiops-wrong-"));
afterAll(() => rmSync(place, { recursive: true, force: true }));

let count = 0;
/** A repository with the plain container alone, and what a case changes in it. */
function repository(change: (folder: string) => void): string {
  const folder = path.join(place, String(count++));
  mkdirSync(path.join(folder, "flows"), { recursive: true });
  const flow = path.join(folder, "flows/plain-container");
  cpSync(path.join(root, "flows/plain-container"), flow, { recursive: true });
  change(flow);
  return folder;
}

const here = () => root;
const write = (name: string, text: string) => () =>
  repository((flow) => writeFileSync(path.join(flow, name), text));
const without = (name: string) => () => repository((flow) => rmSync(path.join(flow, name)));

const at = ["--url", "http://127.0.0.1:1", "--wait", "1"];
const cases: readonly (readonly [string, () => string, readonly string[], number, string])[] = [
  ["neither --env nor --url", here, ["test-endpoint", "plain-container"], 2, "name either --env, "],
  [
    "both",
    here,
    ["test-endpoint", "plain-container", "-e", "dev", ...at],
    2,
    "name either --env, ",
  ],
  [
    "no address",
    here,
    ["test-endpoint", "plain-container", "--url", "8080"],
    2,
    "--url 8080 is no address; allowed is http://… or https://…",
  ],
  [
    "a managed endpoint by its address",
    here,
    [
      "test-endpoint",
      "plain-container",
      "--url",
      "https://a.westeurope.inference.ml.azure.com/score",
    ],
    2,
    "is a managed endpoint, which needs a login; name its environment instead: --env",
  ],
  [
    "an unknown flow",
    here,
    ["test-endpoint", "plain", ...at],
    2,
    "flows/plain/experiment.yaml:1:1  the file is missing;",
  ],
  [
    "an unknown flow of an environment",
    here,
    ["serve", "web-clasification", "--env", "dev"],
    2,
    'dev has no flow "web-clasification"; did you mean "web-classification"?',
  ],
  [
    "an unknown environment",
    here,
    ["serve", "web-classification", "-e", "tets"],
    2,
    "Pulumi.tets.yaml",
  ],
  [
    "an arm without an environment",
    here,
    ["serve", "plain-container", "--arm", "blue"],
    2,
    "--arm blue needs --env: arms are declared in Pulumi.<env>.yaml",
  ],
  [
    "an unknown arm",
    here,
    ["serve", "web-classification", "-e", "dev", "--arm", "geen"],
    2,
    'web-classification has no arm "geen" in dev; did you mean "green"?',
  ],
  ["a port beyond all", here, ["serve", "plain-container", "--port", "70000"], 2, "0 to 65535"],
  [
    "a seed that is none",
    here,
    ["serve", "plain-container", "--seed", "x"],
    2,
    "whole number from 0",
  ],
  [
    "a wait of nothing",
    here,
    ["serve", "plain-container", "--wait", "0"],
    2,
    "whole number from 1",
  ],
  [
    "requests that are none",
    here,
    ["test-endpoint", "plain-container", ...at, "--requests", "-1"],
    2,
    "whole number from 0",
  ],
  [
    "a connection without a value",
    here,
    ["serve", "web-classification"],
    2,
    'the connection "aoai" has no value: AOAI_API_KEY is not set;',
  ],
  [
    "no sample request",
    without("sample-request.json"),
    ["test-endpoint", "plain-container", ...at],
    2,
    "flows/plain-container/sample-request.json:1:1  the file is missing; a JSON object with the inputs of one request; write a request that every arm can answer",
  ],
  [
    "a broken sample request",
    write("sample-request.json", '{"text": '),
    ["test-endpoint", "plain-container", ...at],
    2,
    "flows/plain-container/sample-request.json:1:1  the file is not JSON",
  ],
  [
    "a sample request that is no object",
    write("sample-request.json", '["text"]'),
    ["test-endpoint", "plain-container", ...at],
    2,
    "sample-request.json:1:1  the file holds no JSON object;",
  ],
  [
    "a Dockerfile without a command",
    write("Dockerfile", "FROM a\n"),
    ["serve", "plain-container"],
    2,
    "flows/plain-container/Dockerfile names no CMD and no ENTRYPOINT; add the command that serves plain-container",
  ],
  [
    "a command that does not exist",
    write("Dockerfile", 'FROM a\nCMD ["no-such-program"]\n'),
    ["serve", "plain-container", "--port", "0"],
    1,
    "every arm has ended, so nothing is served",
  ],
  [
    "a container that ends at once",
    write("server.py", 'import sys\nsys.exit("no model here")\n'),
    ["serve", "plain-container", "--port", "0"],
    1,
    "no model here",
  ],
  [
    "nobody at the address",
    here,
    ["test-endpoint", "plain-container", ...at],
    1,
    "plain-container at http://127.0.0.1:1 is not ready after 1 s: no answer: ",
  ],
];

test.each(cases)("%s", async (_, repositoryOf, args, code, message) => {
  const run = await genaiopsBeside([...args, "--cwd", repositoryOf()], {
    AOAI_API_KEY: "",
    aoai: "",
  });
  expect(run.err).toContain(message);
  expect(run.err).not.toMatch(/^ +at /m);
  expect(run.code).toBe(code);
});
