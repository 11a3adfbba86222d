import type { ChatMessage } from "../chat";
import { contentWords, tagged } from "../text";

interface Category {
  readonly name: string;
  readonly words: Set<string>;
}

/**
 * Choose the category whose words, from the prompt's own list and examples, are met most often. It knows
 * nothing that the prompt does not tell, so a better prompt is a better classifier.
 */
export function classify(instruction: string, messages: readonly ChatMessage[]): string {
  const categories = learn(instruction, messages);
  const request = messages.at(-1)?.content ?? "";
  const url = scores(categories, tagged(request, "url") ?? "");
  const text = scores(categories, tagged(request, "text") ?? "");
  const total = categories.map((_, index) => url[index]! + text[index]!);
  const best = top(total);
  const name = best === undefined ? (categories.at(-1)?.name ?? "None") : categories[best]!.name;
  if (!/json/i.test(instruction)) {
    return `I would call this page ${name}.`;
  }
  const answer: Record<string, string> = { category: name };
  if (/evidence/i.test(instruction)) {
    answer.evidence = evidence(best, top(url), top(text));
  }
  const json = JSON.stringify(answer);
  return /nothing else|only (?:the )?json/i.test(instruction)
    ? json
    : `Here is my answer:\n${json}`;
}

/** `- Name: words that describe it` in the instruction, and earlier turns whose answer names the category. */
function learn(instruction: string, messages: readonly ChatMessage[]): Category[] {
  const categories = [...instruction.matchAll(/^[-*] ([A-Z][\w ]*?)(?::(.*))?$/gm)].map(
    ([, name, description]) => ({
      name: name!.trim(),
      words: new Set(contentWords(`${name} ${description ?? ""}`)),
    }),
  );
  messages.forEach((message, index) => {
    const example = messages[index - 1];
    if (message.role !== "assistant" || example === undefined) {
      return;
    }
    const shown = categories.find(({ name }) => message.content.includes(`"${name}"`));
    const material = `${tagged(example.content, "url") ?? ""} ${tagged(example.content, "text") ?? ""}`;
    contentWords(material).forEach((word) => shown?.words.add(word));
  });
  return categories;
}

/** A word that several categories share counts for each of them only in part. */
function scores(categories: readonly Category[], text: string): number[] {
  const found = [...new Set(contentWords(text))];
  return categories.map(({ words }) =>
    found
      .filter((word) => words.has(word))
      .reduce(
        (sum, word) => sum + 1 / categories.filter((other) => other.words.has(word)).length,
        0,
      ),
  );
}

/** The first of the highest; undefined where nothing was met at all. */
function top(values: readonly number[]): number | undefined {
  const highest = Math.max(0, ...values);
  return highest === 0 ? undefined : values.indexOf(highest);
}

function evidence(best?: number, url?: number, text?: number): string {
  if (best !== undefined && url === best && text === best) {
    return "Both";
  }
  return best !== undefined && url === best ? "Url" : "Text content";
}
