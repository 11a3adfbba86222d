import { html, type Markup } from "../report/markup";
import { plain } from "../report/numbers";
import { axis } from "../report/plot";

export interface Line {
  readonly label: string;
  /** Milliseconds since 1970 and a value, by time. */
  readonly points: readonly (readonly [number, number])[];
}

const WIDTH = 640;
const HEIGHT = 180;
const LEFT = 60;
const BOTTOM = 24;
const MINUTE = 60_000;
/** Told apart without colour too: by dashes. */
const strokes = ["#1a6fb5", "#b4541a", "#187a35", "#7a3fb5", "#888888"];
const dashes = ["", "6 3", "2 3", "8 3 2 3", "1 4"];

/** Values over time, a line for each arm; a minute without a value breaks the line. */
export function overTime(title: string, lines: readonly Line[]): Markup {
  const points = lines
    .flatMap(({ points: own }) => own)
    .filter(([, value]) => Number.isFinite(value));
  if (points.length === 0) return html``;
  const times = points.map(([time]) => time);
  const [first, last] = [least(times), most(times)];
  const { from, to, ticks } = axis(0, most(points.map(([, value]) => value)));
  const x = (time: number) =>
    round(LEFT + ((time - first) / (last - first || 1)) * (WIDTH - LEFT - 10));
  const y = (value: number) =>
    round(HEIGHT - BOTTOM - ((value - from) / (to - from)) * (HEIGHT - BOTTOM - 8));
  return html`<figure>
    <figcaption>${title}: ${lines.map(legend)}</figcaption>
    <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}">
      ${ticks.map(
        (tick) =>
          html`<line
              class="grid"
              x1="${LEFT}"
              x2="${WIDTH - 10}"
              y1="${y(tick)}"
              y2="${y(tick)}"
            /><text class="label" x="${LEFT - 8}" y="${y(tick) + 4}">${plain(tick)}</text>`,
      )}
      ${lines.map(
        ({ label, points: own }, index) =>
          html`<path
            d="${path(own, x, y)}"
            fill="none"
            stroke="${strokes[index % strokes.length]}"
            stroke-width="1.5"
            stroke-dasharray="${dashes[index % dashes.length]}"
            ><title>${label}</title></path
          >`,
      )}
      <text class="tick" x="${LEFT + 20}" y="${HEIGHT - 6}">${clock(first)}</text>
      <text class="tick" x="${WIDTH - 30}" y="${HEIGHT - 6}">${clock(last)}</text>
    </svg>
  </figure>`;
}

const legend = ({ label }: Line, index: number) =>
  html`<svg class="key" viewBox="0 0 24 8" width="24" height="8" aria-hidden="true">
      <line
        x1="0"
        x2="24"
        y1="4"
        y2="4"
        stroke="${strokes[index % strokes.length]}"
        stroke-width="2"
        stroke-dasharray="${dashes[index % dashes.length]}"
      />
    </svg>
    ${label} `;

function path(
  points: Line["points"],
  x: (time: number) => number,
  y: (value: number) => number,
): string {
  let before = -Infinity;
  return points
    .filter(([, value]) => Number.isFinite(value))
    .map(([time, value]) => {
      const pen = time - before > MINUTE ? "M" : "L";
      before = time;
      // A lone minute is seen as a dot's width.
      return pen === "M" ? `M${x(time)} ${y(value)}h1` : `L${x(time)} ${y(value)}`;
    })
    .join("");
}

const round = (value: number) => Number(value.toFixed(1));
const clock = (time: number) => new Date(time).toISOString().slice(5, 16).replace("T", " ");
const least = (values: readonly number[]) => values.reduce((a, b) => Math.min(a, b), Infinity);
const most = (values: readonly number[]) => values.reduce((a, b) => Math.max(a, b), -Infinity);
