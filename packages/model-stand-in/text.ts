/** Reading text the way the stand-in does: sentences, words without their endings, tagged blocks. */

const stopWords = new Set(
  (
    "a about after all also an and any are as at be because been but by can do does each every for from has " +
    "have he her here him his how i if in into is it its may me more most my no not of off on one only or our " +
    "out over she so some than that the their them then there these they this to two until up us was we were " +
    "what when where which who will with you your"
  ).split(" "),
);

/** Split running text after full stops, question marks and exclamation marks that end a sentence. */
export function sentences(text: string): string[] {
  return text
    .replace(/\s+/g, " ")
    .trim()
    .split(/(?<=[.!?])\s+(?=["'A-Z0-9])/)
    .filter((sentence) => sentence !== "");
}

/** Cut the common English endings, so that `tickets` meets `ticket` and `baked` meets `bake`. */
function stem(word: string): string {
  const lower = word.toLowerCase();
  if (lower.length < 5) {
    return lower.replace(/(?<=[a-z]{3})s$/, "");
  }
  return lower.replace(/(?:ies|ings?|ers?|ed|es|s|e|y)$/, "");
}

/** The words that carry meaning, each as its stem, in order and with repetitions. */
export function contentWords(text: string): string[] {
  const words = text.toLowerCase().match(/[a-z]+(?:'[a-z]+)?|\d+(?:\.\d+)?/g) ?? [];
  return words
    .filter((word) => !stopWords.has(word) && (word.length > 2 || /\d/.test(word)))
    .map(stem);
}

/** What stands between `<name>` and `</name>`; undefined where the tag is missing. */
export function tagged(text: string, name: string): string | undefined {
  return new RegExp(`<${name}>([\\s\\S]*?)</${name}>`).exec(text)?.[1]?.trim();
}

const numerals = ["zero", "one", "two", "three", "four", "five", "six"];

/** A limit that an instruction states, as in `at most three sentences` or `25 words`. */
export function limitIn(instruction: string, unit: string): number | undefined {
  const found = new RegExp(`(\\d+|${numerals.join("|")})\\s+${unit}s?\\b`, "i").exec(
    instruction,
  )?.[1];
  if (found === undefined) {
    return undefined;
  }
  const numeral = numerals.indexOf(found.toLowerCase());
  return numeral >= 0 ? numeral : Number(found);
}
