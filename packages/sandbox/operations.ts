import { guid, key, lastName } from "./ids";
import { setAt } from "./paths";
import type { AzureState, Operation } from "./state";

/** Long-running writes: they start, exclude others of their group, and end after some polls. */

export interface Started {
  readonly kind: Operation["kind"];
  readonly id: string;
  readonly group: string;
  readonly polls: number;
  readonly fails: boolean;
  /** State shown until the end: Creating, Updating or Deleting. */
  readonly shows: string;
}

export function start(
  state: AzureState,
  { kind, id, group, polls, fails, shows }: Started,
): Operation {
  const operation: Operation = {
    id: guid("operation", String(Object.keys(state.operations).length + 1)),
    kind,
    resource: key(id),
    group,
    pollsLeft: polls,
    fails,
    status: "InProgress",
  };
  state.operations[operation.id] = operation;
  setState(state, operation, shows);
  if (polls <= 0) finish(state, operation);
  return operation;
}

/** The running operation that a write on this group has to wait for. */
export function running(state: AzureState, group: string): Operation | undefined {
  return Object.values(state.operations).find(
    (operation) => operation.group === group && operation.status === "InProgress",
  );
}

/** One poll; also what a refused write costs, for time passes for it too. */
export function poll(state: AzureState, operation: Operation): void {
  if (operation.status !== "InProgress") return;
  operation.pollsLeft -= 1;
  if (operation.pollsLeft <= 0) finish(state, operation);
}

function finish(state: AzureState, operation: Operation): void {
  operation.status = operation.fails ? "Failed" : "Succeeded";
  if (operation.kind === "delete" && !operation.fails) {
    removeTree(state, operation.resource);
    return;
  }
  setState(state, operation, operation.status);
}

function setState(state: AzureState, operation: Operation, value: string): void {
  const stored = state.resources[operation.resource];
  if (stored) setAt(stored.body, "properties.provisioningState", value);
}

/** Remove a resource and everything below it. */
export function removeTree(state: AzureState, resource: string): void {
  for (const other of Object.keys(state.resources)) {
    if (other === resource || other.startsWith(`${resource}/`)) delete state.resources[other];
  }
}

const statusPath = /\/mfeOperation(sStatus|Results)\/([0-9a-f-]+)$/i;

/** The operation that a status path names. */
export function operationAt(
  state: AzureState,
  path: string,
): { operation: Operation; results: boolean } | undefined {
  const found = statusPath.exec(path);
  const operation = found && state.operations[lastName(path).toLowerCase()];
  return operation ? { operation, results: found[1]?.toLowerCase() === "results" } : undefined;
}
