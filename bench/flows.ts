import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { readEnvironment } from "../config/read";
import { formatJson } from "../packages/cli/plan/model";
import { planStack } from "../packages/cli/plan/stack";
import { measure, root, type Cost, type Failure } from "./child";
import type { Goal, Suite } from "./goal";
import { manyFlows } from "./manyFlows";

const COUNTS = [1, 10, 100, 1000];

interface Pair {
  readonly flows: number;
  readonly ours: Cost;
  readonly plain: Cost | Failure;
}

/** The stack `dev` with many flows, beside the same resources declared plainly on the SDK's own mocks. */
export const flows: Suite = async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "genaiops-bench-"));
  try {
    const template = path.join(folder, "one-flow.json");
    const environment = manyFlows(readEnvironment({ root, stack: "dev" }), 1);
    writeFileSync(template, formatJson((await planStack(root, environment)).plan));
    const pairs = COUNTS.map((count): Pair => {
      const ours = measure(["--require", "tsx/cjs", "bench/flowsOurs.ts", String(count)]);
      if ("failure" in ours) throw new Error(`the plan of ${count} flows: ${ours.failure}`);
      const plain = ["--require", "tsx/cjs", "bench/flowsPlain.ts", template, String(count)];
      return { flows: count, ours, plain: measure(plain) };
    });
    return {
      title: "Flows in this process, and the same resources plainly on stock mocks",
      lines: [header, ...pairs.map(row)],
      goals: goals(pairs),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
};

const header =
  "flows  resources | plan:  seconds     cpu      MB | plain: resources  seconds     cpu      MB";

function row({ flows: count, ours, plain }: Pair): string {
  const cells = ({ seconds, cpu, megabytes }: Cost) =>
    `${fixed(seconds, 9)} ${fixed(cpu, 7)} ${fixed(megabytes, 7, 0)}`;
  const right =
    "failure" in plain
      ? `${plain.failure} after ${plain.seconds.toFixed(0)} s`
      : `${String(plain.report["resources"]).padStart(9)} ${cells(plain)}`;
  return `${String(count).padStart(5)}  ${String(ours.report["resources"]).padStart(9)} |       ${cells(ours)} |        ${right}`;
}

function fixed(value: number, width: number, digits = 2): string {
  return value.toFixed(digits).padStart(width);
}

function goals(pairs: readonly Pair[]): Goal[] {
  const of = (count: number) => pairs.find((pair) => pair.flows === count) as Pair;
  const marginal = (count: number) => perResource(of(count).ours, of(1).ours);
  return [
    {
      what: "peak memory of 1,000 flows",
      value: of(1000).ours.megabytes,
      atMost: 2048,
      unit: " MB",
    },
    ...[100, 1000].flatMap((count) => faster(of(count))),
    {
      what: "cpu per resource at 1,000 flows / at 100, without the start",
      value: marginal(1000) / marginal(100),
      atMost: 1.3,
    },
  ];
}

function faster({ flows: count, ours, plain }: Pair): Goal[] {
  const atLeast = 3;
  if ("failure" in plain) {
    const what = `${count} flows, plainly (${plain.failure}) / plan, seconds`;
    return [{ what, value: plain.seconds / ours.seconds, atLeast, bound: true }];
  }
  return [
    { what: `${count} flows, plainly / plan, cpu`, value: plain.cpu / ours.cpu, atLeast },
    {
      what: `${count} flows, plainly / plan, memory`,
      value: plain.megabytes / ours.megabytes,
      atLeast,
    },
  ];
}

/** What one more resource costs: the start of the process is the same for all. */
function perResource(many: Cost, one: Cost): number {
  const resources = (many.report["resources"] ?? 0) - (one.report["resources"] ?? 0);
  return (many.cpu - one.cpu) / resources;
}
