import type { Environment } from "../../../config/environment";
import { readEnvironment } from "../../../config/read";
import { settingPlace } from "../../../config/stackProblem";
import { CommandError, EXIT } from "../exit";
import { hasColors } from "../output";
import type { Baseline } from "./baseline";
import type { Comparison } from "./compare";
import { deferPackages } from "./defer";
import type { Facts } from "./facts";
import { formatJson, type RecordedPlan } from "./model";

export interface PlanFlags {
  stack: string;
  format: "tree" | "json" | "markdown";
  out?: string;
  against?: string;
  expectNoChanges?: boolean;
  versions?: string;
  flow?: string;
  cwd: string;
}

export interface PlanResult {
  readonly text: string;
  /** Lines for the standard error. */
  readonly errors: readonly string[];
  readonly exitCode: number;
}

/** Read the files, record the program, compare and render. The verb's whole work except its output. */
export async function makePlan(root: string, flags: PlanFlags): Promise<PlanResult> {
  // Every problem of the files is found here, before the SDK is loaded.
  const environment = readEnvironment({ root, stack: flags.stack });
  if (flags.flow !== undefined && !environment.flows.some(({ name }) => name === flags.flow)) {
    const known = environment.flows.map(({ name }) => name).join(", ") || "none";
    throw new CommandError(
      `there is no flow '${flags.flow}' in ${flags.stack}; its flows are ${known}`,
    );
  }
  const previous =
    flags.against === undefined ? undefined : loadBaseline(flags.against, environment);

  deferPackages("@pulumi/pulumi", ["typescript", "@npmcli/arborist"]);
  const { planStack } = require("./stack") as typeof import("./stack");
  const recorded = await planStack(root, environment, flags);

  const { factsOf } = require("./facts") as typeof import("./facts");
  const facts = factsOf(recorded, environment);
  const comparison = previous && compareWith(recorded, previous);
  const limits = limitErrors(root, facts);
  const errors = [...limits];
  const refused =
    previous && comparison && !previous.ofOtherStack
      ? refusalsOf(root, comparison, previous, environment)
      : [];
  const unexpected = flags.expectNoChanges === true && (comparison?.changes.length ?? 0) > 0;
  if (unexpected) errors.push("there are changes, and none were expected (--expect-no-changes)");
  return {
    text: render(recorded, { ...facts, refused }, comparison, flags),
    errors: [...errors, ...refused],
    exitCode:
      refused.length > 0
        ? EXIT.refused
        : limits.length > 0
          ? EXIT.problems
          : unexpected
            ? EXIT.failed
            : EXIT.ok,
  };
}

function loadBaseline(
  file: string,
  { project, stack }: { project: string; stack: string },
): Baseline {
  const { readBaseline } = require("./baseline") as typeof import("./baseline");
  return readBaseline(file, { project, stack });
}

function compareWith(recorded: RecordedPlan, previous: Baseline): Comparison {
  const { compare } = require("./compare") as typeof import("./compare");
  return compare(recorded, previous);
}

function refusalsOf(
  root: string,
  comparison: Comparison,
  previous: Baseline,
  { stack, settings }: Environment,
): string[] {
  const { productionSlotRefusals, refusals } = require("./guard") as typeof import("./guard");
  const { protectionRefusals } = require("./protection") as typeof import("./protection");
  const replaced = settings.replaceLiveArms ? [] : refusals(comparison, previous);
  return [
    ...replaced,
    ...productionSlotRefusals(comparison, previous),
    ...protectionRefusals(comparison, previous, stack),
  ].map(({ setting, message }) => `${settingPlace(root, stack, setting)}  ${message}`);
}

function limitErrors(root: string, facts: Facts): string[] {
  const { overLimits } = require("./summary") as typeof import("./summary");
  return overLimits(facts, (setting) => settingPlace(root, facts.stack, ["limits", setting]));
}

function render(
  { plan }: RecordedPlan,
  facts: Facts,
  comparison: Comparison | undefined,
  { format, flow, out }: PlanFlags,
): string {
  if (format === "json") {
    return formatJson(comparison ? { ...plan, ...comparison } : plan);
  }
  if (format === "markdown") {
    const { renderMarkdown } = require("./markdown") as typeof import("./markdown");
    return renderMarkdown(facts, { flow, comparison });
  }
  const { renderTree } = require("./tree") as typeof import("./tree");
  const colors = out === undefined && hasColors();
  return renderTree(facts, { colors, flow, comparison });
}
