import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseCsv } from "../../../packages/cli/experiment/csv";
import { performCompare } from "../../../packages/cli/compare/perform";
import { Stage } from "../rollout/stage";

jest.setTimeout(60_000);

let stage: Stage;
let out: string;
beforeEach(() => {
  out = mkdtempSync(path.join(tmpdir(), "genaiops-compare-"));
});
afterEach(async () => {
  await stage.close();
  rmSync(out, { recursive: true, force: true });
});

const arm = { latencyMs: 800, latencySpread: 0.4, failureRate: 0.01, tokens: 500, feedback: 0.8 };

const request = (since: string) => ({
  root: stage.root,
  flow: "web",
  env: "dev",
  since,
  out,
  cloud: stage.cloud,
});

async function compared(since = "20m") {
  stage = await Stage.open({ blue: arm, green: { ...arm, latencyMs: 1600, tokens: 300 } });
  stage.frozen = true;
  await stage.endpoint.write({ blue: 60, green: 40 });
  await stage.pass(20 * 60_000);
  const said: string[] = [];
  await performCompare({ ...request(since), now: stage.now, say: (text) => void said.push(text) });
  const read = (name: string) => readFileSync(path.join(out, name), "utf8");
  return { said, read };
}

test("the tables hold what the sandbox's arms did", async () => {
  const { read, said } = await compared();
  const [head, ...rows] = parseCsv(read("arms.csv"));
  const table = rows.map((row) =>
    Object.fromEntries(head!.map((name, index) => [name, row[index]!])),
  );
  expect(table.map(({ arm: name, weight }) => [name, weight])).toEqual([
    ["blue", "60"],
    ["green", "40"],
  ]);
  // Every request from the first whole minute to the last is in the table, as the sandbox counted it.
  const to = Math.floor(stage.now / 60_000) * 60_000;
  const served = stage.box.sandbox.scoring.requests.filter(
    ({ time }) => time >= to - 20 * 60_000 && time < to,
  );
  for (const row of table) {
    const own = served.filter(({ deployment }) => deployment === row["arm"]);
    expect(Number(row["requests"])).toBe(own.length);
    expect(Number(row["5xx_share"])).toBeCloseTo(
      own.filter(({ modelStatus }) => modelStatus === 500).length / own.length,
      12,
    );
    expect(Number(row["scores"])).toBe(own.filter(({ feedback }) => feedback !== undefined).length);
  }
  expect(table.map(({ tokens_per_request: tokens }) => Number(tokens))).toEqual([500, 300]);
  expect(table[1]).toMatchObject({ p95_finding: "worse", tokens_finding: "better" });
  expect(Number(table[1]!["p95_worse_by"])).toBeGreaterThan(0.8);
  expect(Number(table[1]!["p95_low"])).toBeLessThan(1);
  expect(Number(table[1]!["p95_high"])).toBeGreaterThan(1);
  expect(said.at(-1)).toBe(path.join(out, "compare.html"));
  expect(parseCsv(read("minutes.csv")).length).toBeGreaterThan(39);
});

test("the page stands alone: no script, nothing loaded, plots inside", async () => {
  const { read } = await compared();
  const page = read("compare.html");
  expect(page).not.toMatch(/<script|<link|<img|@import|url\(|https?:|NaN|undefined/);
  expect(page.match(/<svg/g)!.length).toBeGreaterThanOrEqual(8);
  expect(page).toContain("Differences from blue");
  expect(page).toMatch(/class="n bad"/);
});

test("a time without requests is said as such", async () => {
  stage = await Stage.open({});
  await performCompare({ ...request("5m"), now: stage.now, say: () => undefined });
  const page = readFileSync(path.join(out, "compare.html"), "utf8");
  expect(page).not.toContain("NaN");
  expect(page).toContain("too few: 0 of 50 requests");
});

test.each([
  ["an unknown flow", { flow: "wbe" }, /dev has no flow "wbe"/],
  ["no time", { since: "yesterday" }, /--since: found "yesterday"; allowed is a whole number/],
  [
    "too long a time",
    { since: "31d" },
    /--since: found "31d"; Azure Monitor answers up to 30 days/,
  ],
  ["an unknown stack", { env: "prd" }, /there is no stack "prd"/],
])("%s is refused", async (_, wrong, message) => {
  stage = await Stage.open({});
  await expect(performCompare({ ...request("5m"), ...wrong })).rejects.toThrow(message);
});

test("a folder that cannot be written is named", async () => {
  stage = await Stage.open({});
  const file = path.join(out, "file");
  writeFileSync(file, "");
  await expect(
    performCompare({ ...request("5m"), out: file, now: stage.now, say: () => undefined }),
  ).rejects.toThrow(`--out ${file} cannot be written`);
});
