import type { ChatMessage } from "../chat";
import { contentWords, tagged } from "../text";

/** One way to compute an answer, and the words that it goes with. */
interface Pattern {
  readonly words: ReadonlySet<string>;
  /** How many numbers a question must have. */
  readonly numbers: number;
  readonly code: (numbers: readonly string[]) => string;
}

/**
 * Write the code of the prompt's pattern or example that shares most words with the question, with the
 * question's numbers in it. Where the prompt shows none that fits, all numbers are added up.
 */
export function program(instruction: string, messages: readonly ChatMessage[]): string {
  const question = tagged(messages.at(-1)?.content ?? "", "question") ?? "";
  const numbers = numbersIn(question);
  const words = new Set(contentWords(question));
  const [best] = [...patterns(instruction), ...examples(messages)]
    .filter((pattern) => pattern.numbers === numbers.length)
    .map((pattern) => ({ pattern, shared: likeness(words, pattern.words) }))
    .filter(({ shared }) => shared > 0)
    .sort((left, right) => right.shared - left.shared);
  const code = best?.pattern.code(numbers) ?? `answer = ${numbers.join(" + ") || "0"}`;
  return /code alone/i.test(instruction)
    ? code
    : `This adds up what is given:\n\n\`\`\`python\n${code}\n\`\`\``;
}

/** ``- `a * b`: each, per``: letters stand for the numbers in the order of the question. */
function patterns(instruction: string): Pattern[] {
  return [...instruction.matchAll(/^- `([^`]+)`: (.*)$/gm)].map(([, formula = "", words = ""]) => ({
    words: new Set(contentWords(words)),
    numbers: new Set(formula.match(/\b[a-z]\b/g)).size,
    code: (numbers) =>
      `answer = ${formula.replace(/\b[a-z]\b/g, (letter) => numbers[letter.charCodeAt(0) - 97]!)}`,
  }));
}

/** Earlier turns: a question, and the code that answered it. */
function examples(messages: readonly ChatMessage[]): Pattern[] {
  return messages.flatMap(({ role, content }, index) => {
    const question = tagged(messages[index - 1]?.content ?? "", "question");
    if (role !== "assistant" || question === undefined) return [];
    const shown = numbersIn(question);
    return [
      {
        words: new Set(contentWords(question)),
        numbers: shown.length,
        code: (numbers: readonly string[]) =>
          content.replace(NUMBER, (number) => numbers[shown.indexOf(number)] ?? number),
      },
    ];
  });
}

const NUMBER = /\d+(?:\.\d+)?/g;

function numbersIn(text: string): string[] {
  return text.match(NUMBER) ?? [];
}

/** Words in common, as a share of all: a short example that fits is nearer than a long one that half fits. */
function likeness(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  const spelled = (words: ReadonlySet<string>) => [...words].filter((word) => !/^\d/.test(word));
  const [left, right] = [spelled(one), spelled(other)];
  const shared = left.filter((word) => other.has(word)).length;
  return shared / Math.max(1, left.length + right.length - shared);
}
