import type { Wrong } from "./wrong";

/** Wrong flows: folders, experiments, overlays, datasets, evaluators. */
export const experiment: readonly Wrong[] = [
  {
    name: "unknown flow",
    edits: [{ from: "    web:\n", to: "    wep:\n" }],
    problems: [
      'Pulumi.dev.yaml:16:5  there is no folder flows/wep; the name of a folder under flows/; did you mean "web"?',
    ],
  },
  {
    name: "flow name",
    edits: [{ from: "    web:\n", to: "    Web Site:\n" }],
    problems: [
      'Pulumi.dev.yaml:16:5  "Web Site" is not a legal name; 3 to 32 lower-case letters, digits and single hyphens, starting with a letter and ending with a letter or digit; rename it, for example to "web-site"',
    ],
  },
  {
    name: "no experiment",
    files: { "flows/web/experiment.yaml": null },
    problems: [
      "flows/web/experiment.yaml:1:1  the file is missing; each folder under flows/ has an experiment.yaml; write one with name, flow and datasets",
    ],
  },
  {
    name: "empty experiment",
    files: { "flows/web/experiment.yaml": "" },
    problems: [
      "flows/web/experiment.yaml:1:1  the file is empty; name, flow, connections, parameters, datasets, evaluators, runtime and gate; write the experiment or remove the file",
    ],
  },
  {
    name: "comment experiment",
    files: { "flows/web/experiment.yaml": "# later\n" },
    problems: [
      "flows/web/experiment.yaml:1:1  the file is empty; name, flow, connections, parameters, datasets, evaluators, runtime and gate; write the experiment or remove the file",
    ],
  },
  {
    name: "experiment no utf8",
    files: { "flows/web/experiment.yaml": Buffer.from([0xc3, 0x28]) },
    problems: [
      "flows/web/experiment.yaml:1:1  the file is not UTF-8 text; YAML files are UTF-8; save it with the encoding UTF-8",
    ],
  },
  {
    name: "experiment symlink",
    files: { "flows/web/experiment.yaml": null },
    links: { "flows/web/experiment.yaml": "/etc/hostname" },
    problems: [
      'flows/web/experiment.yaml:1:1  "flows/web/experiment.yaml" leads out of the repository; files and folders inside the repository, after following symbolic links; copy it into the repository',
    ],
  },
  {
    name: "experiment misspelt",
    edits: [
      { file: "flows/web/experiment.yaml", from: "datasets:\n  - name", to: "dataset:\n  - name" },
    ],
    problems: [
      'flows/web/experiment.yaml:8:1  unknown key "dataset" in the file; its keys are name, flow, connections, parameters, datasets, evaluators, runtime, gate; did you mean "datasets"?',
    ],
  },
  {
    name: "experiment name",
    edits: [{ file: "flows/web/experiment.yaml", from: "name: web\n", to: "name: web site\n" }],
    problems: [
      'flows/web/experiment.yaml:1:7  name is "web site"; letters, digits, underscores, hyphens and periods, starting with a letter or digit; write for example name: web_classification',
    ],
  },
  {
    name: "same experiment",
    edits: [
      {
        from: "    web:\n",
        to: "    web2:\n      arms: { blue: { version: 1, weight: 100 } }\n    web:\n",
      },
    ],
    files: { "flows/web2/experiment.yaml": "name: web\nflow: web\n" },
    problems: [
      'flows/web/flow.dag.yaml:9:17  the experiment has no connection "aoai"; a connection of flows/web2/experiment.yaml; add it under connections there',
      'flows/web2/experiment.yaml:1:7  "web" is also the experiment of flows/web; a name of its own: it is the name of the flow\'s model; rename one of the two experiments',
    ],
  },
  {
    name: "flow folder missing",
    edits: [{ file: "flows/web/experiment.yaml", from: "flow: web\n", to: "flow: wbe\n" }],
    problems: [
      'flows/web/experiment.yaml:2:7  there is no flow in "wbe"; a folder with flow.dag.yaml, flow.flex.yaml or Dockerfile; searched: flows/web/flows/wbe, flows/web/wbe, flows/wbe; correct the path or add the flow',
    ],
  },
  {
    name: "overlay name flow",
    files: { "flows/web/experiment.dev.yaml": "name: other\nflow: other\n" },
    problems: [
      'flows/web/experiment.dev.yaml:1:1  an overlay sets "name"; an overlay replaces datasets, evaluators, runtime and gate; name and flow never change; remove it here or change it in experiment.yaml',
      'flows/web/experiment.dev.yaml:2:1  an overlay sets "flow"; an overlay replaces datasets, evaluators, runtime and gate; name and flow never change; remove it here or change it in experiment.yaml',
    ],
  },
  {
    name: "overlay connections",
    files: { "flows/web/experiment.dev.yaml": "connections: []\n" },
    problems: [
      'flows/web/experiment.dev.yaml:1:1  unknown key "connections" in the file; its keys are datasets, evaluators, runtime, gate; remove it',
    ],
  },
  {
    name: "overlay with the name of what every object has",
    files: { "flows/web/experiment.dev.yaml": "hasOwnProperty: []\n" },
    problems: [
      'flows/web/experiment.dev.yaml:1:1  unknown key "hasOwnProperty" in the file; its keys are datasets, evaluators, runtime, gate; remove it',
    ],
  },
  {
    name: "overlay broken",
    files: { "flows/web/experiment.dev.yaml": "datasets: [\n" },
    problems: [
      "flows/web/experiment.dev.yaml:2:1  broken YAML: a bracket or brace above is still open; YAML 1.2; close it above this line",
    ],
  },
  {
    name: "overlay drops dataset",
    files: { "flows/web/experiment.dev.yaml": "datasets:\n" },
    problems: [
      'flows/web/experiment.yaml:17:20  unknown dataset "train"; a dataset of this experiment; add it under datasets',
    ],
  },
  {
    name: "dataset missing file",
    edits: [
      { file: "flows/web/experiment.yaml", from: "data/train.jsonl", to: "data/trian.jsonl" },
    ],
    problems: [
      'flows/web/experiment.yaml:10:13  there is no file "flows/web/data/trian.jsonl"; a file that exists in the repository; correct the path or add what is missing',
    ],
  },
  {
    name: "dataset is folder",
    edits: [{ file: "flows/web/experiment.yaml", from: "data/train.jsonl", to: "data" }],
    problems: [
      'flows/web/experiment.yaml:10:13  "flows/web/data" is not a file; a file; correct the path',
    ],
  },
  {
    name: "dataset outside",
    edits: [
      { file: "flows/web/experiment.yaml", from: "data/train.jsonl", to: "../../../train.jsonl" },
    ],
    problems: [
      'flows/web/experiment.yaml:10:13  "../train.jsonl" leads out of the repository; paths inside the repository, after following symbolic links; copy it into the repository',
    ],
  },
  {
    name: "dataset symlink",
    files: { "flows/web/data/train.jsonl": null },
    links: { "flows/web/data/train.jsonl": "/etc/hostname" },
    problems: [
      'flows/web/experiment.yaml:10:13  "flows/web/data/train.jsonl" leads out of the repository; paths inside the repository, after following symbolic links; copy it into the repository',
    ],
  },
  {
    name: "dataset empty",
    files: { "flows/web/data/train.jsonl": "" },
    problems: [
      'flows/web/experiment.yaml:10:13  "flows/web/data/train.jsonl" has an empty first line; JSON Lines: one JSON object in each line; add data or remove the dataset',
    ],
  },
  {
    name: "dataset csv",
    files: { "flows/web/data/train.jsonl": "url,answer\n" },
    problems: [
      'flows/web/experiment.yaml:10:13  the first line of "flows/web/data/train.jsonl" is not a JSON object; JSON Lines: one JSON object in each line; convert the file to JSON Lines',
    ],
  },
  {
    name: "dataset azureml",
    edits: [{ file: "flows/web/experiment.yaml", from: "data/train.jsonl", to: "azureml:train" }],
    problems: [
      'flows/web/experiment.yaml:10:13  datasets[0].source is "azureml:train"; a file in the repository or azureml:<name>:<version>; write for example source: data/questions.jsonl',
    ],
  },
  {
    name: "dataset twice",
    edits: [
      {
        file: "flows/web/experiment.yaml",
        from: "datasets:\n  - name: train",
        to: "datasets:\n  - name: train\n    source: data/train.jsonl\n  - name: train",
      },
    ],
    problems: [
      'flows/web/experiment.yaml:11:11  "train" stands twice under datasets; each name once; rename one of the two',
    ],
  },
  {
    name: "column",
    edits: [
      { file: "flows/web/experiment.yaml", from: "url: ${data.url}", to: "url: ${data.urll}" },
    ],
    problems: [
      'flows/web/experiment.yaml:12:12  "flows/web/data/train.jsonl" has no column "urll"; its columns are url, answer; did you mean "url"?',
    ],
  },
  {
    name: "column form",
    edits: [{ file: "flows/web/experiment.yaml", from: "url: ${data.url}", to: "url: $data.url" }],
    problems: [
      'flows/web/experiment.yaml:12:12  datasets[0].mappings.url is "$data.url"; ${data.<column>}; write for example url: ${data.url}',
    ],
  },
  {
    name: "column evaluator",
    edits: [{ file: "flows/web/experiment.yaml", from: "${data.answer}", to: "${data.anwser}" }],
    problems: [
      'flows/web/experiment.yaml:19:18  "flows/web/data/train.jsonl" has no column "anwser"; its columns are url, answer; did you mean "answer"?',
    ],
  },
  {
    name: "input",
    edits: [
      {
        file: "flows/web/experiment.yaml",
        from: "      url: ${data.url}",
        to: "      ulr: ${data.url}",
      },
    ],
    problems: [
      'flows/web/experiment.yaml:12:7  flows/web/flow.dag.yaml has no input "ulr"; its inputs are url; did you mean "url"?',
    ],
  },
  {
    name: "output",
    edits: [
      {
        file: "flows/web/experiment.yaml",
        from: "run.outputs.category",
        to: "run.outputs.categories",
      },
    ],
    problems: [
      'flows/web/experiment.yaml:20:19  flows/web/flow.dag.yaml has no output "categories"; its outputs are category; did you mean "category"?',
    ],
  },
  {
    name: "run output form",
    edits: [
      {
        file: "flows/web/experiment.yaml",
        from: "${run.outputs.category}",
        to: "${run.output.category}",
      },
    ],
    problems: [
      'flows/web/experiment.yaml:20:19  evaluators[0].datasets[0].mappings.answer is "${run.output.category}"; ${data.<column>} or ${run.outputs.<output>}; write for example answer: ${run.outputs.category}',
    ],
  },
  {
    name: "reference",
    edits: [
      { file: "flows/web/experiment.yaml", from: "reference: train", to: "reference: trian" },
    ],
    problems: [
      'flows/web/experiment.yaml:17:20  unknown dataset "trian"; a dataset of this experiment: "train"; did you mean "train"?',
    ],
  },
  {
    name: "reference missing",
    edits: [
      {
        file: "flows/web/experiment.yaml",
        from: "      - reference: train\n        mappings",
        to: "      - mappings",
      },
    ],
    problems: [
      'flows/web/experiment.yaml:17:9  the evaluator\'s dataset has neither name nor reference; the name of a dataset of this experiment; add "reference": "train"',
    ],
  },
  {
    name: "evaluator flow missing",
    edits: [
      {
        file: "flows/web/experiment.yaml",
        from: "evaluations/accuracy",
        to: "evaluations/acuracy",
      },
    ],
    problems: [
      'flows/web/experiment.yaml:15:11  there is no flow in "evaluations/acuracy"; a folder with flow.dag.yaml, flow.flex.yaml or Dockerfile; searched: flows/web/flows/evaluations/acuracy, flows/web/evaluations/acuracy, flows/evaluations/acuracy; correct the path or add the flow',
    ],
  },
  {
    name: "evaluator no datasets",
    edits: [
      {
        file: "flows/web/experiment.yaml",
        from: "    datasets:\n      - reference: train\n        mappings:\n          truth: ${data.answer}\n          answer: ${run.outputs.category}",
        to: "    datasets: []",
      },
    ],
    problems: [
      'flows/web/experiment.yaml:16:5  evaluators[0].datasets is an empty list; at least one dataset; correct "datasets"',
    ],
  },
  {
    name: "key in experiment",
    edits: [
      {
        file: "flows/web/experiment.yaml",
        from: "${api_key}",
        to: "0123456789abcdef0123456789abcdef",
      },
    ],
    problems: [
      "flows/web/experiment.yaml:7:14  connections[0].api_key is a text that is not shown; a placeholder; the key itself comes from the environment; write for example api_key: ${api_key}",
    ],
  },
  {
    name: "connection unknown",
    edits: [{ file: "flows/web/experiment.yaml", from: "  - name: aoai", to: "  - name: aoia" }],
    problems: [
      'flows/web/experiment.yaml:4:11  unknown connection "aoia"; a connection of Pulumi.dev.yaml; did you mean "aoai"?',
      'flows/web/flow.dag.yaml:9:17  the experiment has no connection "aoai"; a connection of flows/web/experiment.yaml; did you mean "aoia"?',
    ],
  },
  {
    name: "connection type exp",
    edits: [
      { file: "flows/web/experiment.yaml", from: "AzureOpenAIConnection", to: "AzureOpenAI" },
    ],
    problems: [
      'flows/web/experiment.yaml:5:22  connections[0].connection_type is "AzureOpenAI"; one of AzureOpenAIConnection, OpenAIConnection, CognitiveSearchConnection, CustomConnection; did you mean "AzureOpenAIConnection"?',
    ],
  },
  {
    name: "node connection",
    edits: [
      { file: "flows/web/flow.dag.yaml", from: "connection: aoai", to: "connection: openai" },
    ],
    problems: [
      'flows/web/flow.dag.yaml:9:17  the experiment has no connection "openai"; a connection of flows/web/experiment.yaml; write one of "aoai"',
      'flows/web/flow.dag.yaml:9:17  unknown connection "openai"; a connection of Pulumi.dev.yaml; write one of "aoai"',
    ],
  },
  {
    name: "dag broken",
    edits: [{ file: "flows/web/flow.dag.yaml", from: "inputs:\n", to: "inputs: [\n" }],
    problems: [
      "flows/web/flow.dag.yaml:3:1  broken YAML: a bracket or brace above is still open; YAML 1.2; close it above this line",
    ],
  },
  {
    name: "dag empty",
    files: { "flows/web/flow.dag.yaml": "" },
    problems: [
      "flows/web/flow.dag.yaml:1:1  the file is empty; inputs, outputs and nodes of a prompt flow; write the flow or remove the file",
    ],
  },
];
