import { performRollout, type RolloutRequest } from "../../../packages/cli/rollout/perform";

/**
 * A roll-out in a process of its own, which kills itself at a text that it says. Its clock is the parent's.
 */
export interface Order {
  readonly request: Omit<RolloutRequest, "signal" | "clock" | "say">;
  /** Now, in milliseconds since 1970. */
  readonly now: number;
  readonly killAt?: string;
}

export type Message =
  | { readonly kind: "said"; readonly text: string }
  | { readonly kind: "sleep"; readonly ms: number }
  | { readonly kind: "ended"; readonly code: number };

const send = (message: Message) => process.send?.(message);

process.once("message", (order: Order) => {
  let now = order.now;
  const clock = {
    now: () => now,
    sleep: (ms: number) =>
      new Promise<void>((resolve) => {
        process.once("message", (later: { now: number }) => {
          now = later.now;
          resolve();
        });
        send({ kind: "sleep", ms });
      }),
  };
  const say = (text: string) => {
    if (order.killAt !== undefined && text.includes(order.killAt)) {
      process.kill(process.pid, "SIGKILL");
    }
    send({ kind: "said", text });
  };
  const signal = new AbortController().signal;
  performRollout({ ...order.request, signal, clock, say }).then(
    (code) => {
      send({ kind: "ended", code });
      process.disconnect();
    },
    (error: Error) => {
      send({ kind: "said", text: error.message });
      process.disconnect();
    },
  );
});
