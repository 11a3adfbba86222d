import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { readConnections } from "../../packages/cli/experiment/connections";

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), "genaiops-env-"));
});
afterEach(() => rmSync(root, { recursive: true }));

const aoai = {
  name: "aoai",
  connection_type: "AzureOpenAIConnection" as const,
  api_base: "${api_base}",
  api_version: "2024-10-21",
  api_key: "${api_key}",
  api_type: "azure",
};
const value = {
  connection_type: "AzureOpenAIConnection",
  api_key: "canary",
  api_base: "https://x.example/",
  api_type: "azure",
  api_version: "2024-10-21",
};
const dotEnv = (text: string) => writeFileSync(path.join(root, ".env"), text);

test.each([
  ["one JSON text", 'aoai={"api_key":"canary","api_base":"https://x.example/"}'],
  [
    "in single quotes",
    `# keys\n\nexport aoai='{"api_key": "canary", "api_base": "https://x.example/"}'`,
  ],
  ["two variables", "AOAI_API_KEY=canary\r\nAOAI_API_BASE=https://x.example/"],
])(".env with %s gives the connection", (_, text) => {
  dotEnv(text);
  expect(readConnections(root, [aoai], {})).toEqual({
    values: { aoai: value },
    missing: {},
    secrets: ["canary"],
    addresses: {
      aoai: {
        connection_type: "AzureOpenAIConnection",
        api_base: "https://x.example/",
        api_type: "azure",
        api_version: "2024-10-21",
      },
    },
  });
});

test("the environment wins over .env", () => {
  dotEnv("AOAI_API_KEY=other\nAOAI_API_BASE=https://x.example/");
  expect(readConnections(root, [aoai], { AOAI_API_KEY: "canary" }).values).toEqual({ aoai: value });
});

test("an OpenAI connection needs no address", () => {
  const { values } = readConnections(
    root,
    [{ name: "openai", connection_type: "OpenAIConnection" }],
    {
      OPENAI_API_KEY: "canary",
    },
  );
  expect(values).toEqual({ openai: { connection_type: "OpenAIConnection", api_key: "canary" } });
});

test.each([
  [{}, "AOAI_API_KEY"],
  [{ AOAI_API_KEY: "canary" }, "AOAI_API_BASE"],
  [{ AOAI_API_KEY: "" }, "AOAI_API_KEY"],
])("with %j the missing variable is named", (environment, variable) => {
  expect(readConnections(root, [aoai], environment).missing).toEqual({ aoai: variable });
});

test.each([
  ["aoai=canary", "the value of aoai, in the environment or in .env, is not a JSON object"],
  ["ok=1\ncanary", ".env:2:1  the line is no NAME=value"],
])("%j is refused without being shown", (text, message) => {
  dotEnv(text);
  const read = () => readConnections(root, [aoai], {});
  expect(read).toThrow(message);
  expect(read).not.toThrow("canary");
});
