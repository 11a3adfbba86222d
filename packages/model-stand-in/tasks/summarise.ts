import { contentWords, limitIn, sentences } from "../text";

/**
 * Pick sentences and keep their order. Told to look for facts it takes the fullest sentences, otherwise the
 * first ones: pages like to open with something pretty that says nothing.
 */
export function summarise(instruction: string, text: string): string {
  const all = sentences(text);
  const count = limitIn(instruction, "sentence") ?? all.length;
  const wanted = /\bfacts?\b|\bdetails?\b/i.test(instruction)
    ? fullest(all, count)
    : all.slice(0, count);
  const words = wanted.join(" ").split(" ");
  return words.slice(0, limitIn(instruction, "word") ?? words.length).join(" ");
}

function fullest(all: string[], count: number): string[] {
  const chosen = all
    .map((sentence, index) => ({ index, weight: new Set(contentWords(sentence)).size }))
    .sort((left, right) => right.weight - left.weight || left.index - right.index)
    .slice(0, count)
    .map(({ index }) => index);
  return all.filter((_, index) => chosen.includes(index));
}
