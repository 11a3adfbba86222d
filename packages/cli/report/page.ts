import type { RunIndex } from "../experiment/results";
import type { Configuration, DatasetReport, Difference, Measure } from "./compare";
import { verdict } from "./compare";
import type { GateResult } from "./gate";
import { failures, lineTable } from "./lines";
import { html } from "./markup";
import type { Markup } from "./markup";
import { plain, range, signed } from "./numbers";
import { plot } from "./plot";
import { style } from "./style";

export interface Page {
  readonly index: RunIndex;
  readonly datasets: readonly DatasetReport[];
  readonly gates: readonly GateResult[];
}

/** The whole report as one HTML document that needs nothing else: no script, no address, no font. */
export function page({ index, datasets, gates }: Page): string {
  const title = `${index.experiment}, ${index.environment}`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src 'unsafe-inline'"
        />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <style>
          ${style}
        </style>
      </head>
      <body>
        <header>
          <h1>${title}</h1>
          ${whatWasRun(index, datasets)}
        </header>
        <main>
          ${gates.length > 0 && gateSection(gates)} ${datasets.map(datasetSection)}
          ${failures(datasets)} ${method(datasets)}
        </main>
      </body>
    </html> `.text;
}

function whatWasRun(index: RunIndex, datasets: readonly DatasetReport[]): Markup {
  const runs = index.runs.length;
  const lines = index.runs.reduce((sum, run) => sum + run.lines, 0);
  const failed = index.runs.reduce((sum, run) => sum + run.failed, 0);
  const defaults = Object.entries(index.defaults).map(([node, variant]) => `${node}.${variant}`);
  return html`<p>
    The flow <b>${index.flow}</b> (model <code>${index.model.slice(0, 12)}</code>) was run ${runs}
    times: ${datasets.length} ${datasets.length === 1 ? "dataset" : "datasets"}, each with
    ${datasets[0]?.configurations.length ?? 0} configurations; ${lines} lines in all,
    ${failed === 0 ? "none of which failed" : html`<b>${failed} of which failed</b>`}.
    ${defaults.length > 0 && html`The default takes ${defaults.join(" and ")}; every other configuration changes what its name says.`}
  </p>`;
}

function gateSection(gates: readonly GateResult[]): Markup {
  const failed = gates.filter(({ passed }) => !passed).length;
  return html`<section>
    <h2>Gate: ${failed === 0 ? "passed" : "failed"}</h2>
    <p>The default configuration is what would be deployed.</p>
    <table>
      <thead>
        <tr>
          <th>Dataset</th>
          <th>Metric</th>
          <th class="n">Value</th>
          <th class="n">At least</th>
          <th>Result</th>
        </tr>
      </thead>
      <tbody>
        ${gates.map(
          ({ dataset, evaluator, gate, value, passed }) =>
            html`<tr>
              <td>${dataset}</td>
              <td>${evaluator}.${gate.metric}</td>
              <td class="n">${plain(value)}</td>
              <td class="n">${plain(gate.least)}</td>
              <td class="${passed ? "good" : "bad"}">${passed ? "passed" : "failed"}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </section>`;
}

function datasetSection(dataset: DatasetReport): Markup {
  const metrics = metricsOf(dataset);
  return html`<section>
    <h2>${dataset.name}</h2>
    <p>
      ${dataset.description} ${dataset.lines} lines from <code>${dataset.source}</code>, content
      <code>${dataset.hash.slice(0, 12)}</code>.
    </p>
    ${findings(dataset, metrics)}
    <h3>Metrics</h3>
    ${metricTable(dataset, metrics)}
    ${
      metrics.length > 0 &&
      html`<h3>Differences from the default</h3>
        ${differenceTable(dataset, metrics)}
        <div class="plots">${metrics.map((metric) => differencePlot(dataset, metric))}</div>`
    }
    <h3>Latency and tokens</h3>
    ${costTable(dataset)}
    <div class="plots">
      ${plot(
        "Seconds per line: median, and up to the 95th percentile",
        dataset.configurations.map(({ run, latency }) => ({
          label: run.entry.configuration,
          value: latency.p50,
          low: latency.p50,
          high: latency.p95,
        })),
        true,
      )}${plot(
        "Tokens per line",
        dataset.configurations.map(({ run, tokens }) => ({
          label: run.entry.configuration,
          value: tokens.total,
        })),
        true,
      )}
    </div>
    ${lineTable(dataset)}
  </section>`;
}

type Metric = Pick<Measure, "evaluator" | "metric">;

function metricsOf({ configurations }: DatasetReport): Metric[] {
  const seen = new Map<string, Metric>();
  for (const { measures } of configurations) {
    for (const { evaluator, metric } of measures) {
      seen.set(`${evaluator} ${metric}`, { evaluator, metric });
    }
  }
  return [...seen.values()];
}

function measureOf(
  { measures }: Configuration,
  { evaluator, metric }: Metric,
): Measure | undefined {
  return measures.find((each) => each.evaluator === evaluator && each.metric === metric);
}

/** In words, for whoever reads no further. */
function findings({ configurations }: DatasetReport, metrics: readonly Metric[]): Markup {
  if (metrics.length === 0) {
    return html`<p>No evaluator has measured these runs; <code>genaiops evaluate</code> does.</p>`;
  }
  if (configurations.length < 2) return html``;
  return html`<ul class="findings">
    ${metrics.map((metric) => {
      const found = (wanted: "higher" | "lower") =>
        configurations.filter((configuration) => {
          const difference = measureOf(configuration, metric)?.difference;
          return difference !== undefined && verdict(difference) === wanted;
        });
      const list = (chosen: readonly Configuration[]) =>
        chosen.map(({ run }) => run.entry.configuration).join(", ");
      const [higher, lower] = [found("higher"), found("lower")];
      return html`<li>
        <b>${metric.metric}</b>:
        ${
          higher.length > 0
            ? `surely higher than the default with ${list(higher)}`
            : "nothing is surely higher than the default"
        }${lower.length > 0 && `; surely lower with ${list(lower)}`}.
      </li>`;
    })}
  </ul>`;
}

function metricTable({ configurations }: DatasetReport, metrics: readonly Metric[]): Markup {
  return html`<div class="wide">
    <table>
      <thead>
        <tr>
          <th>Configuration</th>
          ${metrics.map(
            ({ evaluator, metric }) =>
              html`<th class="n">${metric}<small>${evaluator}</small></th>`,
          )}
          <th class="n">Lines</th>
        </tr>
      </thead>
      <tbody>
        ${configurations.map(
          (configuration) =>
            html`<tr>
              <th>${configuration.run.entry.configuration}</th>
              ${metrics.map((metric) => {
                const measure = measureOf(configuration, metric);
                return measure === undefined
                  ? html`<td class="n">–</td>`
                  : html`<td class="n">
                      ${plain(measure.value)}<small
                        >${measure.interval && range(measure.interval)}</small
                      >
                    </td>`;
              })}
              <td class="n">${counted(configuration)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function counted({ run: { entry } }: Configuration): string {
  return entry.failed === 0
    ? String(entry.lines)
    : `${entry.lines - entry.failed} of ${entry.lines}`;
}

function differenceTable(dataset: DatasetReport, metrics: readonly Metric[]): Markup {
  const others = dataset.configurations.filter(({ run }) => !run.entry.baseline);
  if (others.length === 0) return html`<p>There is nothing to compare the default with.</p>`;
  return html`<div class="wide">
    <table>
      <thead>
        <tr>
          <th>Configuration</th>
          ${metrics.map(({ metric }) => html`<th class="n">${metric}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${others.map(
          (configuration) =>
            html`<tr>
              <th>${configuration.run.entry.configuration}</th>
              ${metrics.map((metric) => {
                const difference = measureOf(configuration, metric)?.difference;
                return difference === undefined
                  ? html`<td class="n">–</td>`
                  : differenceCell(difference);
              })}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

const WORDS = {
  higher: "surely higher",
  lower: "surely lower",
  same: "the same",
  unsure: "may be chance",
} as const;

function differenceCell(difference: Difference): Markup {
  const told = verdict(difference);
  const words =
    difference.interval === undefined && told === "unsure" ? "no interval" : WORDS[told];
  return html`<td class="n ${told}">
    ${signed(difference.value)}<small
      >${difference.interval && range(difference.interval, signed)}</small
    ><small>${words}</small>
  </td>`;
}

function differencePlot({ configurations }: DatasetReport, metric: Metric): Markup {
  const marks = configurations.flatMap((configuration) => {
    const difference = measureOf(configuration, metric)?.difference;
    return difference === undefined
      ? []
      : [
          {
            label: configuration.run.entry.configuration,
            value: difference.value,
            ...difference.interval,
            strong: ["higher", "lower"].includes(verdict(difference)),
          },
        ];
  });
  return plot(`${metric.metric}: difference from the default`, marks, true);
}

function costTable({ configurations }: DatasetReport): Markup {
  return html`<div class="wide">
    <table>
      <thead>
        <tr>
          <th>Configuration</th>
          <th class="n">p50<small>seconds</small></th>
          <th class="n">p95<small>seconds</small></th>
          <th class="n">Difference<small>seconds, mean</small></th>
          <th class="n">Tokens asked<small>per line</small></th>
          <th class="n">Tokens answered<small>per line</small></th>
          <th class="n">Difference<small>tokens, mean</small></th>
        </tr>
      </thead>
      <tbody>
        ${configurations.map(
          ({ run, latency, tokens }) =>
            html`<tr>
              <th>${run.entry.configuration}</th>
              <td class="n">${plain(latency.p50)}</td>
              <td class="n">${plain(latency.p95)}</td>
              ${latency.difference ? differenceCell(latency.difference) : html`<td class="n">–</td>`}
              <td class="n">${plain(tokens.prompt)}</td>
              <td class="n">${plain(tokens.completion)}</td>
              ${tokens.difference ? differenceCell(tokens.difference) : html`<td class="n">–</td>`}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function method(datasets: readonly DatasetReport[]): Markup {
  const resamples = datasets
    .flatMap(({ configurations }) => configurations)
    .flatMap(({ run }) => run.judgements)
    .flatMap((judgement) => Object.values(judgement.resamples))[0]?.length;
  return html`<section>
    <h2>How to read this</h2>
    <p>
      Small figures under a value are its 95% interval: draw as many lines from the dataset, with
      repetition, as it has, let the evaluator's own aggregation measure them, and
      repeat${resamples ? ` (${resamples} times)` : ""}; the middle 95% of the results is the
      interval. Every configuration gets the same draws, so a difference compares line with line.
      Differences of seconds and tokens are means over lines that both configurations completed,
      with 2000 draws. The draws follow from the content of the dataset: the same runs give the same
      report.
    </p>
    <p>
      <b>Surely</b> means that the interval does not contain zero. Of many such comparisons about
      one in twenty says so by chance. The intervals know only this dataset: they say nothing about
      questions that are unlike its lines, and little below some thirty lines. Lines that failed are
      missing from the metrics. Seconds hold waiting for rate limits. Whether higher is better is
      the metric's own matter.
    </p>
  </section>`;
}
