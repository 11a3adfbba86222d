import type { Stack } from "@pulumi/pulumi/automation";
import { CommandError, EXIT, type ExitCode } from "../exit";

export type Operation = "preview" | "up" | "refresh" | "destroy";

/** What an operation prints on, and whether in colour. */
export interface Streams {
  readonly color: "always" | "never";
  readonly onOutput: (text: string) => void;
  readonly onError: (text: string) => void;
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
  if (operation === "destroy") return destroy(stack, stackName, streams);
  return (await succeeds(() => stack[operation](streams))) ? EXIT.ok : EXIT.failed;
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
