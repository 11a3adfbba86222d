import type { ChatMessage } from "./chat";
import { answer } from "./tasks/answer";
import { classify } from "./tasks/classify";
import { entities } from "./tasks/entities";
import { judge } from "./tasks/judge";
import { program } from "./tasks/program";
import { rewrite } from "./tasks/rewrite";
import { summarise } from "./tasks/summarise";
import { sentences, tagged } from "./text";

/** What the instruction asks for; the verb that stands first in it decides. */
const tasks: readonly (readonly [
  RegExp,
  (instruction: string, messages: readonly ChatMessage[]) => string,
])[] = [
  [
    /\bsummar/i,
    (instruction, messages) => summarise(instruction, tagged(last(messages), "text") ?? ""),
  ],
  [/\bclassif/i, classify],
  [/\bextract|\blist the entit/i, (instruction, messages) => entities(instruction, last(messages))],
  [/\bwrite python\b/i, program],
  [/\brewrite\b/i, (_, messages) => rewrite(last(messages))],
  [/\brate\b/i, (_, messages) => judge(last(messages))],
  [/\banswer\b/i, (instruction, messages) => answer(instruction, last(messages))],
];

/**
 * The stand-in's answer to a chat: the same for the same messages, and as good as their instruction. Material
 * is read from tags in the last message (`<text>`, `<url>`, `<question>`, …); a request for none of the known
 * tasks gets its own first sentence back.
 */
export function replyTo(messages: readonly ChatMessage[]): string {
  const instruction = messages
    .filter(({ role }) => role === "system")
    .map(({ content }) => content)
    .join("\n");
  const asked = tasks
    .map(([verb, task]) => ({ at: instruction.search(verb), task }))
    .filter(({ at }) => at >= 0)
    .sort((left, right) => left.at - right.at)[0];
  return asked === undefined
    ? (sentences(last(messages))[0] ?? "")
    : asked.task(instruction, messages);
}

function last(messages: readonly ChatMessage[]): string {
  return messages.at(-1)?.content ?? "";
}
