import { createColors } from "picocolors";

/** Colours of a plan; each is the identity where the output is no terminal. */
export type Theme = ReturnType<typeof createColors>;

export function themeFor(colors: boolean): Theme {
  return createColors(colors);
}

/** Lines of columns, each as wide as its widest cell but the last. Colours are applied after the padding. */
export function columns(
  rows: readonly (readonly string[])[],
  paint: readonly (((text: string) => string) | undefined)[] = [],
): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, i) => (widths[i] = Math.max(widths[i] ?? 0, cell.length)));
  }
  return rows.map((row) =>
    row
      .map((cell, i) => {
        const text = i === row.length - 1 ? cell : cell.padEnd(widths[i] as number);
        return (paint[i] ?? ((same) => same))(text);
      })
      .join("  ")
      .trimEnd(),
  );
}

/** A share of 100 as a bar of `width` characters; a share above 0 shows at least one full character. */
export function bar(percent: number, width = 20): string {
  const full = percent === 0 ? 0 : Math.max(1, Math.round((percent / 100) * width));
  return "█".repeat(full) + "░".repeat(width - full);
}

/** `1 flow`, `3 flows`, `1,000 flows`; nouns with another plural name it. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${String(count).replace(/\B(?=(\d{3})+$)/g, ",")} ${count === 1 ? noun : plural}`;
}

/** The first of many, and how many more there are. */
export function firstOf<T>(
  items: readonly T[],
  most: number,
): { shown: readonly T[]; more: number } {
  return items.length <= most
    ? { shown: items, more: 0 }
    : { shown: items.slice(0, most), more: items.length - most };
}
