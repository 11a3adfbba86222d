import type { Line, Results } from "../../packages/cli/report/load";

/** What a run over a dataset of four lines left: one line failed, one text is hostile. */
export const hostile = `<img src=x onerror="alert('1')"> & </script>`;

const none = { environment: {}, inputs: {}, init: {}, nodes: {} };

function line(number: number, more: Partial<Line> = {}): Line {
  return {
    line: number,
    failed: false,
    inputs: { text: number === 2 ? hostile : `text ${number}` },
    outputs: { category: "a" },
    error: "",
    seconds: number,
    promptTokens: 10,
    completionTokens: 5,
    ...more,
  };
}

function run(configuration: string, accuracy: number, resampled: (number | null)[], lines: Line[]) {
  const baseline = configuration === "default";
  const entry = {
    name: `pages.${configuration}`,
    key: configuration,
    dataset: "pages",
    source: "data/pages.jsonl",
    datasetHash: "f".repeat(64),
    configuration,
    parameters: none,
    baseline,
    chunkSize: 100,
    lines: 4,
    failed: lines.filter(({ failed }) => failed).length,
    csv: "",
  };
  const evaluation = {
    run: entry.name,
    runKey: entry.key,
    key: "k",
    evaluator: "grade",
    lines: 4,
    failed: 0,
    metrics: { accuracy },
    csv: "",
    resamples: "",
  };
  return {
    entry,
    lines,
    judgements: [
      {
        entry: evaluation,
        lines: [1, 2, 3].map((number) =>
          line(number, { outputs: { right: String(number === 1 || baseline) } }),
        ),
        resamples: { accuracy: resampled },
      },
    ],
  };
}

export const results: Results = {
  index: {
    experiment: "pages",
    flow: "pages",
    environment: "dev",
    model: "0".repeat(64),
    defaults: { classify: "v0" },
    runs: [],
  },
  runs: [
    run(
      "classify.v1",
      0.5,
      [0.5, 0.4, null, 0.6],
      [1, 2, 3, 4].map((each) => line(each)),
    ),
    run(
      "default",
      0.75,
      [0.75, 0.7, 0.8, 0.75],
      [
        ...[1, 2, 3].map((each) => line(each, { seconds: 2 * each, completionTokens: 3 })),
        line(4, { failed: true, error: `${hostile} broke`, outputs: {} }),
      ],
    ),
  ],
};
