import type {
  CheckRequest,
  CreateRequest,
  DeleteRequest,
  Diff,
  DiffRequest,
  Failure,
  Properties,
  ReadRequest,
  ReadResult,
  UpdateRequest,
} from "./protocol";
import type { Call } from "./pipeline";

/** One resource type as the engine sees it; `provider.ts` has the table of them. */
export interface Kind {
  problems(request: CheckRequest): Failure[];
  diff(request: DiffRequest): Diff;
  create(request: CreateRequest): Promise<{ id: string; outputs: Properties }>;
  read(request: ReadRequest): Promise<ReadResult | undefined>;
  update(request: UpdateRequest): Promise<{ outputs: Properties }>;
  delete(request: DeleteRequest): Promise<void>;
}

/** What an operation's requests share: how long they may take, and what ends them. */
export const callOf = (request: { signal: AbortSignal; timeoutSeconds: number }): Call => ({
  signal: request.signal,
  ...(request.timeoutSeconds > 0 && { timeoutMs: request.timeoutSeconds * 1000 }),
});
