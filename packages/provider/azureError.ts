import { UserError } from "./userError";

/** An answer of Azure that is no success, with what to do about it. */
export class AzureError extends UserError {
  override readonly name = "AzureError";

  constructor(
    /** What was tried, `write` or `read`. */
    readonly verb: string,
    /** ARM id or address of the resource. */
    readonly resource: string,
    /** HTTP status; 0 where an accepted operation failed later. */
    readonly status: number,
    /** Azure's error code, `AuthorizationFailed`. */
    readonly code: string,
    /** Azure's own words. */
    readonly text: string,
  ) {
    const answer = [status || "", code].filter(Boolean).join(" ");
    super(`cannot ${verb} ${resource}\nAzure answered ${answer}: ${text}\n${advice(status, code)}`);
  }
}

/** True where another operation stood in the way, and the same request can succeed later. */
export function isConflict(error: unknown): error is AzureError {
  return (
    error instanceof AzureError &&
    (error.status === 409 || error.status === 412 || error.code === "OperationCanceled")
  );
}

/** Code and message of an ARM error body: `{error: {code, message, details}}` or the inner object alone. */
export function errorText(body: unknown): { code: string; text: string } {
  const outer = asRecord(body);
  const error = asRecord(outer["error"] ?? outer);
  const details = (Array.isArray(error["details"]) ? error["details"] : [])
    .map((detail) => errorText(detail))
    .filter(({ text }) => text && text !== error["message"])
    .map(({ code, text }) => `${code}: ${text}`);
  const message = typeof error["message"] === "string" ? error["message"] : "";
  return {
    code: typeof error["code"] === "string" ? error["code"] : "",
    text: [message, ...details].filter(Boolean).join("; "),
  };
}

function advice(status: number, code: string): string {
  if (status === 401)
    return "Log in again (`az login`) with an account of the tenant of this subscription.";
  if (status === 403) {
    return "Grant the identity that runs this the right on that resource. A role just granted works after some minutes; a closed network must let this machine in.";
  }
  if (status === 404)
    return "Check that the resource exists and that the subscription and names in the id are right.";
  if (code === "OperationCanceled" || status === 409 || status === 412) {
    return "Another operation on the same resource may be running: wait until it has ended, then run this again. If Azure says the same then, mend what it names.";
  }
  if (status === 429)
    return "Azure limits the number of requests. Wait some minutes, then run this again.";
  if (status >= 500) return "The service failed. Run this again; nothing is done twice.";
  return "Mend what Azure names, then run this again; nothing is done twice.";
}

const asRecord = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
