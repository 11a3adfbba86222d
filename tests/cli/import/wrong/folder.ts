import { symlinkSync } from "node:fs";
import { spawnSync } from "node:child_process";
import path from "node:path";
import { KEY, type Wrong } from "./wrong";

const DAG = "flows/triage/flow.dag.yaml";

/** Faults of the other files of a use case. */
export const folder: readonly Wrong[] = [
  {
    fault: "a sample request with an unknown input",
    make: (place) => place.write("sample-request.json", '{"tickets": "?"}'),
    outcome: "open",
    said: [
      'flows/ticket-triage/sample-request.json:1:1  the request lacks the input "ticket"; every input of flows/ticket-triage/flows/triage/flow.dag.yaml without a default; add it',
      'flows/ticket-triage/sample-request.json:1:2  flows/ticket-triage/flows/triage/flow.dag.yaml has no input "tickets"; its inputs are ticket; did you mean "ticket"?',
    ],
  },
  {
    fault: "a key in the settings of a flow",
    make: (place) =>
      place.write("flows/triage_class/init.json", `{"model": {"api_key": "${KEY}"}}`),
    outcome: "valid",
    said: [
      "…/flows/triage_class/init.json:1:23  the value of api_key looks like a secret; no secret stands in a file; a placeholder stands in its place; renew the key",
    ],
  },
  {
    fault: "a key in code",
    make: (place) =>
      place.write("flows/triage/helper.py", `import os\nclient = Client(api_key="${KEY}")\n`),
    outcome: "refused",
    said: [
      "…/flows/triage/helper.py:2:26  what stands here looks like a secret; no secret is copied, and code cannot be changed for you; read it from a connection or the environment, and renew the key",
    ],
  },
  {
    fault: "a key in a comment of the flow",
    make: (place) => place.replace(DAG, "nodes:", `# ${KEY}\nnodes:`),
    outcome: "refused",
    said: [
      "…/flows/triage/flow.dag.yaml:9:3  what stands here looks like a secret; no secret is copied, and code cannot be changed for you; read it from a connection or the environment, and renew the key",
    ],
  },
  {
    fault: "a link out of the folder",
    make: (place) => symlinkSync("/etc/hosts", path.join(place.folder, "data/hosts.txt")),
    outcome: "refused",
    said: [
      "…/data/hosts.txt:1:1  a symbolic link to nothing, to a folder or out of the folder; files, and links to files inside the folder; copy what it leads to, or remove it",
    ],
  },
  {
    fault: "a link to a folder",
    make: (place) => symlinkSync("../flows", path.join(place.folder, "data/flows")),
    outcome: "refused",
    said: [
      "…/data/flows:1:1  a symbolic link to nothing, to a folder or out of the folder; files, and links to files inside the folder; copy what it leads to, or remove it",
    ],
  },
  {
    fault: "a named pipe",
    make: (place) => {
      spawnSync("mkfifo", [path.join(place.folder, "data/pipe")]);
    },
    outcome: "refused",
    said: [
      "…/data/pipe:1:1  neither a file nor a folder; files, and links to files inside the folder; copy what it leads to, or remove it",
    ],
  },
  {
    fault: "broken YAML in the flow",
    make: (place) => place.replace(DAG, "nodes:\n", "nodes: [\n"),
    outcome: "open",
    said: [
      "flows/ticket-triage/flows/triage/flow.dag.yaml:10:1  broken YAML: a value that runs on into the next line; YAML 1.2; check the next line's indentation",
    ],
  },
  {
    fault: "a prompt that is not there",
    make: (place) => place.replace(DAG, "path: choose_queue.jinja2", "path: choose.jinja2"),
    outcome: "open",
    said: [
      'flows/ticket-triage/flows/triage/flow.dag.yaml:21:19  there is no file "flows/ticket-triage/flows/triage/choose.jinja2"; a file in the folder of the flow; correct the path or add what is missing',
    ],
  },
  {
    fault: "a line of a dataset that is no JSON",
    make: (place) =>
      place.write("data/plain.jsonl", '{"ticket": "?", "queue": "support"}\n{"ticket"\n'),
    outcome: "open",
    said: [
      "flows/ticket-triage/data/plain.jsonl:2:1  the line is no JSON: Expected ':' after property name in JSON at position 9; JSON Lines: one JSON object in each line; correct the line",
    ],
  },
];
