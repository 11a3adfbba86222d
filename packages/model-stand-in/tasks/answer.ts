import { contentWords, limitIn, sentences, tagged } from "../text";

const unknown = "Our policies do not say, so a colleague will look into it and write back.";
const invented =
  "Most requests of this kind are settled within one working day, and there is no charge.";

/**
 * Answer a question from passages: the sentences that share most words with it. Unless told to keep to the
 * passages it adds a promise that stands in none of them.
 */
export function answer(instruction: string, request: string): string {
  const question = new Set(contentWords(tagged(request, "question") ?? ""));
  const ranked = sentences(tagged(request, "passages") ?? "")
    .map((sentence, index) => ({ sentence, index, shared: shared(sentence, question) }))
    .filter((candidate) => candidate.shared > 0)
    .sort((left, right) => right.shared - left.shared || left.index - right.index)
    .slice(0, limitIn(instruction, "sentence") ?? 2);
  const bound = /\bonly\b[^.]*\bpassages\b/i.test(instruction);
  const body =
    ranked.length === 0 ? [bound ? unknown : invented] : ranked.map(({ sentence }) => sentence);
  const promise = bound || ranked.length === 0 ? [] : [invented];
  const greeting = /\bgreet/i.test(instruction) ? ["Thank you for your message."] : [];
  return [...greeting, ...body, ...promise].join(" ");
}

function shared(sentence: string, question: ReadonlySet<string>): number {
  return [...new Set(contentWords(sentence))].filter((word) => question.has(word)).length;
}
