import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { startModelStandIn } from "../../../packages/model-stand-in/server";
import { Checkout } from "../../cli/repository";
import { bin } from "../../cli/run";
import { managedPython, root } from "./support";

/** The notebook of docs/notebooks, run as Jupyter runs it, with the package that its reader installs. */

const requirements = path.join(root, "packages/notebook/requirements-test.txt");
const promptFlow = managedPython();
const jupyter = promptFlow === undefined ? undefined : notebookPython();

/** Python with Jupyter and `packages/notebook`; undefined, with a reason, where it cannot be made. */
function notebookPython(): string | undefined {
  const hash = createHash("sha256").update(readFileSync(requirements)).digest("hex").slice(0, 12);
  const folder = path.join(root, ".genaiops", `notebook-${hash}`);
  const python = path.join(folder, "bin/python");
  const whole = path.join(folder, "complete");
  const steps: [string, string[]][] = [
    ["python3", ["-m", "venv", "--clear", folder]],
    [
      python,
      ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", requirements],
    ],
  ];
  for (const [command, args] of existsSync(whole) ? [] : steps) {
    const { status, stderr } = spawnSync(command, args, { encoding: "utf8" });
    if (status !== 0) {
      console.log(`SKIPPED: no Python with Jupyter: ${command} ${args.join(" ")}: ${stderr}`);
      return undefined;
    }
  }
  writeFileSync(whole, "");
  installPackage(python);
  return python;
}

/** From a copy: setuptools writes beside the sources. */
function installPackage(python: string): void {
  const copy = mkdtempSync(path.join(tmpdir(), "genaiops-notebook-"));
  cpSync(path.join(root, "packages/notebook"), copy, { recursive: true });
  const args = [
    "-m",
    "pip",
    "install",
    "--quiet",
    "--disable-pip-version-check",
    "--no-deps",
    "--force-reinstall",
    copy,
  ];
  const { status, stderr } = spawnSync(python, args, { encoding: "utf8" });
  rmSync(copy, { recursive: true });
  if (status !== 0) throw new Error(stderr);
}

interface Cell {
  readonly cell_type: string;
  readonly execution_count: number | null;
  readonly outputs?: readonly {
    readonly output_type: string;
    readonly data?: { readonly "text/plain"?: string | string[] };
  }[];
}

const run = jupyter === undefined ? describe.skip : describe;

run("docs/notebooks/evaluate.ipynb", () => {
  let checkout: Checkout;
  let close: () => Promise<void>;
  let environment: NodeJS.ProcessEnv;

  beforeAll(async () => {
    checkout = new Checkout();
    const standIn = await startModelStandIn({ key: "notebook" });
    close = () => standIn.close();
    environment = {
      ...process.env,
      GENAIOPS_PYTHON: promptFlow,
      GENAIOPS_COMMAND: bin,
      IPYTHONDIR: path.join(checkout.root, ".ipython"),
      aoai: JSON.stringify({ api_key: "notebook", api_base: standIn.url }),
    };
  });
  afterAll(async () => {
    await close();
    checkout.remove();
  });

  /** The model answers from this process, so it must not wait for the child. */
  function python(...args: string[]): Promise<{ code: number | null; text: string }> {
    const child = spawn(jupyter as string, args, { cwd: checkout.root, env: environment });
    let text = "";
    child.stdout.on("data", (data) => (text += data));
    child.stderr.on("data", (data) => (text += data));
    return new Promise((resolve) => child.on("close", (code) => resolve({ code, text })));
  }

  test("runs from start to end and shows the metrics of both configurations", async () => {
    const done = path.join(checkout.root, "done.ipynb");
    const notebook = path.join(root, "docs/notebooks/evaluate.ipynb");
    const script = path.join(__dirname, "run_notebook.py");
    const { code, text } = await python(script, notebook, checkout.root, done);
    expect({ code, text: code === 0 ? "" : text }).toEqual({ code: 0, text: "" });
    const { cells } = JSON.parse(readFileSync(done, "utf8")) as { cells: Cell[] };
    const shown = cells
      .filter(({ cell_type }) => cell_type === "code")
      .map(({ outputs = [] }) => [outputs[0]?.data?.["text/plain"] ?? []].flat().join(""));
    expect(shown).toHaveLength(7);
    const [datasets, configurations, runs, metrics, differences, lines] = shown as string[];
    expect(datasets).toMatch(/0 {2}web_classification_curated {2}data\/curated\.jsonl/);
    expect(configurations?.match(/'[^']+'/g)).toEqual([
      "'default'",
      "'summarize_text_content.variant_0'",
      "'summarize_text_content.variant_2'",
      "'classify_page.variant_1'",
    ]);
    expect(runs).toMatch(/curated\.default +True +60 +0/);
    expect(runs).toMatch(/curated\.classify_page\.variant_1 +False +60 +0/);
    // Accuracy, evidence and F1 of the variant stand over those of the default.
    expect(metrics?.match(/-?\d\.\d{4}/g)).toEqual([
      "0.8333",
      "1.0000",
      "0.6333",
      "0.9000",
      "0.8319",
      "1.0000",
    ]);
    expect(differences?.match(/-?\d\.\d{4}/g)).toEqual(["-0.1667", "-0.2667", "-0.1681"]);
    expect(lines?.match(/^\d .*Recipe/gm)).toHaveLength(5);
    expect(shown[6]).toBe("'report.html'");
  });

  test("what the command refuses is said in its own words", async () => {
    const { code, text } = await python(
      "-c",
      [
        "from genaiops_notebook import CommandFailed, Experiment",
        "try:",
        "    Experiment.load('web', env='pr')",
        "except CommandFailed as failed:",
        "    print(failed.code, failed)",
        "try:",
        "    Experiment.load('web-classification', env='pr').run('classify_page.variant_9')",
        "except CommandFailed as failed:",
        "    print(failed.code, failed)",
        "try:",
        "    Experiment.load('web-classification', env='dev').lines('nothing')",
        "except KeyError as failed:",
        "    print(failed)",
      ].join("\n"),
    );
    expect({ code, lines: text.trimEnd().split("\n") }).toEqual({
      code: 0,
      lines: [
        '2 there is no folder flows/web; did you mean "web-classification"?',
        '2 there is nothing called "classify_page.variant_9" to run; did you mean "classify_page.variant_1"?',
        `"0 runs are 'nothing' on None; there are: none"`,
      ],
    });
  });
});
