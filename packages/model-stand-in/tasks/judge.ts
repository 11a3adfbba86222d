import { contentWords, tagged } from "../text";

/** Rate a reply from 1 to 5 by the share of the reference's words that it contains. */
export function judge(request: string): string {
  const reference = [...new Set(contentWords(tagged(request, "reference") ?? ""))];
  const reply = new Set(contentWords(tagged(request, "reply") ?? ""));
  const share = reference.filter((word) => reply.has(word)).length / Math.max(1, reference.length);
  return String(1 + Math.round(share * 4));
}
