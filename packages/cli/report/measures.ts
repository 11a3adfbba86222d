import type { Configuration, DatasetReport, Difference, Measure } from "./compare";
import { verdict } from "./compare";
import { html } from "./markup";
import type { Markup } from "./markup";
import { plain, range, signed } from "./numbers";
import { plot } from "./plot";

/**
 * What was measured of a dataset's configurations: metrics, latency, tokens, and their differences from the default.
 */

export type Metric = Pick<Measure, "evaluator" | "metric">;

/** Every metric that some configuration has, in the order of their coming. */
export function metricsOf({ configurations }: DatasetReport): Metric[] {
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
export function findings({ configurations }: DatasetReport, metrics: readonly Metric[]): Markup {
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

export function metricTable({ configurations }: DatasetReport, metrics: readonly Metric[]): Markup {
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

export function differenceTable(dataset: DatasetReport, metrics: readonly Metric[]): Markup {
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

export function differencePlot({ configurations }: DatasetReport, metric: Metric): Markup {
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

export function costTable({ configurations }: DatasetReport): Markup {
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
