/**
 * Exclusive locks: learn.microsoft.com/azure/devops/pipelines/process/approvals, "Exclusive lock". With
 * `sequential` every run gets its turn; with `runLatest`, the service's default, only the last that waits.
 */
export class Locks {
  readonly #queues = new Map<string, Waiting[]>();
  readonly #asked = new Map<string, number>();

  /** Resolves when the lock is held; false when a later run took the place in the queue. */
  take(key: string, behavior: "sequential" | "runLatest"): Promise<boolean> {
    const queue = this.#queues.get(key) ?? [];
    this.#queues.set(key, queue);
    this.#asked.set(key, this.asked(key) + 1);
    return new Promise((resolve) => {
      // The first of the queue holds the lock and is not taken away from it.
      if (behavior === "runLatest") for (const other of queue.splice(1)) other.resolve(false);
      queue.push({ resolve });
      if (queue.length === 1) resolve(true);
    });
  }

  /** How often the lock was asked for. */
  asked(key: string): number {
    return this.#asked.get(key) ?? 0;
  }

  release(key: string): void {
    const queue = this.#queues.get(key) ?? [];
    queue.shift();
    queue[0]?.resolve(true);
  }
}

interface Waiting {
  readonly resolve: (held: boolean) => void;
}
