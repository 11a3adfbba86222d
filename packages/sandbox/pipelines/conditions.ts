import { evaluate, type Scope } from "./evaluate";
import type { ExpressionFunction } from "./functions";
import { PipelineError, toBoolean, toText, type Value } from "./value";

/** How a stage, a job or a step ended. */
export type Result = "Succeeded" | "SucceededWithIssues" | "Skipped" | "Failed" | "Canceled";

const good: readonly (Result | undefined)[] = ["Succeeded", "SucceededWithIssues"];

/**
 * The status functions: learn.microsoft.com/azure/devops/pipelines/process/expressions, "Job status check
 * functions". `results` has all that came before in the graph; for a step the status of its job alone.
 */
function statusFunctions(
  results: Readonly<Record<string, Result>>,
): Readonly<Record<string, ExpressionFunction>> {
  const chosen = (args: readonly (() => Value)[]): Result[] => {
    if (args.length === 0) return Object.values(results);
    return args.map((arg) => {
      const name = toText(arg()) ?? "";
      const found = results[name];
      if (!found) throw new PipelineError(`${name} is not among what comes before`);
      return found;
    });
  };
  const status = (test: (results: readonly Result[]) => boolean): ExpressionFunction => ({
    least: 0,
    most: Infinity,
    run: (args) => test(chosen(args)),
  });
  return {
    always: status(() => true),
    canceled: status((all) => all.includes("Canceled")),
    failed: status((all) => all.includes("Failed")),
    succeeded: status((all) => all.every((result) => good.includes(result))),
    succeededorfailed: status((all) =>
      all.every((result) => good.includes(result) || result === "Failed"),
    ),
  };
}

export function holds(
  condition: string | undefined,
  names: Scope["names"],
  results: Readonly<Record<string, Result>>,
): boolean {
  return toBoolean(
    evaluate(condition ?? "succeeded()", { names, functions: statusFunctions(results) }),
  );
}

/** The results of everything that an item depends on, also over others. */
export function resultsBefore<
  T extends { readonly name: string; readonly dependsOn: readonly string[] },
>(item: T, items: readonly T[], results: ReadonlyMap<string, Result>): Record<string, Result> {
  const found: Record<string, Result> = {};
  const visit = (name: string): void => {
    const result = results.get(name);
    if (result === undefined || name in found) return;
    found[name] = result;
    items.find((other) => other.name === name)?.dependsOn.forEach(visit);
  };
  item.dependsOn.forEach(visit);
  return found;
}

/** How a whole ends, from its parts; one without parts that ran is skipped. */
export function overall(results: readonly Result[]): Result {
  for (const worst of ["Canceled", "Failed", "SucceededWithIssues", "Succeeded"] as const)
    if (results.includes(worst)) return worst;
  return "Skipped";
}
