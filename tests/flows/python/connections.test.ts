import { spawnSync } from "node:child_process";
import path from "node:path";
import { managedPython, root } from "./support";

const python = managedPython();

/** Reads a variable as the serving image does, and lets prompt flow make its connection of it. */
const program = `
import json, os, sys
sys.path.insert(0, sys.argv[1])
from connections import connections_in
from promptflow._sdk.entities._connection import _Connection
given = connections_in(os.environ, ["c"])["c"]
made = _Connection._from_execution_connection_dict("c", given)
print(json.dumps([type(made).__name__, made.configs, made.secrets]))
`;

(python === undefined ? test.skip : test).each<[string, object, object]>([
  [
    "Azure OpenAI as a line of .env",
    { api_key: "k", api_base: "https://a", api_version: "v" },
    [
      "AzureOpenAIConnection",
      { api_base: "https://a", api_version: "v", api_type: "azure" },
      { api_key: "k" },
    ],
  ],
  ["OpenAI", { api_key: "k", api_type: "open_ai" }, ["OpenAIConnection", {}, { api_key: "k" }]],
  [
    "a search service",
    {
      connection_type: "CognitiveSearchConnection",
      api_key: "k",
      api_base: "https://s",
      api_version: "v",
    },
    ["CognitiveSearchConnection", { api_base: "https://s", api_version: "v" }, { api_key: "k" }],
  ],
  [
    "a connection of one's own",
    { connection_type: "CustomConnection", secrets: { word: "k" }, configs: { place: "p" } },
    ["CustomConnection", { place: "p" }, { word: "k" }],
  ],
])("%s becomes prompt flow's connection", (_, value, expected) => {
  const run = spawnSync(python!, ["-c", program, path.join(root, "images/promptflow")], {
    encoding: "utf8",
    env: { PATH: process.env.PATH, HOME: process.env.HOME, c: JSON.stringify(value) },
  });
  expect(run.stderr).toBe("");
  expect(JSON.parse(run.stdout)).toMatchObject(expected);
});
