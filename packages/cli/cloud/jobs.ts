import { setTimeout as sleep } from "node:timers/promises";
import { AzureError } from "../../provider/azureError";
import type { Json, ResourceManager } from "../../provider/resourceManager";
import { isLive, jobName } from "./job";

/** Between two looks at a job: it takes minutes where a node has to start, and seconds where one is there. */
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 15_000;

/** A job as Azure has it. */
export interface FoundJob {
  readonly name: string;
  readonly attempt: number;
  readonly status: string;
  /** Page in the studio; absent where Azure names none. */
  readonly studio?: string;
}

/** The jobs of a workspace by the work that they do. */
export class Jobs {
  constructor(
    private readonly azure: ResourceManager,
    private readonly workspaceId: string,
    private readonly flow: string,
  ) {}

  /** The last attempt at a piece of work; undefined where there was none. */
  async last(key: string): Promise<FoundJob | undefined> {
    let found: FoundJob | undefined;
    for (let attempt = 1; ; attempt += 1) {
      const next = await this.look(key, attempt);
      if (next === undefined) return found;
      found = next;
    }
  }

  async look(key: string, attempt: number): Promise<FoundJob | undefined> {
    const name = jobName(this.flow, key, attempt);
    const live = await this.azure.get(this.id(name));
    if (live === undefined) return undefined;
    const { status = "Unknown", services } = live.body["properties"] as {
      status?: string;
      services?: { Studio?: { endpoint?: string } };
    };
    const studio = services?.Studio?.endpoint;
    return { name, attempt, status, ...(studio === undefined ? {} : { studio }) };
  }

  /** Start an attempt. Whoever else started it meanwhile is answered with. */
  async submit(key: string, attempt: number, body: Json): Promise<FoundJob> {
    const name = jobName(this.flow, key, attempt);
    try {
      await this.azure.put(this.id(name), body);
    } catch (error) {
      const taken = error instanceof AzureError && [400, 409].includes(error.status);
      const there = taken ? await this.look(key, attempt) : undefined;
      if (there === undefined) throw error;
      return there;
    }
    return (await this.look(key, attempt)) ?? { name, attempt, status: "NotStarted" };
  }

  /** Ask a job to stop. What it has finished stays. */
  async cancel(name: string): Promise<void> {
    await this.azure.act(this.id(name), "cancel");
  }

  /** Wait until a job has ended, and hand on each state. Ends with the signal's reason when it is aborted. */
  async ended(
    key: string,
    job: FoundJob,
    options: { signal: AbortSignal; onStatus: (job: FoundJob) => void },
  ): Promise<FoundJob> {
    let now = job;
    options.onStatus(now);
    for (
      let wait = FIRST_WAIT_MS;
      isLive(now.status);
      wait = Math.min(wait * 1.5, LONGEST_WAIT_MS)
    ) {
      await sleep(wait, undefined, { signal: options.signal });
      const next = (await this.look(key, job.attempt)) ?? { ...now, status: "Canceled" };
      if (next.status !== now.status) options.onStatus(next);
      now = next;
    }
    return now;
  }

  private id(name: string): string {
    return `${this.workspaceId}/jobs/${name}`;
  }
}
