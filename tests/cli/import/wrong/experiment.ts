import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import type { Place } from "../place";
import { KEY, type Wrong } from "./wrong";

const EXPERIMENT = "experiment.yaml";
const DAG = "flows/triage/flow.dag.yaml";
const edit = (before: string, after: string) => (place: Place) =>
  place.replace(EXPERIMENT, before, after);

/** Faults of experiment.yaml and its overlays. */
export const experiment: readonly Wrong[] = [
  {
    fault: "broken YAML in experiment.yaml",
    make: edit("flow: flows/triage", "flow: [flows/triage"),
    outcome: "refused",
    said: [
      "…/experiment.yaml:5:1  broken YAML: a bracket or brace above is still open; YAML 1.2; close it above this line",
    ],
  },
  {
    fault: "an empty experiment.yaml",
    make: (place) => place.write(EXPERIMENT, "# nothing\n"),
    outcome: "refused",
    said: [
      "…/experiment.yaml:1:1  the file is empty; name, flow, connections, datasets, evaluators and runtime; write the experiment",
    ],
  },
  {
    fault: "an experiment.yaml in UTF-16",
    make: (place) =>
      place.write(EXPERIMENT, Buffer.from(`\uFEFF${place.text(EXPERIMENT)}`, "utf16le")),
    outcome: "refused",
    said: [
      "…/experiment.yaml:1:1  the file is not UTF-8 text; YAML files are UTF-8; save it with the encoding UTF-8",
    ],
  },
  {
    fault: "no name",
    make: edit("name: ticket_triage\n", ""),
    outcome: "refused",
    said: ['…/experiment.yaml:2:1  the file has no "name"; required: a text; add "name"'],
  },
  {
    fault: "a misspelt block",
    make: edit("evaluators:", "evaluaters:"),
    outcome: "refused",
    said: [
      '…/experiment.yaml:24:1  unknown key "evaluaters" in the file; its keys are name, flow, connections, parameters, datasets, evaluators, runtime, gate; did you mean "evaluators"?',
    ],
  },
  {
    fault: "a key that stands twice",
    make: edit("runtime: triage-runtime", "runtime: a\nruntime: b"),
    outcome: "refused",
    said: [
      "…/experiment.yaml:53:1  broken YAML: the same key stands twice in one mapping; YAML 1.2; keep one of the two",
    ],
  },
  {
    fault: "a runtime that is a list",
    make: edit("runtime: triage-runtime", "runtime: [triage-runtime]"),
    outcome: "refused",
    said: ['…/experiment.yaml:52:1  runtime is a list; a text; correct "runtime"'],
  },
  {
    fault: "a flow that is not there",
    make: edit("flow: flows/triage", "flow: flows/triages"),
    outcome: "refused",
    said: [
      '…/experiment.yaml:3:7  there is no flow in "flows/triages"; a folder of the use case with flow.dag.yaml or flow.flex.yaml; correct the path or add the flow',
    ],
  },
  {
    fault: "a flow outside of the folder",
    make: edit("flow: flows/triage", "flow: ../triage"),
    outcome: "refused",
    said: [
      '…/experiment.yaml:3:7  there is no flow in "../triage"; a folder of the use case with flow.dag.yaml or flow.flex.yaml; correct the path or add the flow',
    ],
  },
  {
    fault: "an evaluator whose folder is not there",
    make: edit("flow: flows/grade\n", "flow: flows/grades\n"),
    outcome: "open",
    said: [
      'flows/ticket-triage/experiment.yaml:26:9  there is no flow in "flows/grades"; a folder with flow.dag.yaml, flow.flex.yaml or Dockerfile; searched: flows/ticket-triage/flows/flows/grades, flows/ticket-triage/flows/grades, flows/flows/grades; correct the path or add the flow',
    ],
  },
  {
    fault: "an evaluator whose folder holds no flow",
    make: edit("flow: flows/grade_class", "flow: data"),
    outcome: "valid",
    said: [
      '…/experiment.yaml:40:9  the evaluator\'s folder "data" holds no flow; the evaluator is left out of the experiment; its folder came over; write a flow.flex.yaml or flow.dag.yaml for it and add it under evaluators',
    ],
  },
  {
    fault: "a source that leads out of the folder",
    make: edit("source: plain.jsonl", "source: ../plain.jsonl"),
    outcome: "refused",
    said: [
      "…/experiment.yaml:15:11  the source leads out of the folder; files of the folder, and azureml:<name>:<version>; copy it into the folder's data/",
    ],
  },
  {
    fault: "folders with backslashes",
    make: (place) => {
      place.replace(EXPERIMENT, "flow: flows/triage", "flow: flows\\triage");
      place.replace(EXPERIMENT, "flow: flows/grade\n", "flow: .\\flows\\grade\n");
      place.replace(EXPERIMENT, "data/truth.jsonl", "data\\truth.jsonl");
    },
    outcome: "valid",
    said: [
      "…/experiment.yaml:3:7  the folder is written with backslashes; paths have forward slashes; it is flows/triage",
      "…/experiment.yaml:26:9  the folder is written with backslashes; paths have forward slashes; it is ./flows/grade",
      '…/experiment.yaml:30:13  the source is "data\\\\truth.jsonl"; a path from the folder, with forward slashes; it is data/truth.jsonl',
    ],
  },
  {
    fault: "a source with a drive letter",
    make: edit("source: plain.jsonl", "source: C:\\data\\plain.jsonl"),
    outcome: "refused",
    said: [
      "…/experiment.yaml:15:11  the source leads out of the folder; files of the folder, and azureml:<name>:<version>; copy it into the folder's data/",
    ],
  },
  {
    fault: "a source that is not there",
    make: edit("source: plain.jsonl", "source: plan.jsonl"),
    outcome: "open",
    said: [
      'flows/ticket-triage/experiment.yaml:15:11  there is no file "flows/ticket-triage/plan.jsonl"; a file that exists in the repository; correct the path or add what is missing',
    ],
  },
  {
    fault: "a registered dataset without a version",
    make: edit("azureml:tickets:3", "azureml:tickets"),
    outcome: "refused",
    said: [
      '…/experiment.yaml:20:11  datasets[1].source is "azureml:tickets"; a file in the repository or azureml:<name>:<version>; write for example source: data/questions.jsonl',
    ],
  },
  {
    fault: "a mapping to an input that the flow lacks",
    make: edit('ticket: "${data.ticket}"', 'tickets: "${data.ticket}"'),
    outcome: "open",
    said: [
      'flows/ticket-triage/experiment.yaml:18:5  flows/ticket-triage/flows/triage/flow.dag.yaml has no input "tickets"; its inputs are ticket; did you mean "ticket"?',
    ],
  },
  {
    fault: "a mapping from a column that the data lack",
    make: edit('"${data.ticket}"', '"${data.text}"'),
    outcome: "open",
    said: [
      'flows/ticket-triage/data/plain.jsonl:2:1  the line has no "text"; every column that the experiment\'s mappings read, in every line; add it or correct the mapping',
      'flows/ticket-triage/experiment.yaml:18:13  "flows/ticket-triage/data/plain.jsonl" has no column "text"; its columns are ticket, queue; write one of "ticket", "queue"',
    ],
  },
  {
    fault: "a mapping of another library",
    make: edit('found: "${run.outputs.queue}"', 'found: "${target.output}"'),
    outcome: "refused",
    said: [
      '…/experiment.yaml:34:14  evaluators[0].datasets[0].mappings.found is "${target.output}"; ${data.<column>} or ${run.outputs.<output>}; write for example found: ${run.outputs.category}',
    ],
  },
  {
    fault: "a reference to an unknown dataset",
    make: edit("reference: tickets_plain", "reference: tickets_plane"),
    outcome: "open",
    said: [
      'flows/ticket-triage/experiment.yaml:29:16  unknown dataset "tickets_plane"; a dataset of this experiment: "tickets_plain", "tickets_registered"; did you mean "tickets_plain"?',
    ],
  },
  {
    fault: "an unknown type of connection",
    make: edit("connection_type: AzureOpenAIConnection", "connection_type: azure_open_ai"),
    outcome: "refused",
    said: [
      '…/experiment.yaml:7:20  connections[0].connection_type is "azure_open_ai"; one of AzureOpenAIConnection, OpenAIConnection, CognitiveSearchConnection, CustomConnection; did you mean "AzureOpenAIConnection"?',
    ],
  },
  {
    fault: "a connection with secrets of its own",
    make: edit("api_type: azure", "api_type: azure\n  secrets: { token: x }"),
    outcome: "valid",
    said: [
      '…/experiment.yaml:16:11  the source is "plain.jsonl"; a path from the folder, with forward slashes; it is data/plain.jsonl',
      "…/experiment.dev.yaml:3:1  an overlay has connections of its own; connections of an environment stand in its stack file; left out; see to the connection of that name in the stack file",
      '…/experiment.yaml:12:3  a connection has "secrets"; left out; a connection has name, connection_type, api_base, api_endpoint, api_version, api_key, api_type; hand what the flow needs of it through the arm\'s environment or another connection',
    ],
  },
  {
    fault: "a connection that no stack has",
    make: (place) => {
      place.replace(EXPERIMENT, "- name: aoai", "- name: search");
      place.replace(DAG, /connection: aoai/g, "connection: search");
      place.write("experiment.dev.yaml", "");
    },
    outcome: "open",
    said: [
      'flows/ticket-triage/experiment.yaml:6:9  unknown connection "search"; a connection of Pulumi.dev.yaml; write one of "aoai"',
      'flows/ticket-triage/experiment.yaml:6:9  unknown connection "search"; a connection of Pulumi.prod.yaml; write one of "aoai"',
      'flows/ticket-triage/flows/triage/flow.dag.yaml:27:23  unknown connection "search"; a connection of Pulumi.dev.yaml; write one of "aoai"',
      'flows/ticket-triage/flows/triage/flow.dag.yaml:27:23  unknown connection "search"; a connection of Pulumi.prod.yaml; write one of "aoai"',
      'flows/ticket-triage/flows/triage/flow.dag.yaml:40:23  unknown connection "search"; a connection of Pulumi.dev.yaml; write one of "aoai"',
      'flows/ticket-triage/flows/triage/flow.dag.yaml:40:23  unknown connection "search"; a connection of Pulumi.prod.yaml; write one of "aoai"',
    ],
  },
  {
    fault: "an overlay with another connection",
    make: (place) =>
      place.replace("experiment.dev.yaml", "api_version: 2024-02-01", "api_version: 2024-06-01"),
    outcome: "valid",
    said: [
      "…/experiment.dev.yaml:3:1  an overlay has connections of its own; connections of an environment stand in its stack file; left out; see to the connection of that name in the stack file",
    ],
  },
  {
    fault: "an overlay with a block that overlays lack",
    make: (place) => place.replace("experiment.pr.yaml", "evaluators:", "parameters:"),
    outcome: "refused",
    said: [
      '…/experiment.pr.yaml:9:1  unknown key "parameters" in the file; its keys are datasets, evaluators, runtime, gate; remove it',
    ],
  },
  {
    fault: "an overlay that is a list",
    make: (place) => place.write("experiment.dev.yaml", "- datasets\n"),
    outcome: "refused",
    said: [
      '…/experiment.dev.yaml:1:1  the file is a list; a mapping of keys to values; write its keys below "", indented',
    ],
  },
  {
    fault: "an experiment.yaml that is a folder",
    make: (place) => {
      rmSync(path.join(place.folder, EXPERIMENT));
      mkdirSync(path.join(place.folder, EXPERIMENT));
    },
    outcome: "refused",
    said: [
      "…/experiment.yaml:1:1  this is no file; settings as a person writes them; see whether this is what is meant",
    ],
  },
  {
    fault: "aliases that stand inside of what they stand for",
    make: (place) => {
      place.replace(EXPERIMENT, "flow: flows/triage", "flow: flows/triage_class");
      place.write(
        "flows/triage_class/flow.flex.yaml",
        "entry: triage:Triage\ninit: &init\n  again: *init\n",
      );
    },
    outcome: "valid",
    said: [],
  },
  {
    fault: "an experiment file that is no overlay",
    make: (place) => place.write("experiment-post.yaml", "name: post\n"),
    outcome: "valid",
    said: [
      "…/experiment-post.yaml:1:1  another experiment than experiment.yaml and its overlays; the file came over, and nothing reads it; make it a flow of its own, or an overlay experiment.<env>.yaml",
    ],
  },
  {
    fault: "a key in experiment.yaml",
    make: edit("api_key: ${api_key}", `api_key: ${KEY} # ours`),
    outcome: "valid",
    said: [
      "…/experiment.yaml:10:12  the value of api_key looks like a secret; no secret stands in a file; a placeholder stands in its place; renew the key",
      "…/experiment.dev.yaml:3:1  an overlay has connections of its own; connections of an environment stand in its stack file; left out; see to the connection of that name in the stack file",
    ],
  },
];
