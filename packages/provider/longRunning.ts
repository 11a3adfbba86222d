import { errorText } from "./azureError";

/** One answer while an operation runs. */
export interface Answer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Pause that Azure asks for. */
  readonly afterMs?: number;
  readonly body: unknown;
}

/** What to do after an answer of Azure to a write, or to a look at how the write goes on. */
export type Step =
  | { readonly kind: "done" }
  | { readonly kind: "failed"; readonly code: string; readonly text: string }
  /** Look again at this address; `resource` is the written resource itself. */
  | {
      readonly kind: "look";
      readonly at: string | "resource";
      /** Whether the address answers with the operation's status or as the resource's own address does. */
      readonly by: "status" | "location" | "resource";
      readonly afterMs?: number;
    };

/**
 * How a write goes on (azure-resource-manager-rpc, async-api-reference.md): Azure-AsyncOperation names an
 * address with a status, Location one that answers 202 until the end, and without both the resource's
 * provisioning state tells.
 */
export function afterWrite(answer: Answer): Step {
  const { afterMs } = answer;
  const status = answer.headers["azure-asyncoperation"] ?? answer.headers["operation-location"];
  if (status) return { kind: "look", at: status, by: "status", afterMs };
  const location = answer.headers["location"];
  if (answer.status === 202 && location)
    return { kind: "look", at: location, by: "location", afterMs };
  return byState(provisioningState(answer.body), answer, "resource");
}

/** How an operation goes on after a look at it. */
export function afterLook(look: Extract<Step, { kind: "look" }>, answer: Answer): Step {
  const again = { ...look, afterMs: answer.afterMs };
  if (look.by === "status") return byState(field<string>(answer.body, "status"), answer, again);
  if (look.by === "location") {
    if (answer.status !== 202) return { kind: "done" };
    return { ...again, at: answer.headers["location"] ?? look.at };
  }
  return byState(provisioningState(answer.body), answer, again);
}

function byState(
  state: string | undefined,
  answer: Answer,
  again: Extract<Step, { kind: "look" }> | "resource",
): Step {
  if (state === undefined || state === "Succeeded") return { kind: "done" };
  if (state === "Failed" || state === "Canceled") {
    const { code, text } = errorText(answer.body);
    return {
      kind: "failed",
      code: code || (state === "Canceled" ? "OperationCanceled" : "OperationFailed"),
      text: text || `the operation ended as ${state}`,
    };
  }
  if (again !== "resource") return again;
  return { kind: "look", at: "resource", by: "resource", afterMs: answer.afterMs };
}

const provisioningState = (body: unknown) =>
  field<string>(field(body, "properties"), "provisioningState");

function field<Value>(value: unknown, name: string): Value | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  return (value as Record<string, Value | undefined>)[name];
}
