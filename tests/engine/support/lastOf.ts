import type { Outcome } from "./operator";

/** Where in the writes the last one that matches stands; -1 where none does. */
export function lastOf({ writes }: Outcome, method: string, path: string): number {
  return writes.map((write) => `${write.method} ${write.path}`).lastIndexOf(`${method} ${path}`);
}
