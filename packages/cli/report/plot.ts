import { html } from "./markup";
import type { Markup } from "./markup";
import { plain } from "./numbers";

/** One row of a plot: a value, and the range around it. */
export interface Mark {
  readonly label: string;
  readonly value: number;
  readonly low?: number;
  readonly high?: number;
  readonly strong?: boolean;
}

const WIDTH = 640;
const LEFT = 230;
const RIGHT = 70;
const ROW = 24;

/** Dots with ranges on one axis, a row for each configuration. Without marks there is no plot. */
export function plot(title: string, marks: readonly Mark[], zero = false): Markup {
  const ends = marks
    .flatMap(({ value, low, high }) => [value, low ?? value, high ?? value])
    .filter(Number.isFinite);
  if (ends.length === 0) return html``;
  const { from, to, ticks } = axis(
    Math.min(...ends, ...(zero ? [0] : [])),
    Math.max(...ends, ...(zero ? [0] : [])),
  );
  const x = (value: number) =>
    Number((LEFT + ((value - from) / (to - from)) * (WIDTH - LEFT - RIGHT)).toFixed(1));
  const bottom = marks.length * ROW + 8;
  return html`<figure>
    <figcaption>${title}</figcaption>
    <svg viewBox="0 0 ${WIDTH} ${bottom + 22}" role="img" aria-label="${title}">
      ${ticks.map(
        (tick) =>
          html`<line
              class="${zero && tick === 0 ? "zero" : "grid"}"
              x1="${x(tick)}"
              x2="${x(tick)}"
              y1="2"
              y2="${bottom}"
            /><text class="tick" x="${x(tick)}" y="${bottom + 15}">${plain(tick)}</text>`,
      )}
      ${marks.map((mark, row) => drawn(mark, x, row * ROW + ROW / 2 + 2))}
    </svg>
  </figure>`;
}

function drawn(
  { label, value, low, high, strong }: Mark,
  x: (value: number) => number,
  y: number,
): Markup {
  if (!Number.isFinite(value)) {
    return html`<text class="label" x="${LEFT - 10}" y="${y + 4}">${shorten(label)}</text>`;
  }
  const bar =
    low === undefined || high === undefined
      ? html``
      : html`<line
          class="range${strong ? " strong" : ""}"
          x1="${x(low)}"
          x2="${x(high)}"
          y1="${y}"
          y2="${y}"
        />`;
  return html`<g
    ><title>${label}: ${plain(value)}</title
    ><text class="label" x="${LEFT - 10}" y="${y + 4}">${shorten(label)}</text>${bar}<circle
      class="dot${strong ? " strong" : ""}"
      cx="${x(value)}"
      cy="${y}"
      r="4"
    /><text class="value" x="${WIDTH - RIGHT + 12}" y="${y + 4}">${plain(value)}</text></g
  >`;
}

function shorten(label: string): string {
  return label.length <= 36 ? label : `${label.slice(0, 17)}…${label.slice(-18)}`;
}

/** Round ends and a few round ticks around a range. */
export function axis(least: number, most: number): { from: number; to: number; ticks: number[] } {
  const span = most - least || Math.abs(most) || 1;
  const rough = span / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10);
  const first = Math.floor(least / step);
  const last = Math.max(Math.ceil(most / step), first + 1);
  const ticks = Array.from({ length: last - first + 1 }, (_, index) =>
    Number(((first + index) * step).toPrecision(12)),
  );
  return { from: ticks[0]!, to: ticks[ticks.length - 1]!, ticks };
}
