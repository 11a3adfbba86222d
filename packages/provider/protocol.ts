import type { PropertyChange } from "./propertyChanges";

/**
 * A resource provider as the Pulumi engine asks it; `serve.ts` puts it behind the plugin protocol. Secrets arrive
 * as plain values and the engine marks the outputs of the same name as secret again; resource references arrive as
 * ids. A value that is not known yet is the text `unknown` (see `isUnknown`).
 */
export interface Provider {
  readonly name: string;
  readonly version: string;
  /** Takes the provider's own configuration. @default it has none */
  configure?(config: Properties): Promise<void>;
  /** Completes the inputs and names what is wrong with them; also called with unknown values. */
  check(request: CheckRequest): Promise<{ inputs: Properties; failures: Failure[] }>;
  diff(request: DiffRequest): Promise<Diff>;
  /** In a preview nothing is written, `id` may be empty, and outputs may hold unknown values. */
  create(request: CreateRequest): Promise<{ id: string; outputs: Properties }>;
  /** What stands in the cloud now; undefined when it is gone. */
  read(request: ReadRequest): Promise<ReadResult | undefined>;
  update(request: UpdateRequest): Promise<{ outputs: Properties }>;
  delete(request: DeleteRequest): Promise<void>;
  invoke(request: InvokeRequest): Promise<{ outputs: Properties; failures?: Failure[] }>;
}

/** A JSON object: text, numbers, booleans, null, arrays and objects of them. */
export type Properties = Record<string, unknown>;

export interface Failure {
  /** Path of the input, `weights.blue`. */
  property: string;
  reason: string;
}

export interface Diff {
  /** What changes, by property path; nothing for no change. See `propertyChanges`. */
  changes: Record<string, PropertyChange>;
  /** @default a replacement creates first */
  deleteBeforeReplace?: boolean;
}

export interface ReadResult {
  id: string;
  outputs: Properties;
  inputs: Properties;
}

interface Request {
  urn: string;
  /** Token of the resource type, `genaiops:index:BlobFolder`. */
  type: string;
}
/** Of an operation that takes time: `signal` is aborted when the user presses Ctrl-C. */
interface Operation extends Request {
  signal: AbortSignal;
  /** Seconds that the program allows (`customTimeouts`); 0 where it does not say. */
  timeoutSeconds: number;
}
export interface CheckRequest extends Request {
  oldInputs: Properties;
  inputs: Properties;
}
export interface DiffRequest extends Request {
  id: string;
  oldInputs: Properties;
  oldOutputs: Properties;
  inputs: Properties;
  ignoreChanges: string[];
}
export interface CreateRequest extends Operation {
  inputs: Properties;
  preview: boolean;
}
export interface ReadRequest extends Operation {
  id: string;
  /** Empty for an import. */
  outputs: Properties;
  /** Empty for an import. */
  inputs: Properties;
}
export interface UpdateRequest extends Operation {
  id: string;
  oldInputs: Properties;
  oldOutputs: Properties;
  inputs: Properties;
  preview: boolean;
}
export interface DeleteRequest extends Operation {
  id: string;
  inputs: Properties;
  outputs: Properties;
}
export interface InvokeRequest {
  token: string;
  args: Properties;
  preview: boolean;
  signal: AbortSignal;
}

/** Stands for a value that the engine does not know yet (sdk/go/common/resource/plugin/rpc.go). */
export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Whether a value is unknown, or holds an unknown value anywhere inside. */
export function isUnknown(value: unknown): boolean {
  if (value === unknown) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(isUnknown);
}
