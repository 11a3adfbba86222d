import path from "node:path";
import { findEngine } from "../packages/sandbox/engine/pulumi";
import { measure, median, root } from "./child";
import type { Suite } from "./goal";

const RUNS = 5;
const script = path.join(root, "bench/enginePreview.ts");

/** A first `pulumi preview` of `dev` beside one of a single resource group, in turns. */
export const engine: Suite = () => {
  const title = `Preview on the real engine, median of ${RUNS}`;
  const found = findEngine();
  if (!found.found) return { title, lines: [`SKIPPED: ${found.reason}`], goals: [] };
  const one: number[] = [];
  const dev: number[] = [];
  let resources = 0;
  for (let run = 0; run < RUNS; run++) {
    one.push(preview("one").seconds);
    const measured = preview("dev");
    dev.push(measured.seconds);
    resources = measured.resources;
  }
  return {
    title,
    lines: [
      `one resource                   ${median(one).toFixed(2)} s`,
      `dev, ${resources} resources              ${median(dev).toFixed(2)} s`,
    ],
    goals: [
      { what: "preview of dev / of one resource", value: median(dev) / median(one), atMost: 2 },
    ],
  };
};

function preview(what: "one" | "dev"): { seconds: number; resources: number } {
  const cost = measure(["--import", "tsx", script, what]);
  if ("failure" in cost) throw new Error(`the preview of ${what} ended: ${cost.failure}`);
  return { seconds: cost.report["seconds"] ?? 0, resources: cost.report["resources"] ?? 0 };
}
