import type { Stack } from "@pulumi/pulumi/automation";
import { isGrpcError } from "@pulumi/pulumi/errors";
import { CommandError, EXIT, type ExitCode } from "../exit";

export type Operation = "preview" | "up" | "refresh" | "destroy";

/** What an operation prints on, and whether in colour. */
export interface Streams {
  readonly color: "always" | "never";
  readonly onOutput: (text: string) => void;
  readonly onError: (text: string) => void;
  /** Ends the engine in good order, as Ctrl-C does. */
  readonly signal?: AbortSignal;
}

/** The part of a stack that a destroy needs. */
export type Destroyable = Pick<Stack, "destroy" | "previewDestroy" | "exportStack">;

/** Run one operation of the engine, which prints for itself. */
export async function operate(
  stack: Stack,
  stackName: string,
  operation: Operation,
  streams: Streams,
): Promise<ExitCode> {
  const stop = new AbortController();
  // What the program failed on is never settled, and the engine would wait for it for ever.
  const programFailed = (reason: unknown) => {
    // The engine has ended by itself, and the program's calls with it.
    if (reason instanceof Error && isGrpcError(reason)) return;
    streams.onError(`the program failed: ${causeOf(reason)}\n`);
    stop.abort();
  };
  process.on("unhandledRejection", programFailed);
  try {
    const stoppable = { ...streams, signal: stop.signal };
    if (operation === "destroy") return await destroy(stack, stackName, stoppable);
    return (await succeeds(() => stack[operation](stoppable))) ? EXIT.ok : EXIT.failed;
  } finally {
    process.off("unhandledRejection", programFailed);
  }
}

/**
 * As `pulumi destroy` does, and the Automation API does not: a preview first, and nothing more when that
 * fails. Without it the engine deletes roles, locks and routing before it meets what is protected.
 */
export async function destroy(
  stack: Destroyable,
  stackName: string,
  streams: Streams,
): Promise<ExitCode> {
  let preview = "";
  const keep = (text: string) => void (preview += text);
  if (!(await succeeds(() => stack.previewDestroy({ color: streams.color, onOutput: keep })))) {
    const kept = protectedIn((await stack.exportStack()).deployment);
    if (kept.length === 0) {
      streams.onOutput(preview);
      return EXIT.failed;
    }
    throw new CommandError(
      `refused: nothing of ${stackName} was deleted, because it is protected: ${kept.join(", ")}; ` +
        `to destroy it, set \`protect: false\` in Pulumi.${stackName}.yaml, run up, then destroy again`,
      EXIT.refused,
    );
  }
  return (await succeeds(() => stack.destroy(streams))) ? EXIT.ok : EXIT.failed;
}

/** The SDK adds a prefix for every output that the cause passed through. */
function causeOf(reason: unknown): string {
  const message = reason instanceof Error ? reason.message : String(reason);
  return message.replace(/^(error serializing property "[^"]*": )+/, "");
}

/** Names of the protected resources in the engine's state, sorted. */
function protectedIn(deployment: { resources?: unknown }): string[] {
  const resources = (deployment.resources ?? []) as readonly { urn: string; protect?: boolean }[];
  return resources
    .filter(({ protect }) => protect === true)
    .map(({ urn }) => urn.slice(urn.lastIndexOf("::") + 2))
    .sort();
}

/** The engine says on its output why it failed; the SDK's error repeats all of that. */
async function succeeds(run: () => Promise<unknown>): Promise<boolean> {
  try {
    await run();
    return true;
  } catch {
    return false;
  }
}
