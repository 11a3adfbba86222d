import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { startModelStandIn } from "../../../packages/model-stand-in/server";
import { Checkout } from "../../cli/repository";
import { bin } from "../../cli/run";
import { managedPython } from "./support";

/** What `genaiops new` makes is run and measured as it is. */

const python = managedPython();
const run = python === undefined ? describe.skip : describe;

run("a new flow", () => {
  let checkout: Checkout;
  let close: () => Promise<void>;
  let env: NodeJS.ProcessEnv;

  beforeAll(async () => {
    checkout = new Checkout();
    const standIn = await startModelStandIn({ key: "templates" });
    close = () => standIn.close();
    const aoai = JSON.stringify({ api_key: "templates", api_base: standIn.url });
    env = { ...process.env, GENAIOPS_PYTHON: python, aoai };
  });
  afterAll(async () => {
    await close();
    checkout.remove();
  });

  /** The model answers from this process, so it must not wait for the child. */
  async function genaiops(...args: string[]): Promise<string> {
    const child = spawn(process.execPath, [bin, ...args, "--cwd", checkout.root], { env });
    let [out, err] = ["", ""];
    child.stdout.on("data", (data) => (out += data));
    child.stderr.on("data", (data) => (err += data));
    const code = await new Promise((resolve) => child.on("close", resolve));
    if (code !== 0) throw new Error(`${args.join(" ")} ended with ${String(code)}\n${err}`);
    return out;
  }

  test.each([
    [
      "dag",
      [
        "new_dag_questions.default: facts: fact_coverage 1",
        "new_dag_questions.answer_question.variant_1: facts: fact_coverage 0.8333",
      ],
    ],
    ["flex", ["new_flex_questions.default: facts: fact_coverage 1"]],
  ])("of kind %s runs, its variants differ, and the report is written", async (kind, metrics) => {
    const flow = `new-${kind}`;
    await genaiops("new", flow, "--kind", kind);
    await genaiops("run", flow, "--env", "dev");
    const measured = await genaiops("evaluate", flow, "--env", "dev");
    expect(measured.trimEnd().split("\n")).toEqual(metrics);
    const page = (await genaiops("report", flow, "--env", "dev")).split("\n")[0] as string;
    expect(readFileSync(page, "utf8")).toContain("fact_coverage");
    expect(path.basename(page)).toBe("report.html");
  });
});
