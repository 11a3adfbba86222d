import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { parseCsv } from "../../../packages/cli/experiment/csv";
import { type ModelStandIn, startModelStandIn } from "../../../packages/model-stand-in/server";
import { Repository } from "./experiment";
import { managedPython } from "./support";

const python = managedPython();
const key = "canary-8f2c";
let standIn: ModelStandIn;
beforeAll(async () => {
  standIn = await startModelStandIn({ key });
});
afterAll(() => standIn.close());
const connection = () => ({ AOAI_API_KEY: key, AOAI_API_BASE: standIn.url });

function repository(flow: string): Repository {
  const made = new Repository(flow, python!);
  repositories.push(made);
  return made;
}
const repositories: Repository[] = [];
afterAll(() => repositories.forEach((each) => each.remove()));

(python === undefined ? describe.skip : describe)("an experiment on the real prompt flow", () => {
  let web: Repository;
  beforeAll(() => {
    web = repository("web-classification");
    // All variants are told apart on fewer lines, too.
    for (const file of ["data/curated.jsonl", "data/mixed.jsonl"]) {
      web.edit(file, (text) => `${text.split("\n").slice(0, 12).join("\n")}\n`);
    }
  });

  test("run, evaluate and report: all variants, both evaluators, CSV and HTML", async () => {
    const before = standIn.counters().answered;
    const run = await web.genaiops("run", ["--chunk", "6"], connection());
    expect(run).toEqual({
      code: 0,
      out: [
        "web_classification_curated.default",
        "web_classification_curated.summarize_text_content.variant_0",
        "web_classification_curated.summarize_text_content.variant_2",
        "web_classification_curated.classify_page.variant_1",
        "web_classification_mixed.default",
        "web_classification_mixed.summarize_text_content.variant_0",
        "web_classification_mixed.summarize_text_content.variant_2",
        "web_classification_mixed.classify_page.variant_1",
      ]
        .map((name) => `${name}: 12 of 12 lines\n`)
        .join(""),
      err: "8 runs in 16 chunks; 0 chunks done before; 16 to run; none was broken off\n",
    });
    expect(standIn.counters().answered - before).toBe(8 * 12 * 2);

    const evaluate = await web.genaiops("evaluate", ["--resamples", "50"], {});
    expect({ code: evaluate.code, err: evaluate.err }).toEqual({
      code: 0,
      err: "12 evaluations of 8 runs\n",
    });
    const report = await web.genaiops("report", ["--fail-under", "summary_length_ratio=0.95"], {});
    expect(report.code).toBe(1);
    expect(report.out).toMatch(
      /^failed: summary_coverage\.summary_length_ratio on web_classification_curated is 0\.\d+, at least 0\.95$/m,
    );
  });

  test("a finished experiment is not paid for again", async () => {
    const before = standIn.counters().requests;
    const { code, err } = await web.genaiops("run", ["--chunk", "6"], connection());
    expect({ code, err }).toEqual({
      code: 0,
      err: "8 runs in 16 chunks; 16 chunks done before; 0 to run; none was broken off\n",
    });
    expect(standIn.counters().requests).toBe(before);
  });

  test("the CSV of a run holds inputs, outputs, latency and the tokens that the model counted", () => {
    const file =
      ".genaiops/results/web-classification/dev/runs/web_classification_curated.default.csv";
    const [header, ...rows] = parseCsv(web.read(file));
    expect(header).toEqual([
      ...["line", "status", "inputs.url", "inputs.text"],
      ...["outputs.category", "outputs.evidence", "outputs.summary"],
      ...["error", "seconds", "prompt_tokens", "completion_tokens"],
    ]);
    expect(rows.map(([line, status]) => [line, status])).toEqual(
      Array.from({ length: 12 }, (_, index) => [String(index + 1), "completed"]),
    );
    for (const row of rows) {
      expect(Number(row[8])).toBeGreaterThan(0);
      expect(Number(row[9])).toBeGreaterThan(100);
      expect(Number(row[10])).toBeGreaterThan(0);
    }
  });

  test("metrics over all chunks are those over the per-line results", () => {
    const results = ".genaiops/results/web-classification/dev";
    const { evaluations } = JSON.parse(web.read(results, "evaluations.json")) as {
      evaluations: { evaluator: string; metrics: Record<string, number>; csv: string }[];
    };
    const graded = evaluations.filter(({ evaluator }) => evaluator === "classification_accuracy");
    expect(graded).toHaveLength(8);
    for (const { metrics, csv } of graded) {
      const [header, ...rows] = parseCsv(web.read(results, csv));
      const column = header!.indexOf("outputs.category_correct");
      const right = rows.filter((row) => row[column] === "true").length;
      expect(metrics.accuracy).toBeCloseTo(right / 12, 4);
    }
    expect(new Set(graded.map(({ metrics }) => metrics.accuracy)).size).toBeGreaterThan(2);
  });

  test("the key is in no file", () => {
    const holding = web.left().filter((file) => readFileSync(web.path(file)).includes(key));
    expect(holding).toEqual([]);
  });

  test("the report opens in Chromium, shows its plots and asks for nothing", () => {
    const chromium = spawnSync("chromium", ["--version"], { encoding: "utf8" });
    if (chromium.status !== 0) {
      console.log("SKIPPED: there is no chromium on the path (Debian: apt install chromium)");
      return;
    }
    const file = web.path(".genaiops/results/web-classification/dev/report/report.html");
    const { stdout } = spawnSync(
      "chromium",
      [
        ...["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
        ...[`--user-data-dir=${web.path(".chromium")}`, "--dump-dom", `file://${file}`],
      ],
      { encoding: "utf8", timeout: 120_000, maxBuffer: 64 * 1024 * 1024 },
    );
    expect(stdout).toContain("<h1>web_classification, dev</h1>");
    expect(stdout.match(/<circle /g)!.length).toBeGreaterThan(30);
    expect(stdout).toContain("summarize_text_content.variant_0");
    expect(stdout).not.toMatch(/<script|https?:\/\/(?!\S*\.example)/);
  });

  test("a flex flow runs with a grid of its class's arguments, its replies differ, and a judge rates them", async () => {
    const support = repository("support-reply");
    support.edit("data/questions.jsonl", (text) => `${text.split("\n").slice(0, 8).join("\n")}\n`);
    support.edit(
      "experiment.yaml",
      (text) => `${text}parameters:\n  init:\n    style: [careful, friendly]\n`,
    );
    const run = await support.genaiops("run", [], connection());
    expect({ code: run.code, out: run.out }).toEqual({
      code: 0,
      out: "support_questions.default,style=careful: 8 of 8 lines\nsupport_questions.default,style=friendly: 8 of 8 lines\n",
    });
    const evaluate = await support.genaiops("evaluate", ["--resamples", "20"], connection());
    const words = [...evaluate.out.matchAll(/reply_words ([\d.]+)/g)].map(([, value]) =>
      Number(value),
    );
    expect(words).toHaveLength(2);
    expect(words[1]).toBeGreaterThan(words[0]!);
    expect(evaluate.out).toMatch(/reply_rating: reply_rating [\d.]+/);
  });

  test("parameters reach the environment and the nodes; a missing deployment stops at once", async () => {
    const small = repository("web-classification");
    small.edit("data/curated.jsonl", (text) => `${text.split("\n").slice(0, 3).join("\n")}\n`);
    small.write("experiment.dev.yaml", small.read("flows/web-classification/experiment.pr.yaml"));
    small.edit(
      "experiment.yaml",
      (text) =>
        `${text}parameters:\n  environment:\n    CHAT_DEPLOYMENT: [small]\n  nodes:\n    tidy_text:\n      max_words: [400, 5]\n`,
    );
    standIn.configure({ key, deployments: ["small"] });
    const run = await small.genaiops("run", [], connection());
    expect(run).toMatchObject({ code: 0 });
    expect(run.out.split("\n")).toHaveLength(4 * 2 + 1);
    const tokens = (words: number) => {
      const file = `runs/web_classification_curated.default,CHAT_DEPLOYMENT=small,tidy_text.max_words=${words}.csv`;
      const [header, first] = parseCsv(
        small.read(".genaiops/results/web-classification/dev", file),
      );
      return Number(first![header!.indexOf("prompt_tokens")]);
    };
    expect(tokens(5)).toBeLessThan(tokens(400) - 20);

    standIn.configure({ key, deployments: ["large"] });
    const before = standIn.counters().requests;
    const refused = await small.genaiops("run", ["--chunk", "1", "--parallel", "1"], connection());
    standIn.configure({ key });
    expect(refused.code).toBe(2);
    expect(refused.err).toMatch(
      /^flows\/web-classification\/experiment\.yaml:4:1 {2}the model refused: .*There is no deployment "small"/m,
    );
    expect(standIn.counters().requests - before).toBe(1);
  });
});
