import { documentOf } from "../report/document";
import { html, type Markup } from "../report/markup";
import { plain, range, signed } from "../report/numbers";
import { plot } from "../report/plot";
import type { Minute } from "../rollout/armWindow";
import { METRICS, type Comparison } from "../rollout/compareArms";
import { overTime } from "./overTime";
import type { ArmRow } from "./sideBySide";

export interface ComparePage {
  readonly flow: string;
  readonly environment: string;
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
  /** The base first. */
  readonly rows: readonly ArmRow[];
}

const titles: Readonly<Record<Comparison["metric"], string>> = {
  p95: "Slower (p95), percent",
  "5xx": "More failures, points",
  tokens: "More tokens, percent",
  feedback: "Lower feedback",
};

/** A harm in the unit of its title. */
const shown = (metric: Comparison["metric"], harm: number) =>
  metric === "feedback" ? harm : harm * 100;

/** The arms side by side, as one HTML document. */
export function comparePage({ flow, environment, from, to, rows }: ComparePage): string {
  const base = rows[0]?.arm ?? "";
  return documentOf({
    title: `${flow}, ${environment}: arms side by side`,
    introduction: html`<p>
      From ${new Date(from).toISOString()} to ${new Date(to).toISOString()}.
    </p>`,
    main: html`<section>
        <h2>Numbers</h2>
        ${numbers(rows)}
      </section>
      ${
        rows.length > 1 &&
        html`<section>
          <h2>Differences from ${base}</h2>
          ${differences(rows.slice(1))}
          <div class="plots">${METRICS.map((metric) => differencePlot(metric, rows.slice(1)))}</div>
        </section>`
      }
      <section>
        <h2>Over time</h2>
        <div class="plots">
          ${timePlot("Requests a minute", rows, ({ requests }) => requests)}
          ${timePlot("p95, milliseconds", rows, ({ latency }) => latency?.p95)}
          ${timePlot("Failures, percent", rows, ({ failed, requests }) => (failed / requests) * 100)}
          ${timePlot("Tokens per request", rows, ({ tokens }) => tokens && tokens.sum / tokens.requests)}
        </div>
      </section>
      ${method(base)}`,
  });
}

const percent = (share: number) => (Number.isNaN(share) ? "–" : `${plain(share * 100)} %`);

function numbers(rows: readonly ArmRow[]): Markup {
  const heads = [
    "Weight",
    "Requests",
    "p50, ms",
    "p95, ms",
    "5xx",
    "429",
    "Tokens a request",
    "Feedback",
  ];
  return html`<div class="wide">
    <table>
      <thead>
        <tr>
          <th>Arm</th>
          ${heads.map((head) => html`<th class="n">${head}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              <th>${row.arm}</th>
              ${[
                String(row.weight),
                String(row.requests),
                plain(row.p50),
                plain(row.p95),
                percent(row.failed),
                percent(row.throttled),
                plain(row.tokens),
              ].map((text) => html`<td class="n">${text}</td>`)}
              <td class="n">${plain(row.feedback)}<small>${row.scores} scores</small></td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function differences(rows: readonly ArmRow[]): Markup {
  return html`<div class="wide">
    <table>
      <thead>
        <tr>
          <th>Arm</th>
          ${METRICS.map((metric) => html`<th class="n">${titles[metric]}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              <th>${row.arm}</th>
              ${row.differences.map((each) => differenceCell(each))}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function differenceCell({
  metric,
  harm,
  interval,
  finding,
  lacking,
}: ArmRow["differences"][number]): Markup {
  if (lacking !== undefined) return html`<td class="n">–<small>too few: ${lacking}</small></td>`;
  const write = (value: number) => signed(shown(metric, value));
  const look = finding === "worse" ? "bad" : finding === "better" ? "good" : "";
  return html`<td class="n ${look}">
    ${write(harm)}<small>${range(interval, write)}</small><small>${finding}</small>
  </td>`;
}

function differencePlot(metric: Comparison["metric"], rows: readonly ArmRow[]): Markup {
  const marks = rows.flatMap(({ arm, differences: all }) =>
    all
      .filter((each) => each.metric === metric && each.lacking === undefined)
      .map(({ harm, interval, finding }) => ({
        label: arm,
        value: shown(metric, harm),
        low: shown(metric, interval.low),
        high: shown(metric, interval.high),
        strong: finding === "worse" || finding === "better",
      })),
  );
  return plot(titles[metric], marks, true);
}

function timePlot(
  title: string,
  rows: readonly ArmRow[],
  valueOf: (minute: Minute) => number | undefined,
): Markup {
  return overTime(
    title,
    rows.map(({ arm, window }) => ({
      label: arm,
      points: window.minutes.map((minute) => [minute.time, valueOf(minute) ?? NaN] as const),
    })),
  );
}

function method(base: string): Markup {
  return html`<section>
    <h2>How to read this</h2>
    <p>
      Requests, latency and statuses are Azure Monitor's, minute by minute; p50 and p95 are its
      minutes' averages by their requests. Tokens and feedback are Application Insights'. 5xx holds
      requests that reached the caller as 424 because the container failed.
    </p>
    <p>
      A difference compares an arm with ${base} and is positive where the arm is worse; small
      figures are its 95% interval. Latency is compared minute by minute, at the same place of both
      arms' distributions, so it may differ from the quotient of the two averages above.
      <b>Worse</b>: surely so, and by more than the flow's margin. <b>Equal</b>: the whole interval
      lies within the margin.
    </p>
  </section>`;
}
