import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { stableJson, writeWhole } from "../experiment/files";
import { readIndex, resultsFolder } from "../experiment/results";
import type { GateResult } from "../report/gate";
import { CommandError, EXIT } from "../exit";

/** What `report --fail-under` found, beside the results it found it in: `gate.json`. */
const gateFile = z.strictObject({
  flow: z.string(),
  environment: z.string(),
  /** SHA-256 of the flow's model that was run, hex. */
  model: z.string().regex(/^[0-9a-f]{64}$/),
  /** SHA-256 over the keys and metrics of all runs and evaluations, hex. */
  evaluation: z.string().regex(/^[0-9a-f]{64}$/),
  passed: z.boolean(),
  conditions: z
    .array(
      z.strictObject({
        dataset: z.string(),
        evaluator: z.string(),
        metric: z.string(),
        value: z.number(),
        least: z.number(),
        passed: z.boolean(),
      }),
    )
    .min(1),
});

export type GateFile = z.output<typeof gateFile>;

interface Place {
  readonly root: string;
  readonly flow: string;
  readonly env: string;
}

/** Keep what the gates found, for `register --approve`; a gate without a condition leaves nothing. */
export function writeGate({ root, flow, env }: Place, judged: readonly GateResult[]): void {
  const folder = resultsFolder(root, flow, env);
  const runs = readIndex(folder, "runs");
  if (judged.length === 0 || runs === undefined) return;
  const gate: GateFile = {
    flow,
    environment: env,
    model: runs.model,
    evaluation: evaluationHash(folder),
    passed: judged.every(({ passed }) => passed),
    conditions: judged.map(({ dataset, evaluator, value, passed, gate: { metric, least } }) => ({
      dataset,
      evaluator,
      metric,
      value,
      least,
      passed,
    })),
  };
  writeWhole(path.join(folder, "gate.json"), `${JSON.stringify(gate, undefined, 2)}\n`);
}

/**
 * The gate that a model of these bytes has passed.
 *
 * @throws CommandError with exit code 3 where there is none, it failed, or it is about other bytes or results
 */
export function passingGate({ root, flow, env, model, asked }: Place & Asked): GateFile {
  const folder = resultsFolder(root, flow, env);
  const file = path.join(folder, "gate.json");
  const again = `run genaiops run, evaluate and report --fail-under for ${flow} in ${env}`;
  const refuse = (why: string, mend = again) =>
    new CommandError(`refused to approve ${flow}: ${why}; ${mend}`, EXIT.refused);
  if (!existsSync(file)) {
    throw refuse(`no gate was passed in ${env}: ${path.relative(root, file)} is missing`);
  }
  const gate = readGate(file);
  if (gate === undefined) {
    throw refuse(`${path.relative(root, file)} is no gate`);
  }
  if (gate.flow !== flow || gate.environment !== env) {
    throw refuse(`the gate is that of ${gate.flow} in ${gate.environment}`);
  }
  if (gate.model !== model) {
    throw refuse(
      `the gate is about other bytes: it judged the model ${short(gate.model)}, these files are ${short(model)}`,
    );
  }
  if (gate.evaluation !== evaluationHash(folder)) {
    throw refuse("the runs or evaluations changed after the gate");
  }
  const failed = gate.conditions.filter(({ value, least }) => value < least);
  if (failed.length > 0 || !gate.passed) {
    const [first] = failed;
    throw refuse(
      first === undefined
        ? "the gate failed"
        : `${first.evaluator}.${first.metric} on ${first.dataset} is ${first.value}, at least ${first.least} is asked`,
      "improve the flow and evaluate it again",
    );
  }
  for (const [metric, least] of Object.entries(asked)) {
    const judged = gate.conditions.filter((each) =>
      [each.metric, `${each.evaluator}.${each.metric}`].includes(metric),
    );
    const low = judged.find(({ value }) => value < least);
    if (low !== undefined || judged.length === 0) {
      const found = low === undefined ? "was not judged" : `is ${low.value} on ${low.dataset}`;
      throw refuse(`the experiment's gate asks ${metric} of at least ${least}, and it ${found}`);
    }
  }
  return gate;
}

/** What a gate must have judged. */
interface Asked {
  /** SHA-256 of the model to approve, hex. */
  readonly model: string;
  /** The experiment's own gate: a weaker one on the command line earns no approval. */
  readonly asked: Readonly<Record<string, number>>;
}

/** Longest value of a tag in Azure. */
const LONGEST_TAG = 256;

/** What the approval says: the evaluation, and the values that passed. */
export function evidenceOf({ evaluation, conditions }: GateFile): string {
  const values = conditions.map(
    ({ evaluator, metric, dataset, value, least }) =>
      `${evaluator}.${metric} ${value} of ${least} on ${dataset}`,
  );
  const text = `evaluation ${short(evaluation)}: ${values.join(", ")}`;
  return text.length > LONGEST_TAG ? `${text.slice(0, LONGEST_TAG - 1)}…` : text;
}

function readGate(file: string): GateFile | undefined {
  try {
    return gateFile.safeParse(JSON.parse(readFileSync(file, "utf8"))).data;
  } catch {
    return undefined;
  }
}

/** Names what was run and measured, by content: the same results give the same hash on every machine. */
function evaluationHash(folder: string): string {
  const runs = readIndex(folder, "runs")?.runs ?? [];
  const { evaluations = [] } = readIndex(folder, "evaluations") ?? {};
  const measured = {
    runs: runs.map(({ name, key, lines, failed }) => ({ name, key, lines, failed })),
    evaluations: evaluations.map(({ run, runKey, key, evaluator, lines, failed, metrics }) => ({
      run,
      runKey,
      key,
      evaluator,
      lines,
      failed,
      metrics,
    })),
  };
  return createHash("sha256").update(stableJson(measured)).digest("hex");
}

/** Enough of a hash to find it again. */
const short = (hash: string) => hash.slice(0, 20);
