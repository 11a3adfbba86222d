import type { Wrong } from "./wrong";

/** Files that are no YAML, or not the file that was meant. */
export const yaml: readonly Wrong[] = [
  {
    name: "tab in the indentation",
    edits: [{ from: "  network: open", to: "\tnetwork: open" }],
    problems: [
      "Pulumi.dev.yaml:5:1  broken YAML: a tab in the indentation; YAML 1.2; indent with spaces",
    ],
  },
  {
    name: "key twice",
    edits: [{ from: "  network: open", to: "  network: open\n  network: closed" }],
    problems: [
      "Pulumi.dev.yaml:6:3  broken YAML: the same key stands twice in one mapping; YAML 1.2; keep one of the two",
    ],
  },
  {
    name: "bracket never closed",
    edits: [{ from: "openAI: { mode: create }", to: "openAI: { mode: create" }],
    problems: [
      "Pulumi.dev.yaml:7:3  broken YAML: a bracket or brace above is still open; YAML 1.2; close it above this line",
    ],
  },
  {
    name: "quote never closed",
    edits: [{ from: "network: open", to: 'network: "open' }],
    problems: [
      "Pulumi.dev.yaml:5:17  broken YAML: a quote, bracket, comma, colon or blank is missing; YAML 1.2; close what was opened here",
    ],
  },
  {
    name: "two colons in a line",
    edits: [{ from: "network: open", to: "network: open: wide" }],
    problems: [
      "Pulumi.dev.yaml:5:12  broken YAML: a second colon in one line; YAML 1.2; put a value that holds a colon in quotes",
    ],
  },
  {
    name: "wrong indentation",
    edits: [{ from: "  network: open", to: "   network: open" }],
    problems: [
      "Pulumi.dev.yaml:4:26  broken YAML: a value that runs on into the next line; YAML 1.2; check the next line's indentation",
    ],
  },
  {
    name: "second document",
    edits: [{ from: "  network: open", to: "  network: open\n---" }],
    problems: [
      "Pulumi.dev.yaml:6:1  broken YAML: a second document behind ---; YAML 1.2; keep one document in the file",
    ],
  },
  {
    name: "unknown tag",
    edits: [{ from: "network: open", to: "network: !Ref open" }],
    problems: [
      "Pulumi.dev.yaml:5:12  broken YAML: an unknown tag; YAML 1.2; remove the word that starts with !",
    ],
  },
  {
    name: "alias without anchor",
    edits: [{ from: "network: open", to: "network: *open" }],
    problems: [
      "Pulumi.dev.yaml:5:12  broken YAML: an alias without its anchor; YAML 1.2; write out the value instead of *name",
    ],
  },
  {
    name: "bad escape",
    edits: [{ from: "network: open", to: 'network: "\\q"' }],
    problems: [
      "Pulumi.dev.yaml:5:13  broken YAML: an unknown escape in double quotes; YAML 1.2; use single quotes or double the backslash",
    ],
  },
  {
    name: "not UTF-8",
    files: { "Pulumi.dev.yaml": Buffer.from([0x63, 0x3a, 0x20, 0xff, 0xfe]) },
    problems: [
      "Pulumi.dev.yaml:1:1  the file is not UTF-8 text; YAML files are UTF-8; save it with the encoding UTF-8",
    ],
  },
  {
    name: "empty stack file",
    files: { "Pulumi.dev.yaml": "" },
    problems: [
      "Pulumi.dev.yaml:1:1  the file is empty; settings below the key config; write config with at least network and the azure-native keys",
    ],
  },
  {
    name: "no config",
    files: { "Pulumi.dev.yaml": "encryptionsalt: v1:abc\n" },
    problems: [
      "Pulumi.dev.yaml:1:1  there is no config; settings below the key config; write config with at least network and the azure-native keys",
    ],
  },
  {
    name: "config is a list",
    files: { "Pulumi.dev.yaml": "config: [network]\n" },
    problems: [
      "Pulumi.dev.yaml:1:1  config is not a mapping; settings below the key config; write config with at least network and the azure-native keys",
    ],
  },
  {
    name: "arm of a reserved name",
    edits: [
      { from: "        blue:", to: "        __proto__: { version: 1, weight: 0 }\n        blue:" },
    ],
    problems: [
      'Pulumi.dev.yaml:18:9  the key "__proto__"; any other name; JavaScript keeps this one for itself; rename it',
    ],
  },
  {
    name: "misspelt config",
    edits: [{ from: "config:", to: "confg:" }],
    problems: [
      'Pulumi.dev.yaml:1:1  unknown key "confg"; its keys are config, secretsprovider, encryptedkey, encryptionsalt, environment; did you mean "config"?',
    ],
  },
  {
    name: "unknown stack",
    stack: "deb",
    problems: [
      'Pulumi.deb.yaml:1:1  there is no stack "deb"; a stack with a file Pulumi.<stack>.yaml; did you mean "dev"?',
    ],
  },
  {
    name: "unknown stack not near",
    stack: "production",
    problems: [
      'Pulumi.production.yaml:1:1  there is no stack "production"; a stack with a file Pulumi.<stack>.yaml; write one of "dev", "test"',
    ],
  },
  {
    name: "stack name with path",
    stack: "../dev",
    problems: [
      'Pulumi.yaml:1:1  there is no stack "../dev"; a stack with a file Pulumi.<stack>.yaml; write one of "dev", "test"',
    ],
  },
  {
    name: "stack file is a folder",
    files: { "Pulumi.dev.yaml": null, "Pulumi.dev.yaml/readme.txt": "" },
    problems: [
      "Pulumi.dev.yaml:1:1  the file cannot be read (EISDIR); a file that this user may read; see to its kind and permissions",
    ],
  },
  {
    name: "values that the engine reads as a date or as another number",
    edits: [
      {
        from: "      type: azureOpenAI\n",
        to: "      type: azureOpenAI\n      apiVersion: 2024-10-21\n",
      },
      { from: "version: 3, weight: 90", to: "version: 010, weight: 90" },
    ],
    problems: [
      'Pulumi.dev.yaml:10:19  "2024-10-21" without quotes, which Pulumi\'s engine reads as a date or as another number; a text in quotes, or a number in plain digits; write "2024-10-21" with its quotes, or the number that is meant',
      'Pulumi.dev.yaml:19:26  "010" without quotes, which Pulumi\'s engine reads as a date or as another number; a text in quotes, or a number in plain digits; write "010" with its quotes, or the number that is meant',
    ],
  },
];
