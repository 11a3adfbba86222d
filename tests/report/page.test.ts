import { compare, verdict } from "../../packages/cli/report/compare";
import { judge, parseGate } from "../../packages/cli/report/gate";
import { page } from "../../packages/cli/report/page";
import { axis } from "../../packages/cli/report/plot";
import { linesCsv, metricsCsv } from "../../packages/cli/report/tables";
import { parseCsv } from "../../packages/cli/experiment/csv";
import { hostile, results } from "./results";

const datasets = compare(results);
const [{ configurations }] = datasets as [(typeof datasets)[number]];

test("the baseline comes first, and the others differ from it on the same resamples and lines", () => {
  expect(configurations.map(({ run }) => run.entry.configuration)).toEqual([
    "default",
    "classify.v1",
  ]);
  const [baseline, other] = configurations;
  expect(baseline?.measures[0]).not.toHaveProperty("difference");
  const [accuracy] = other!.measures;
  expect(accuracy).toMatchObject({ evaluator: "grade", metric: "accuracy", value: 0.5 });
  expect(accuracy?.difference?.value).toBe(-0.25);
  // Differences of the resamples: -0.25, -0.3, none, -0.15.
  expect(accuracy?.difference?.interval?.low).toBeCloseTo(-0.2975, 9);
  expect(accuracy?.difference?.interval?.high).toBeCloseTo(-0.155, 9);
  // Seconds of the lines that both completed: 1-2, 2-4, 3-6; the tokens of each differ by 2.
  expect(other?.latency.difference?.value).toBeCloseTo(-2, 12);
  expect(other?.tokens).toMatchObject({
    prompt: 10,
    completion: 5,
    total: 15,
    difference: { value: 2, interval: { low: 2, high: 2 } },
  });
  expect(baseline?.latency).toMatchObject({ p50: 4, p95: 5.8 });
});

test.each([
  [{ value: 0.1, interval: { low: 0.01, high: 0.2 } }, "higher"],
  [{ value: -0.1, interval: { low: -0.2, high: -0.01 } }, "lower"],
  [{ value: 0.1, interval: { low: -0.01, high: 0.2 } }, "unsure"],
  [{ value: 0.1, interval: { low: 0, high: 0.2 } }, "unsure"],
  [{ value: 0, interval: { low: 0, high: 0 } }, "same"],
  [{ value: 0.1 }, "unsure"],
] as const)("%j is %s", (difference, told) => {
  expect(verdict(difference)).toBe(told);
});

test("the page escapes what data, errors and names hold, and loads and runs nothing", () => {
  const text = page({ index: results.index, datasets, gates: [] });
  expect(text).not.toContain("<img");
  expect(text).toContain(
    "&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt; &amp; &lt;/script&gt;",
  );
  expect(text).not.toMatch(/<script|<link|<img|<iframe|<[^>]*\s(on\w+|src|href)=|url\(|https?:/i);
  expect(text).toContain("default-src 'none'; style-src 'unsafe-inline'");
});

test("the page says what is surely different, what failed and what passed", () => {
  const gates = judge([parseGate("accuracy=0.8")], datasets);
  const text = page({ index: results.index, datasets, gates }).replace(/\s+/g, " ");
  expect(text).toContain("surely lower with classify.v1");
  expect(text).toContain("<h2>Failures: 1</h2>");
  expect(text).toContain("<h2>Gate: failed</h2>");
  expect(text.match(/<svg /g)).toHaveLength(3);
});

test("the gate judges the default on each dataset", () => {
  expect(judge([parseGate("grade.accuracy=0.75")], datasets)).toEqual([
    {
      gate: { evaluator: "grade", metric: "accuracy", least: 0.75 },
      dataset: "pages",
      evaluator: "grade",
      value: 0.75,
      passed: true,
    },
  ]);
  expect(judge([parseGate("accuracy=0.7501")], datasets)[0]?.passed).toBe(false);
});

test("a gate on what nobody measured is a mistake, not a pass", () => {
  expect(() => judge([parseGate("accuracy=0"), parseGate("acuracy=0.5")], datasets)).toThrow(
    '--fail-under: nothing measured "acuracy"; measured were grade.accuracy',
  );
});

test.each(["accuracy", "accuracy=", "accuracy=high", "=0.5", "a.b.c=1", "accuracy>0.5"])(
  "--fail-under %j is refused",
  (text) => {
    expect(() => parseGate(text)).toThrow("write metric=0.8 or evaluator.metric=0.8");
  },
);

test("the tables hold every metric and every line", () => {
  const metrics = parseCsv(metricsCsv(datasets));
  expect(metrics[1]).toEqual([
    "pages",
    "default",
    "grade",
    "accuracy",
    "0.75",
    metrics[1]![5],
    metrics[1]![6],
    "",
    "",
    "",
    "4",
    "1",
  ]);
  const [header, ...lines] = parseCsv([...linesCsv(datasets)].join(""));
  expect(lines).toHaveLength(8);
  expect(Object.fromEntries(header!.map((name, index) => [name, lines[3]![index]]))).toEqual({
    dataset: "pages",
    configuration: "default",
    line: "4",
    status: "failed",
    inputs: '{"text":"text 4"}',
    outputs: "{}",
    evaluations: "{}",
    error: `${hostile} broke`,
    seconds: "4",
    prompt_tokens: "10",
    completion_tokens: "5",
  });
});

test.each([
  [0, 1, [0, 0.5, 1]],
  [0.61, 0.98, [0.6, 0.7, 0.8, 0.9, 1]],
  [-3, 250, [-100, 0, 100, 200, 300]],
  [5, 5, [4, 6]],
])("an axis from %d to %d has the ticks %j", (least, most, ticks) => {
  expect(axis(least, most).ticks).toEqual(ticks);
});
