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
    ranked.length === 0
      ? [bound ? refusal(instruction) : invented]
      : ranked.map(({ sentence }) => sentence);
  const promise = bound || ranked.length === 0 ? [] : [invented];
  const greeting = /\bgreet/i.test(instruction) ? ["Thank you for your message."] : [];
  return [...greeting, ...body, ...promise].join(" ");
}

/** What the instruction wants said where the passages do not answer, as in `say that the handbook does not tell`. */
function refusal(instruction: string): string {
  const told = /\bsay that ([^.]+)/i.exec(instruction)?.[1]?.replace(/\s+/g, " ");
  return told === undefined ? unknown : `${told.charAt(0).toUpperCase()}${told.slice(1)}.`;
}

function shared(sentence: string, question: ReadonlySet<string>): number {
  return [...new Set(contentWords(sentence))].filter((word) => question.has(word)).length;
}
