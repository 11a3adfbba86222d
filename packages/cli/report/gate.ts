import type { DatasetReport } from "./compare";
import { CommandError } from "../exit";

/** `metric=0.8` or `evaluator.metric=0.8`: the least value that passes. */
export interface Gate {
  readonly metric: string;
  readonly evaluator?: string;
  readonly least: number;
}

export function parseGate(text: string): Gate {
  const match = /^(?:([^.=\s]+)\.)?([^.=\s]+)=(-?\d+(?:\.\d+)?(?:e-?\d+)?)$/i.exec(text.trim());
  if (match === null) {
    throw new CommandError(
      `--fail-under ${JSON.stringify(text)} is not understood; write metric=0.8 or evaluator.metric=0.8`,
    );
  }
  const [, evaluator, metric = "", least] = match;
  return { metric, ...(evaluator === undefined ? {} : { evaluator }), least: Number(least) };
}

export interface GateResult {
  readonly gate: Gate;
  readonly dataset: string;
  readonly evaluator: string;
  readonly value: number;
  readonly passed: boolean;
}

/**
 * Judge what would be deployed: the flow with every default, over each dataset that the metric was measured on.
 * A metric that nobody measured is a mistake in the gate, not a pass.
 */
export function judge(gates: readonly Gate[], datasets: readonly DatasetReport[]): GateResult[] {
  return gates.flatMap((gate) => {
    const results = datasets.flatMap(({ name, configurations }) => {
      const baseline = configurations.find(({ run }) => run.entry.baseline);
      return (baseline?.measures ?? [])
        .filter(
          ({ evaluator, metric }) =>
            metric === gate.metric && (gate.evaluator ?? evaluator) === evaluator,
        )
        .map(({ evaluator, value }) => ({
          gate,
          dataset: name,
          evaluator,
          value,
          passed: value >= gate.least,
        }));
    });
    if (results.length > 0) return results;
    const known = datasets.flatMap(({ configurations }) =>
      configurations.flatMap(({ measures }) =>
        measures.map(({ evaluator, metric }) => `${evaluator}.${metric}`),
      ),
    );
    const wanted = gate.evaluator === undefined ? gate.metric : `${gate.evaluator}.${gate.metric}`;
    throw new CommandError(
      `--fail-under: nothing measured ${JSON.stringify(wanted)}; measured were ${
        [...new Set(known)].join(", ") || "no metrics at all: run genaiops evaluate"
      }`,
    );
  });
}
