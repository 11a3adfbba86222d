import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Experiment } from "../../../config/experiment";
import { readDag, record } from "../../../config/folders";
import { ProblemsError } from "../../../config/problem";
import { readYamlIfPresent } from "../../../config/source";

const SAMPLE = "sample-request.json";

/** The flow's sample request as it is sent. Throws `ProblemsError` where it is missing or no JSON object. */
export function readSample(root: string, folder: string): string {
  const file = path.posix.join(folder, SAMPLE);
  const absolute = path.join(root, file);
  const fault = (found: string) =>
    new ProblemsError([
      {
        file,
        line: 1,
        column: 1,
        path: "",
        found,
        allowed: "a JSON object with the inputs of one request",
        mend: "write a request that every arm can answer",
      },
    ]);
  if (!existsSync(absolute)) throw fault("the file is missing");
  const text = readFileSync(absolute, "utf8");
  try {
    if (isObject(JSON.parse(text))) return text;
  } catch (error) {
    throw fault(`the file is not JSON (${(error as Error).message})`);
  }
  throw fault("the file holds no JSON object");
}

/**
 * The keys that an answer of the flow must have: the outputs of flow.dag.yaml or flow.flex.yaml, and every
 * output that an evaluator of the experiment reads.
 */
export function expectedKeys(root: string, { flow, kind, evaluators }: Experiment): string[] {
  const read = evaluators
    .flatMap(({ datasets }) => datasets)
    .flatMap(({ mappings }) => Object.values(mappings))
    .flatMap((value) => /^\$\{run\.outputs\.([^}]+)\}$/.exec(String(value))?.[1] ?? []);
  return [...new Set([...declaredOutputs(root, flow, kind), ...read])].sort();
}

function declaredOutputs(root: string, flow: string, kind: Experiment["kind"]): string[] {
  if (kind === "container") return [];
  const names = [`flow.${kind}.yaml`, `flow.${kind}.yml`].map((name) =>
    path.posix.join(flow, name),
  );
  const file = names.find((name) => existsSync(path.join(root, name)));
  if (file === undefined) return [];
  return kind === "dag"
    ? [...readDag(root, file).outputs]
    : Object.keys(record(record(readYamlIfPresent(root, file)?.data).outputs));
}

/** What is wrong with the body of an answer; nothing where it is as expected. */
export function shapeProblems(body: unknown, keys: readonly string[]): string[] {
  if (!isObject(body)) return [`answered ${shown(body)}, which is no JSON object`];
  const missing = keys.filter((key) => !Object.hasOwn(body, key));
  const found = Object.keys(body).join(", ") || "nothing";
  return missing.length === 0 ? [] : [`answered without ${missing.join(", ")}: it has ${found}`];
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** So much of a body that a reader knows what it is. */
export function shown(body: unknown): string {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const line = text.replace(/\s+/g, " ").trim();
  return line === "" ? "nothing" : line.length > 300 ? `${line.slice(0, 300)} …` : line;
}
