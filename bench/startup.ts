import { spawnSync } from "node:child_process";
import path from "node:path";
import { median, root } from "./child";
import type { Goal, Suite } from "./goal";

const RUNS = 7;
const command = path.join(root, "packages/cli/bin/genaiops.js");

/** The plan of `dev` beside loading `@pulumi/pulumi` and doing nothing, in turns. */
export const startup: Suite = () => {
  const bare: number[] = [];
  const plan: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    bare.push(seconds(["-e", 'require("@pulumi/pulumi")']));
    plan.push(seconds([command, "plan", "--stack", "dev"]));
  }
  const ratio = median(plan) / median(bare);
  const lines = [
    `bare start of @pulumi/pulumi   ${median(bare).toFixed(2)} s`,
    `genaiops plan --stack dev      ${median(plan).toFixed(2)} s`,
  ];
  const goal: Goal = { what: "plan of dev / bare start of the SDK", value: ratio, atMost: 2 };
  return { title: `Start-up, median of ${RUNS}`, lines, goals: [goal] };
};

function seconds(args: readonly string[]): number {
  const started = process.hrtime.bigint();
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
  if (status !== 0) throw new Error(`${args.join(" ")} failed\n${stderr}`);
  return Number(process.hrtime.bigint() - started) / 1e9;
}
