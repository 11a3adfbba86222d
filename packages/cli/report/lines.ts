import type { Configuration, DatasetReport } from "./compare";
import { html } from "./markup";
import type { Markup } from "./markup";
import type { Line } from "./load";

/** So many lines of a dataset stand in the page; the CSV file has all of them. */
const SHOWN = 100;
const LONGEST_TEXT = 300;

/** What each configuration answered, line by line; first the lines that the configurations are judged apart on. */
export function lineTable({ configurations, lines }: DatasetReport): Markup {
  const views = configurations.map(view);
  const numbers = [...new Set(views.flatMap(({ byLine }) => [...byLine.keys()]))];
  const ordered = numbers
    .map((number) => ({ number, apart: new Set(views.map(({ judged }) => judged(number))).size }))
    .sort((a, b) => b.apart - a.apart || a.number - b.number)
    .slice(0, SHOWN);
  return html`<details class="lines">
    <summary>
      Line by line (${ordered.length} of ${lines}, those first that are judged most differently)
    </summary>
    <div class="wide">
      <table>
        <thead>
          <tr>
            <th class="n">Line</th>
            <th>Inputs</th>
            ${configurations.map(({ run }) => html`<th>${run.entry.configuration}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${ordered.map(({ number }) => {
            const first = views
              .map(({ byLine }) => byLine.get(number))
              .find((line) => line !== undefined);
            return html`<tr>
              <td class="n">${number}</td>
              <td class="cell">${first && fields(first.inputs)}</td>
              ${views.map(({ byLine, judged }) => {
                const line = byLine.get(number);
                return html`<td class="cell">
                  ${line && answer(line)}<small>${judged(number)}</small>
                </td>`;
              })}
            </tr>`;
          })}
        </tbody>
      </table>
    </div>
  </details>`;
}

interface View {
  readonly byLine: ReadonlyMap<number, Line>;
  /** What the evaluators said of a line. */
  readonly judged: (line: number) => string;
}

function view({ run }: Configuration): View {
  const judgements = run.judgements.map(
    ({ lines }) => new Map(lines.map((line) => [line.line, line])),
  );
  return {
    byLine: new Map(run.lines.map((line) => [line.line, line])),
    judged: (number) =>
      judgements
        .flatMap((byLine) => {
          const line = byLine.get(number);
          if (line === undefined) return [];
          return line.failed
            ? [`evaluator failed: ${shorten(line.error)}`]
            : Object.entries(line.outputs).map(([name, value]) => `${name} ${shorten(value)}`);
        })
        .join("\n"),
  };
}

function answer(line: Line): string {
  return line.failed ? `failed: ${shorten(line.error)}` : fields(line.outputs);
}

function fields(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}: ${shorten(value)}`)
    .join("\n");
}

function shorten(text: string): string {
  return text.length <= LONGEST_TEXT ? text : `${text.slice(0, LONGEST_TEXT)}…`;
}

/** Every line that failed, of runs and of evaluators, up to a number that a reader can take in. */
export function failures(datasets: readonly DatasetReport[]): Markup {
  const all = datasets
    .flatMap(({ name, configurations }) =>
      configurations.flatMap(({ run }) => [
        ...run.lines.map((line) => ({ name, run, by: "the flow", line })),
        ...run.judgements.flatMap(({ entry, lines }) =>
          lines.map((line) => ({ name, run, by: entry.evaluator, line })),
        ),
      ]),
    )
    .filter(({ line }) => line.failed);
  if (all.length === 0)
    return html`<section>
      <h2>Failures</h2>
      <p>No line failed.</p>
    </section>`;
  return html`<section>
    <h2>Failures: ${all.length}</h2>
    <div class="wide">
      <table>
        <thead>
          <tr>
            <th>Dataset</th>
            <th>Configuration</th>
            <th class="n">Line</th>
            <th>In</th>
            <th>Error</th>
          </tr>
        </thead>
        <tbody>
          ${all.slice(0, SHOWN).map(
            ({ name, run, by, line }) =>
              html`<tr>
                <td>${name}</td>
                <td>${run.entry.configuration}</td>
                <td class="n">${line.line}</td>
                <td>${by}</td>
                <td class="cell">${shorten(line.error)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${all.length > SHOWN && html`<p>The first ${SHOWN}; the CSV files have all.</p>`}
  </section>`;
}
