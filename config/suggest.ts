import { quote } from "./display";

/**
 * The known name that a misspelt one most likely means, or undefined where none is near.
 * Near: at most a third of its letters differ, counting a swapped pair as one difference; or the known name
 * starts with it.
 */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  const wanted = fold(name);
  let best: string | undefined;
  let longer: string | undefined;
  let bestDistance = Math.max(1, Math.floor(name.length / 3)) + 1;
  for (const candidate of known) {
    const distance = editDistance(wanted, fold(candidate));
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
    if (wanted.length >= 3 && fold(candidate).startsWith(wanted)) {
      longer ??= candidate;
    }
  }
  return best ?? longer;
}

/** `keyvault`, `key_vault` and `keyVault` are one word to a hurried typist. */
function fold(name: string): string {
  return name.toLowerCase().replace(/[-_]/g, "");
}

/** Optimal string alignment distance: insert, delete, replace, swap neighbours. */
function editDistance(a: string, b: string): number {
  let older: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(
        at(previous, j) + 1,
        at(current, j - 1) + 1,
        at(previous, j - 1) + (same ? 0 : 1),
      );
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, at(older, j - 2) + 1);
      }
      current.push(cost);
    }
    older = previous;
    previous = current;
  }
  return at(previous, b.length);
}

function at(row: number[], index: number): number {
  return row[index] ?? 0;
}

/** The end of a mend: ` did you mean "x"?` or the list of what exists. */
export function orListing(name: string, known: readonly string[], none: string): string {
  const guess = nearest(name, known);
  if (guess !== undefined) {
    return `did you mean ${quote(guess)}?`;
  }
  return known.length === 0 ? none : `write one of ${listing(known)}`;
}

/** A list of names a reader can take in at once. */
export function listing(names: readonly string[]): string {
  const shown = names.slice(0, 12).map(quote);
  return names.length > 12 ? `${shown.join(", ")} and ${names.length - 12} more` : shown.join(", ");
}
