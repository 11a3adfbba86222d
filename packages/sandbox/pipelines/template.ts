import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Node, type Pair } from "yaml";
import { posix } from "node:path";
import { directiveOf, follow, interpolate, type Chain } from "./directives";
import type { Lookup, Scope } from "./evaluate";
import { bindParameters } from "./parameters";
import { PipelineError, isMapping, toText, type Value } from "./value";

/**
 * Expansion of a pipeline's YAML before its run: templates, parameters and `${{ }}`. Limits and rules:
 * learn.microsoft.com/azure/devops/pipelines/process/template-expressions and process/templates.
 */

export interface Source {
  /** Text of a file by its path from the root of the repository; undefined where there is none. */
  read(path: string): string | undefined;
}

export interface ExpandOptions {
  readonly source: Source;
  /** Path of the pipeline's YAML. */
  readonly file: string;
  /** Parameters given when the run is queued. */
  readonly parameters?: Readonly<Record<string, Value>>;
  /** Predefined variables that templates know, such as `Build.SourceBranch`. */
  readonly variables: Lookup;
}

export interface Expanded {
  readonly pipeline: Value;
  /** Every file that took part. */
  readonly files: readonly string[];
}

const MOST_FILES = 100;
const MOST_NESTING = 20;

export function expand(options: ExpandOptions): Expanded {
  const files = new Set<string>();
  const pipeline = expandFile(options, files, options.file, options.parameters ?? {}, 0);
  return { pipeline, files: [...files].sort() };
}

/** One file in the course of its expansion. */
interface Frame {
  readonly file: string;
  readonly lines: LineCounter;
  readonly include: (path: string, parameters: Readonly<Record<string, Value>>) => Value;
}

function expandFile(
  options: ExpandOptions,
  files: Set<string>,
  file: string,
  given: Readonly<Record<string, Value>>,
  depth: number,
): Value {
  files.add(file);
  if (files.size > MOST_FILES) throw new PipelineError(`more than ${MOST_FILES} files take part`);
  if (depth > MOST_NESTING)
    throw new PipelineError(`${file}: templates are nested more than ${MOST_NESTING} deep`);
  const text = options.source.read(file);
  if (text === undefined) throw new PipelineError(`there is no template ${file}`);
  const lines = new LineCounter();
  // Every scalar is a text in a pipeline; what it means is decided where it is used.
  const document = parseDocument(text, { lineCounter: lines, schema: "failsafe", merge: false });
  if (document.errors[0]) throw new PipelineError(`${file}: ${document.errors[0].message}`);
  const frame: Frame = {
    file,
    lines,
    include: (path, parameters) => {
      const target = path.startsWith("/") ? path.slice(1) : posix.join(posix.dirname(file), path);
      return expandFile(options, files, target, parameters, depth + 1);
    },
  };
  const root = document.contents;
  if (!isMap(root)) throw new PipelineError(`${file}: a mapping is expected`);
  const declared = root.get("parameters", true) as Node | undefined;
  const parameters = bindParameters(file, declared ? plain(declared) : [], given);
  const scope: Scope = {
    names: {
      variables: options.variables,
      parameters: (name) => {
        const found = Object.keys(parameters).find(
          (known) => known.toLowerCase() === name.toLowerCase(),
        );
        if (found !== undefined) return parameters[found] as Value;
        throw new PipelineError(`parameter ${name} is not declared in ${file}`);
      },
    },
  };
  const rest = root.items.filter((pair) => keyOf(pair) !== "parameters");
  return mapping(rest, scope, frame);
}

/** A node as it stands, without expansion. */
function plain(node: Node): Value {
  return (node as { toJSON(): unknown }).toJSON() as Value;
}

function keyOf(pair: Pair): string {
  return String(isScalar(pair.key) ? pair.key.value : pair.key);
}

function nodeOf(node: Node | null, scope: Scope, frame: Frame): Value {
  if (isMap(node)) return mapping(node.items, scope, frame);
  if (isSeq(node)) return sequence(node.items as Node[], scope, frame);
  if (!isScalar(node)) return null;
  return located(node, frame, () => interpolate(String(node.value ?? ""), scope));
}

function located<T>(node: Node | null | undefined, frame: Frame, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof PipelineError) || /^[^\s:]+:\d+: /.test(error.message)) throw error;
    const line = frame.lines.linePos(node?.range?.[0] ?? 0).line;
    throw new PipelineError(`${frame.file}:${line}: ${error.message}`);
  }
}

function mapping(pairs: readonly Pair[], scope: Scope, frame: Frame): Value {
  const result: { [key: string]: Value } = {};
  let chain: Chain;
  for (const pair of pairs) {
    const key = keyOf(pair);
    const place = pair.key as Node;
    const directive = located(place, frame, () => directiveOf(key));
    if (!directive) {
      chain = undefined;
      const name = located(place, frame, () => toText(interpolate(key, scope)) ?? key);
      result[name] = nodeOf(pair.value as Node | null, scope, frame);
      continue;
    }
    chain = located(place, frame, () =>
      follow(directive, scope, chain, (inner) => {
        const body = nodeOf(pair.value as Node | null, inner, frame);
        if (!isMapping(body)) throw new PipelineError(`${key} in a mapping needs a mapping`);
        Object.assign(result, body);
      }),
    );
  }
  return result;
}

function sequence(items: readonly Node[], scope: Scope, frame: Frame): Value[] {
  const result: Value[] = [];
  let chain: Chain;
  for (const item of items) {
    const pair = isMap(item) && item.items.length === 1 ? item.items[0] : undefined;
    const directive = pair && located(item, frame, () => directiveOf(keyOf(pair)));
    if (pair && directive) {
      chain = located(item, frame, () =>
        follow(directive, scope, chain, (inner) => {
          const body = nodeOf(pair.value as Node | null, inner, frame);
          if (!Array.isArray(body))
            throw new PipelineError(`${keyOf(pair)} in a list needs a list`);
          result.push(...body);
        }),
      );
      continue;
    }
    chain = undefined;
    const value = nodeOf(item, scope, frame);
    if (isMapping(value) && typeof value.template === "string")
      result.push(...located(item, frame, () => included(value, frame)));
    else if (isScalar(item) && Array.isArray(value)) result.push(...value);
    else result.push(value);
  }
  return result;
}

const lists = ["stages", "jobs", "steps", "variables"];

/** The list that a template brings to where it is named. */
function included(
  { template, parameters = {}, ...rest }: { [key: string]: Value },
  frame: Frame,
): Value[] {
  const stray = Object.keys(rest)[0];
  if (stray !== undefined)
    throw new PipelineError(`${stray} cannot stand beside template: ${String(template)}`);
  if (!isMapping(parameters)) throw new PipelineError("parameters of a template are a mapping");
  const body = frame.include(String(template), parameters);
  const names = isMapping(body) ? Object.keys(body) : [];
  const [only] = names;
  const list = only !== undefined && isMapping(body) ? body[only] : undefined;
  if (names.length !== 1 || only === undefined || !lists.includes(only) || !Array.isArray(list))
    throw new PipelineError(
      `${String(template)} must hold one list of ${lists.join(", ")}, beside its parameters`,
    );
  return list;
}
