import type { Edit } from "../repository";
import type { Wrong } from "./wrong";

const edit = (from: string, to: string): Edit => ({ file: "flows/web/flow.dag.yaml", from, to });
const longNode = (to: string) => edit("long: { node: {} }", `long: { node: ${to} }`);

/** Wrong DAG flows: what prompt flow would refuse when it runs, or pass over in silence. */
export const dag: readonly Wrong[] = [
  {
    name: "node reads from no node",
    edits: [longNode("{ inputs: { text: '${clasify.output}' } }")],
    problems: [
      'flows/web/flow.dag.yaml:14:39  there is no node "clasify"; the nodes are summarize, classify; did you mean "classify"?',
    ],
  },
  {
    name: "node reads from no input",
    edits: [longNode("{ inputs: { text: '${inputs.uri}' } }")],
    problems: [
      'flows/web/flow.dag.yaml:14:39  the flow has no input "uri"; its inputs are url; did you mean "url"?',
    ],
  },
  {
    name: "output reads from no node",
    edits: [edit("${classify.output}", "${clasify.output}")],
    problems: [
      'flows/web/flow.dag.yaml:4:40  there is no node "clasify"; the nodes are summarize, classify; did you mean "classify"?',
    ],
  },
  {
    name: "output without reference",
    edits: [edit(', reference: "${classify.output}"', "")],
    problems: [
      'flows/web/flow.dag.yaml:4:3  the output "category" has no reference; ${<node>.output} or ${inputs.<input>}; add reference: ${<node>.output}',
    ],
  },
  {
    name: "node waits for itself",
    edits: [edit("connection: aoai", "inputs: { text: '${classify.output}' }")],
    problems: [
      'flows/web/flow.dag.yaml:9:5  the nodes "classify" → "classify" wait for each other; nodes that read from inputs and from nodes before them; take one of these references away',
    ],
  },
  {
    name: "nodes wait for each other",
    edits: [
      edit("connection: aoai", "inputs: { text: '${summarize.output}' }"),
      longNode("{ inputs: { text: '${classify.output.text}' } }"),
    ],
    problems: [
      'flows/web/flow.dag.yaml:14:23  the nodes "summarize" → "classify" → "summarize" wait for each other; nodes that read from inputs and from nodes before them; take one of these references away',
    ],
  },
  {
    name: "nodes wait for each other in one variant",
    edits: [
      edit("connection: aoai", "inputs: { text: '${summarize.output}' }"),
      edit("short: { node: {} }", "short: { node: { inputs: { text: '${classify.output}' } } }"),
    ],
    problems: [
      'flows/web/flow.dag.yaml:15:24  the nodes "summarize" → "classify" → "summarize" wait for each other; nodes that read from inputs and from nodes before them; take one of these references away',
    ],
  },
  {
    name: "node without name",
    edits: [
      edit("  - name: classify\n    connection", "  - type: llm\n    connection"),
      edit("${classify.output}", "${summarize.output}"),
    ],
    problems: [
      "flows/web/flow.dag.yaml:8:5  the node has no name; each node has a name, by which others refer to it; add name",
    ],
  },
  {
    name: "two nodes of one name",
    edits: [
      edit("  - name: classify", "  - name: summarize"),
      edit("${classify.output}", "${summarize.output}"),
    ],
    problems: [
      'flows/web/flow.dag.yaml:8:11  "summarize" stands twice under nodes; each name once; rename one of the two',
    ],
  },
  {
    name: "node without its variants",
    edits: [edit("  - name: classify\n", "  - name: classify\n    use_variants: true\n")],
    problems: [
      'flows/web/flow.dag.yaml:9:19  the node "classify" has no variants; use_variants where node_variants has an entry for the node; add node_variants.classify or remove use_variants',
    ],
  },
  {
    name: "variants of no node",
    edits: [edit("  summarize:\n", "  sumarize:\n"), edit("    use_variants: true\n", "")],
    problems: [
      'Pulumi.dev.yaml:19:58  unknown variant "summarize.short"; a variant in flows/web/flow.dag.yaml; did you mean "sumarize.short"?',
      'flows/web/flow.dag.yaml:10:3  there is no node "sumarize"; the nodes are summarize, classify; did you mean "summarize"?',
    ],
  },
  {
    name: "variants that are not used",
    edits: [edit("    use_variants: true\n", "")],
    problems: [
      'flows/web/flow.dag.yaml:10:3  the node "summarize" does not use its variants; variants of nodes with use_variants: true; add use_variants: true to the node or remove its variants',
    ],
  },
  {
    name: "no default variant",
    edits: [edit("    default_variant_id: long\n", "")],
    problems: [
      'flows/web/flow.dag.yaml:11:3  the node "summarize" has no default variant; default_variant_id names a variant of "summarize"; write one of "long", "short"',
    ],
  },
  {
    name: "unknown default variant",
    edits: [edit("default_variant_id: long", "default_variant_id: lang")],
    problems: [
      'flows/web/flow.dag.yaml:12:25  unknown variant "lang"; default_variant_id names a variant of "summarize"; did you mean "long"?',
    ],
  },
  {
    name: "prompt missing",
    edits: [longNode("{ source: { type: code, path: prompts/long.jinja2 } }")],
    problems: [
      'flows/web/flow.dag.yaml:14:51  there is no file "flows/web/prompts/long.jinja2"; a file in the folder of the flow; correct the path or add what is missing',
    ],
  },
  {
    name: "input without mapping",
    edits: [
      edit("  url: { type: string }\n", "  url: { type: string }\n  title: { type: string }\n"),
    ],
    problems: [
      'flows/web/experiment.yaml:11:5  nothing fills the input "title" of flows/web/flow.dag.yaml; a mapping for each input without a default, or a column of its name; add title: ${data.<column>}, with one of url, answer',
    ],
  },
  {
    name: "evaluator's input without mapping",
    edits: [
      {
        file: "flows/web/experiment.yaml",
        from: "          truth: ${data.answer}\n",
        to: "",
      },
    ],
    problems: [
      'flows/web/experiment.yaml:18:9  nothing fills the input "truth" of flows/web/evaluations/accuracy/flow.dag.yaml; a mapping for each input without a default, or a column of its name; add truth: ${data.<column>}, with one of url, answer',
    ],
  },
  {
    name: "evaluator that waits for itself",
    edits: [
      {
        file: "flows/web/evaluations/accuracy/flow.dag.yaml",
        from: "nodes: []",
        to: "nodes: [{ name: grade, inputs: { a: '${grade.output}' } }]",
      },
    ],
    problems: [
      'flows/web/evaluations/accuracy/flow.dag.yaml:5:24  the nodes "grade" → "grade" wait for each other; nodes that read from inputs and from nodes before them; take one of these references away',
    ],
  },
];
