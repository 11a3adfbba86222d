import { closeSync, existsSync, openSync, readSync, realpathSync, statSync } from "node:fs";
import path from "node:path";
import type { FlowKind } from "./experiment";
import type { Fault, Problem } from "./problem";
import { isInside, readYaml, realRoot } from "./source";
import type { DataPath, YamlFile } from "./source";

/** What makes a folder a flow, by kind; the first that is there decides. */
const FLOW_FILES: readonly (readonly [FlowKind, readonly string[]])[] = [
  ["dag", ["flow.dag.yaml", "flow.dag.yml"]],
  ["flex", ["flow.flex.yaml", "flow.flex.yml"]],
  ["container", ["Dockerfile"]],
];

/** A folder with a flow in it. */
export interface FlowFolder {
  /** Relative to the repository, with forward slashes. */
  readonly folder: string;
  readonly kind: FlowKind;
  /** The file that makes it a flow, relative to the repository. */
  readonly file: string;
}

/** Look for a flow's folder: `<home>/flows/<folder>`, `<home>/<folder>`, `flows/<folder>`. */
export function findFlow(root: string, home: string, folder: string): FlowFolder | undefined {
  for (const candidate of flowCandidates(home, folder)) {
    for (const [kind, files] of FLOW_FILES) {
      for (const file of files) {
        const relative = path.posix.join(candidate, file);
        if (existsSync(path.join(root, relative))) {
          return { folder: candidate, kind, file: relative };
        }
      }
    }
  }
  return undefined;
}

/** Where a flow is looked for, in this order. */
export function flowCandidates(home: string, folder: string): string[] {
  const places = [`${home}/flows/${folder}`, `${home}/${folder}`, `flows/${folder}`];
  return [...new Set(places.map((place) => path.posix.normalize(place).replace(/\/$/, "")))].filter(
    (place) => !place.startsWith(".."),
  );
}

/** The fault of a file or folder that is named somewhere and is not there or not inside. */
export function faultOfPath(
  root: string,
  relative: string,
  kind: "file" | "folder",
): Fault | undefined {
  const absolute = path.resolve(root, relative);
  const shown = JSON.stringify(relative);
  if (!isInside(root, absolute)) {
    return outside(shown);
  }
  if (!existsSync(absolute)) {
    return {
      found: `there is no ${kind} ${shown}`,
      allowed: `a ${kind} that exists in the repository`,
      mend: "correct the path or add what is missing",
    };
  }
  if (!isInside(realRoot(root), realpathSync.native(absolute))) {
    return outside(shown);
  }
  const stats = statSync(absolute);
  if (!(kind === "folder" ? stats.isDirectory() : stats.isFile())) {
    return {
      found: `${shown} is not a ${kind}`,
      allowed: `a ${kind}`,
      mend: "correct the path",
    };
  }
  return undefined;
}

function outside(shown: string): Fault {
  return {
    found: `${shown} leads out of the repository`,
    allowed: "paths inside the repository, after following symbolic links",
    mend: "copy it into the repository",
  };
}

/** The columns of a JSON Lines file, from its first line. */
export function columnsOf(root: string, file: string): readonly string[] | Fault {
  const line = firstLine(path.join(root, file));
  const shown = JSON.stringify(file);
  if (line.trim() === "") {
    return {
      found: `${shown} has an empty first line`,
      allowed: "JSON Lines: one JSON object in each line",
      mend: "add data or remove the dataset",
    };
  }
  try {
    const row: unknown = JSON.parse(line);
    if (typeof row === "object" && row !== null && !Array.isArray(row)) {
      return Object.keys(row);
    }
  } catch {
    // Falls through to the fault below: whatever is wrong with the line, it is no JSON object.
  }
  return {
    found: `the first line of ${shown} is not a JSON object`,
    allowed: "JSON Lines: one JSON object in each line",
    mend: "convert the file to JSON Lines",
  };
}

function firstLine(absolute: string): string {
  const file = openSync(absolute, "r");
  try {
    const chunks: Buffer[] = [];
    for (;;) {
      const chunk = Buffer.allocUnsafe(16_384);
      const count = readSync(file, chunk, 0, chunk.length, null);
      const end = chunk.subarray(0, count).indexOf(10);
      chunks.push(chunk.subarray(0, end === -1 ? count : end));
      if (end !== -1 || count === 0) {
        return Buffer.concat(chunks)
          .toString("utf8")
          .replace(/^\uFEFF/, "");
      }
    }
  } finally {
    closeSync(file);
  }
}

/** What a DAG flow says of itself. */
export interface Dag {
  readonly file: YamlFile;
  readonly inputs: readonly string[];
  /** Inputs without a default, which every line of a dataset must fill. */
  readonly required: readonly string[];
  readonly outputs: readonly string[];
  /** Names of the nodes, in the order of the file. */
  readonly nodes: readonly string[];
  /** Variants by node; nodes without variants are absent. */
  readonly variants: Readonly<Record<string, readonly string[]>>;
  /** The variant that each node with variants takes by itself; absent where the file names none. */
  readonly defaults: Readonly<Record<string, string>>;
  /** The connection of each node and variant that has one, and where it stands. */
  readonly connections: readonly { readonly at: DataPath; readonly name: string }[];
  readonly problems: readonly Problem[];
}

/** Read flow.dag.yaml as far as the settings refer to it. */
export function readDag(root: string, relative: string): Dag {
  const file = readYaml(root, relative);
  const data = record(file.data);
  const problems = [...file.problems];
  if (file.data === undefined && problems.length === 0) {
    problems.push(
      file.problem([], {
        found: "the file is empty",
        allowed: "inputs, outputs and nodes of a prompt flow",
        mend: "write the flow or remove the file",
      }),
    );
  }
  const nodes = Array.isArray(data.nodes) ? data.nodes : [];
  const variants = Object.entries(record(data.node_variants)).map(
    ([node, value]) => [node, record(record(value).variants)] as const,
  );
  const users: (readonly [DataPath, unknown])[] = [
    ...nodes.map((node, index) => [["nodes", index], node] as const),
    ...variants.flatMap(([node, choices]) =>
      Object.entries(choices).map(
        ([choice, value]) =>
          [["node_variants", node, "variants", choice, "node"], record(value).node] as const,
      ),
    ),
  ];
  return {
    file,
    inputs: Object.keys(record(data.inputs)),
    required: Object.entries(record(data.inputs)).flatMap(([input, value]) =>
      record(value).default === undefined ? [input] : [],
    ),
    outputs: Object.keys(record(data.outputs)),
    nodes: nodes.flatMap((node) => {
      const { name } = record(node);
      return typeof name === "string" ? [name] : [];
    }),
    variants: Object.fromEntries(variants.map(([node, choices]) => [node, Object.keys(choices)])),
    defaults: Object.fromEntries(
      Object.entries(record(data.node_variants)).flatMap(([node, value]) => {
        const variant = record(value).default_variant_id;
        return typeof variant === "string" ? [[node, variant]] : [];
      }),
    ),
    connections: users.flatMap(([at, user]) => {
      const { connection } = record(user);
      return typeof connection === "string"
        ? [{ at: [...at, "connection"], name: connection }]
        : [];
    }),
    problems,
  };
}

export function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}
