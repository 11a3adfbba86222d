import { existsSync } from "node:fs";
import path from "node:path";
import { cycleIn } from "./dagCycle";
import { quote } from "./display";
import { record } from "./folders";
import type { Dag } from "./folders";
import type { Fault, Problem } from "./problem";
import type { DataPath } from "./source";
import { orListing } from "./suggest";

/** What stands at one place of a DAG flow: a node, or one variant of it. */
export interface DagStep {
  readonly node: string;
  /** Absent for what the node is by itself. */
  readonly variant?: string;
  readonly at: DataPath;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Everything about a DAG flow that prompt flow would refuse or silently pass over when it runs. */
export function dagProblems(root: string, dag: Dag): Problem[] {
  if (dag.problems.length > 0) {
    return [];
  }
  const steps = stepsOf(dag);
  return [
    ...nodeProblems(dag),
    ...variantProblems(dag),
    ...steps.flatMap((step) => sourceProblems(root, dag, step)),
    ...steps.flatMap((step) =>
      referencesOf(step).flatMap(({ at, text }) => referenceProblems(dag, at, text)),
    ),
    ...outputProblems(dag),
    ...cycleProblems(dag, steps),
  ];
}

function stepsOf({ file }: Dag): DagStep[] {
  const data = record(file.data);
  const nodes = (Array.isArray(data.nodes) ? data.nodes : []).map((node, index) => ({
    node: String(record(node).name),
    at: ["nodes", index],
    data: record(node),
  }));
  const variants = Object.entries(record(data.node_variants)).flatMap(([node, value]) =>
    Object.entries(record(record(value).variants)).map(([variant, choice]) => ({
      node,
      variant,
      at: ["node_variants", node, "variants", variant, "node"],
      data: record(record(choice).node),
    })),
  );
  return [...nodes, ...variants];
}

function nodeProblems(dag: Dag): Problem[] {
  const { nodes = [] } = record(dag.file.data);
  return (Array.isArray(nodes) ? nodes : []).flatMap((value, index) => {
    const { name, use_variants } = record(value);
    if (typeof name !== "string" || name === "") {
      return [
        dag.file.problem(["nodes", index], {
          found: "the node has no name",
          allowed: "each node has a name, by which others refer to it",
          mend: "add name",
        }),
      ];
    }
    if (dag.nodes.indexOf(name) < index && dag.nodes.filter((node) => node === name).length > 1) {
      return [
        dag.file.problem(["nodes", index, "name"], {
          found: `${quote(name)} stands twice under nodes`,
          allowed: "each name once",
          mend: "rename one of the two",
        }),
      ];
    }
    return use_variants === true && (dag.variants[name] ?? []).length === 0
      ? [
          dag.file.problem(["nodes", index, "use_variants"], {
            found: `the node ${quote(name)} has no variants`,
            allowed: "use_variants where node_variants has an entry for the node",
            mend: `add node_variants.${name} or remove use_variants`,
          }),
        ]
      : [];
  });
}

function variantProblems(dag: Dag): Problem[] {
  const data = record(dag.file.data);
  const nodes = Array.isArray(data.nodes) ? data.nodes.map(record) : [];
  return Object.keys(record(data.node_variants)).flatMap((node) => {
    const place = ["node_variants", node];
    const own = nodes.find(({ name }) => name === node);
    if (own === undefined) {
      return [unknownNode(dag, place, node, "key")];
    }
    const variants = dag.variants[node] ?? [];
    const chosen = dag.defaults[node];
    return [
      ...(own.use_variants === true
        ? []
        : [
            dag.file.problem(
              place,
              {
                found: `the node ${quote(node)} does not use its variants`,
                allowed: "variants of nodes with use_variants: true",
                mend: "add use_variants: true to the node or remove its variants",
              },
              "key",
            ),
          ]),
      ...(chosen !== undefined && variants.includes(chosen)
        ? []
        : [
            dag.file.problem([...place, "default_variant_id"], {
              found:
                chosen === undefined
                  ? `the node ${quote(node)} has no default variant`
                  : `unknown variant ${quote(chosen)}`,
              allowed: `default_variant_id names a variant of ${quote(node)}`,
              mend: orListing(chosen ?? "", variants, "add it under variants"),
            }),
          ]),
    ];
  });
}

/** The prompt or code of a node is a file beside the flow. */
function sourceProblems(root: string, dag: Dag, { at, data }: DagStep): Problem[] {
  const source = record(data.source);
  if (source.type !== "code" || typeof source.path !== "string") {
    return [];
  }
  const file = path.posix.join(path.posix.dirname(dag.file.file), source.path);
  return existsSync(path.join(root, file))
    ? []
    : [
        dag.file.problem([...at, "source", "path"], {
          found: `there is no file ${quote(file)}`,
          allowed: "a file in the folder of the flow",
          mend: "correct the path or add what is missing",
        }),
      ];
}

/** Texts of a node that read from elsewhere: `${inputs.text}`, `${tidy_text.output}`. */
function referencesOf({ at, data }: DagStep): { at: DataPath; text: string }[] {
  const activate = record(data.activate);
  return [
    ...Object.entries(record(data.inputs)).map(([name, value]) => ({
      at: [...at, "inputs", name],
      value,
    })),
    { at: [...at, "activate", "when"], value: activate.when },
  ].flatMap(({ at: place, value }) =>
    typeof value === "string" && /^\$\{[^{}]+\}$/.test(value)
      ? [{ at: place, text: value.slice(2, -1) }]
      : [],
  );
}

function referenceProblems(dag: Dag, at: DataPath, text: string): Problem[] {
  const input = /^(?:inputs|flow)\.([^.[\]]+)/.exec(text)?.[1];
  if (input !== undefined) {
    return dag.inputs.includes(input)
      ? []
      : [
          dag.file.problem(at, {
            found: `the flow has no input ${quote(input)}`,
            allowed: `its inputs are ${dag.inputs.join(", ")}`,
            mend: orListing(input, dag.inputs, "add it under inputs"),
          }),
        ];
  }
  const node = nodeOf(text);
  return node === undefined || dag.nodes.includes(node) ? [] : [unknownNode(dag, at, node)];
}

/** The node whose output a reference reads. */
function nodeOf(text: string): string | undefined {
  const [name] = /^[^.[\]]+/.exec(text) ?? [];
  return name === undefined || ["inputs", "flow", "parent"].includes(name) ? undefined : name;
}

function unknownNode(dag: Dag, at: DataPath, node: string, on: "key" | "value" = "value"): Problem {
  const fault: Fault = {
    found: `there is no node ${quote(node)}`,
    allowed: `the nodes are ${dag.nodes.join(", ")}`,
    mend: orListing(node, dag.nodes, "add it under nodes"),
  };
  return dag.file.problem(at, fault, on);
}

function outputProblems(dag: Dag): Problem[] {
  return Object.entries(record(record(dag.file.data).outputs)).flatMap(([output, value]) => {
    const { reference } = record(value);
    const at = ["outputs", output, "reference"];
    if (typeof reference !== "string" || !/^\$\{[^{}]+\}$/.test(reference)) {
      return [
        dag.file.problem(at, {
          found: `the output ${quote(output)} has no reference`,
          allowed: "${<node>.output} or ${inputs.<input>}",
          mend: "add reference: ${<node>.output}",
        }),
      ];
    }
    return referenceProblems(dag, at, reference.slice(2, -1));
  });
}

/** Nodes that wait for each other, with all defaults or with one node varied, as the flow is run. */
function cycleProblems(dag: Dag, steps: readonly DagStep[]): Problem[] {
  const chosen = (node: string) => ({ node, variant: dag.defaults[node] });
  const choices = [
    undefined,
    ...steps.filter(({ node, variant }) => variant !== undefined && variant !== dag.defaults[node]),
  ];
  for (const choice of choices) {
    const active = dag.nodes.flatMap((node) => {
      const { variant } = node === choice?.node ? choice : chosen(node);
      return steps.filter((step) => step.node === node && step.variant === variant);
    });
    const waits = new Map(
      active.map((step) => [
        step.node,
        referencesOf(step).flatMap(({ text }) => nodeOf(text) ?? []),
      ]),
    );
    const cycle = cycleIn(waits);
    if (cycle !== undefined) {
      const first = active.find(({ node }) => node === cycle[0]) as DagStep;
      return [
        dag.file.problem([...first.at, "inputs"], {
          found: `the nodes ${cycle.map(quote).join(" → ")} wait for each other`,
          allowed: "nodes that read from inputs and from nodes before them",
          mend: "take one of these references away",
        }),
      ];
    }
  }
  return [];
}
