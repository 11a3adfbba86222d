import { contentWords, tagged } from "../text";

/** A question with fewer words of its own leaves out what it is about. */
const ENOUGH = 3;

/**
 * Make a question of a conversation stand by itself: a follow-up gets the visitor's questions before it, back
 * to the last one that named what it is about.
 */
export function rewrite(request: string): string {
  const question = tagged(request, "question") ?? "";
  const asked = [...(tagged(request, "history") ?? "").matchAll(/^Visitor: (.*)$/gm)].map(
    ([, text = ""]) => text,
  );
  const questions = [...asked, question];
  const from = questions.findLastIndex((text) => contentWords(text).length >= ENOUGH);
  return questions.slice(Math.max(0, from)).join(" ");
}
