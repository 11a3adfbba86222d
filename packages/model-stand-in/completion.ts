import { createHash } from "node:crypto";
import { z } from "zod";
import type { ChatMessage } from "./chat";
import { replyTo } from "./reply";

const part = z.object({ type: z.string(), text: z.string().optional() });

/** What is read of a chat completion request; everything else in it is accepted and has no effect. */
export const requestSchema = z.object({
  model: z.string().optional(),
  messages: z
    .array(
      z.object({
        role: z.enum(["system", "developer", "user", "assistant"]),
        content: z.union([z.string(), z.array(part)]),
      }),
    )
    .min(1),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().optional() }).nullish(),
});

export type CompletionRequest = z.output<typeof requestSchema>;

/** A chat completion as the API returns it. */
export interface Completion {
  readonly id: string;
  readonly object: "chat.completion";
  readonly created: number;
  readonly model: string;
  readonly choices: readonly {
    readonly index: 0;
    readonly finish_reason: "stop";
    readonly message: { readonly role: "assistant"; readonly content: string };
  }[];
  readonly usage: Usage;
}

interface Usage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly total_tokens: number;
  readonly prompt_tokens_details: { readonly cached_tokens: 0 };
  readonly completion_tokens_details: { readonly reasoning_tokens: 0 };
}

/** The messages as plain text; the name `developer` is the newer one for `system`. */
export function plainMessages(request: CompletionRequest): ChatMessage[] {
  return request.messages.map(({ role, content }) => ({
    role: role === "developer" ? "system" : role,
    content: typeof content === "string" ? content : content.map(({ text }) => text ?? "").join(""),
  }));
}

/** Complete a chat. The same messages and model give the same completion, its id and time included. */
export function complete(messages: readonly ChatMessage[], model: string): Completion {
  const content = replyTo(messages);
  const prompt = messages.reduce((sum, message) => sum + 4 + tokens(message.content), 0);
  return {
    id: `chatcmpl-${createHash("sha256")
      .update(JSON.stringify([model, messages]))
      .digest("hex")
      .slice(0, 24)}`,
    object: "chat.completion",
    created: 1_700_000_000,
    model,
    choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content } }],
    usage: {
      prompt_tokens: prompt,
      completion_tokens: tokens(content),
      total_tokens: prompt + tokens(content),
      prompt_tokens_details: { cached_tokens: 0 },
      completion_tokens_details: { reasoning_tokens: 0 },
    },
  };
}

/** The same completion as server-sent events, a word at a time. */
export function streamed(completion: Completion, includeUsage: boolean): string {
  const { choices, usage, ...head } = completion;
  const chunk = (delta: object, finish: string | null) => ({
    ...head,
    object: "chat.completion.chunk",
    choices: [{ index: 0, delta, finish_reason: finish }],
  });
  const events: object[] = [
    chunk({ role: "assistant", content: "" }, null),
    ...(choices[0]!.message.content.match(/\S+\s*/g) ?? []).map((content) =>
      chunk({ content }, null),
    ),
    chunk({}, "stop"),
    ...(includeUsage ? [{ ...head, object: "chat.completion.chunk", choices: [], usage }] : []),
  ];
  return [...events.map((event) => JSON.stringify(event)), "[DONE]"]
    .map((data) => `data: ${data}\n\n`)
    .join("");
}

/** About four characters a token, as English text has. */
function tokens(text: string): number {
  return Math.ceil(text.length / 4);
}
