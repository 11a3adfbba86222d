import type { RunIndex } from "../experiment/results";
import type { DatasetReport } from "./compare";
import { documentOf } from "./document";
import type { GateResult } from "./gate";
import { failures, lineTable } from "./lines";
import { html } from "./markup";
import type { Markup } from "./markup";
import {
  costTable,
  differencePlot,
  differenceTable,
  findings,
  metricsOf,
  metricTable,
} from "./measures";
import { plain } from "./numbers";
import { plot } from "./plot";

export interface Page {
  readonly index: RunIndex;
  readonly datasets: readonly DatasetReport[];
  readonly gates: readonly GateResult[];
}

/** The whole report as one HTML document. */
export function page({ index, datasets, gates }: Page): string {
  return documentOf({
    title: `${index.experiment}, ${index.environment}`,
    introduction: whatWasRun(index, datasets),
    main: html`${gates.length > 0 && gateSection(gates)} ${datasets.map(datasetSection)}
    ${failures(datasets)} ${method(datasets)}`,
  });
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
