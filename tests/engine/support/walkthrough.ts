/** The walk-through as data: what a reader does, in order, and what the page says is then seen. */

export interface Step {
  /** `here`: in the reader's shell; `beside`: in a terminal of its own; else an edit of a file. */
  readonly kind: "here" | "beside" | "patch" | "file";
  readonly text: string;
  /** Name of the file that is written. */
  readonly file?: string;
  /** Line of the page, from 1. */
  readonly line: number;
  /** What the page shows; undefined where it shows nothing. */
  readonly shown?: string;
}

const kinds: Readonly<Record<string, Step["kind"]>> = {
  sh: "here",
  "sh another terminal": "beside",
  diff: "patch",
};

/** The blocks of a page; one of a kind that nobody follows is an error, so that none is passed over. */
export function stepsOf(page: string): Step[] {
  const steps: Step[] = [];
  for (const { 0: whole, 1: info = "", 2: text = "", index } of page.matchAll(
    /^```([^\n]*)\n([\s\S]*?)^```$/gm,
  )) {
    const line = page.slice(0, index).split("\n").length;
    const last = steps.at(-1);
    const [, file] = /^json (\S+)$/.exec(info) ?? [];
    if (info === "text" && last !== undefined && last.shown === undefined) {
      steps[steps.length - 1] = { ...last, shown: text };
    } else if (file !== undefined) {
      steps.push({ kind: "file", text, file, line });
    } else if (kinds[info] !== undefined) {
      steps.push({ kind: kinds[info], text, line });
    } else {
      throw new Error(
        `line ${line}: what is to be done with ${JSON.stringify(whole.slice(0, 60))}?`,
      );
    }
  }
  return steps;
}

/**
 * The first line that the page shows and that was not seen, or undefined. Lines must come in the order of the
 * page; other lines may stand between them. Numbers, names of versions and widths of columns may differ, and
 * `…` stands for anything.
 */
export function missingLine(shown: string, seen: string): string | undefined {
  const lines = seen.split("\n").map(shape);
  let from = 0;
  for (const line of shown.split("\n").filter((text) => text.trim() !== "")) {
    const pattern = new RegExp(
      `^${shape(line)
        .split("…")
        .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
        .join(".*")}$`,
    );
    const found = lines.findIndex((one, index) => index >= from && pattern.test(one));
    if (found < 0) return line;
    // Nothing stands for any number of lines.
    from = line.trim() === "…" ? from : found + 1;
  }
  return undefined;
}

/** A line without what differs from run to run. */
function shape(line: string): string {
  return line
    .trim()
    .replace(/\b[0-9a-f]{20,}\b/g, "#")
    .replace(/[−+]?\d[\d,.]*\d|[−+]?\d/g, "#")
    .replace(/\s+/g, " ");
}
