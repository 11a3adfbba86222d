import * as pulumi from "@pulumi/pulumi";
import type { EngineEvent, Stack } from "@pulumi/pulumi/automation";
import { readEnvironment } from "../../../config/read";
import { openSandboxStack } from "../../../packages/cli/sandbox/stack";
import { findEngine } from "../../../packages/sandbox/engine/pulumi";
import type { ObservedWrite, ServerSettings } from "../../../packages/sandbox/server";

/**
 * Runs operations of one stack in a process of its own: the SDK keeps its state per process, and a program
 * whose engine has stopped leaves promises behind that nobody can await.
 */

export type Operation = "preview" | "up" | "refresh" | "destroy";

export interface Orders {
  readonly root: string;
  readonly stack: string;
  readonly directory: string;
  readonly secrets?: Readonly<Record<string, string>>;
  readonly settings?: Omit<ServerSettings, "observe">;
  /** Patterns of URNs, as `pulumi up --target` and `--exclude` take them. */
  readonly limits?: { readonly target?: readonly string[]; readonly exclude?: readonly string[] };
}

/** A resource that an operation changed, with the paths of its changed properties. */
export interface ChangedResource {
  readonly operation: string;
  readonly type: string;
  readonly name: string;
  readonly properties: readonly string[];
}

export interface Outcome {
  readonly failed: boolean;
  /** Number of resources by operation. */
  readonly summary: Readonly<Record<string, number>>;
  /** What changed, in the engine's order; the stack itself is left out. */
  readonly changed: readonly ChangedResource[];
  /** All that the engine printed. */
  readonly output: string;
  /** Every write that reached Resource Manager meanwhile. */
  readonly writes: readonly ObservedWrite[];
  /** Resources in the engine's state afterwards, without the stack and its providers. */
  readonly resources: readonly string[];
}

function program(root: string, stack: string): Promise<Record<string, unknown>> {
  const declare = require("../../../index") as (
    options: object,
  ) => Promise<Record<string, unknown>>;
  return declare({
    environment: readEnvironment({ root, stack, values: pulumi.runtime.allConfig() }),
  });
}

async function operate(
  stack: Stack,
  operation: Operation,
  limits: Orders["limits"] = {},
): Promise<Omit<Outcome, "writes" | "resources">> {
  const changed: ChangedResource[] = [];
  let summary: Record<string, number> = {};
  let output = "";
  const onEvent = ({ resourcePreEvent, summaryEvent }: EngineEvent) => {
    const metadata = resourcePreEvent?.metadata;
    if (metadata && metadata.op !== "same" && metadata.type !== "pulumi:pulumi:Stack") {
      changed.push({
        operation: metadata.op,
        type: metadata.type,
        name: metadata.urn.split("::").pop() ?? "",
        properties: Object.keys(metadata.detailedDiff ?? {}).sort(),
      });
    }
    if (summaryEvent) summary = { ...summaryEvent.resourceChanges } as Record<string, number>;
  };
  const options = {
    ...limits,
    onEvent,
    onOutput: (text: string) => void (output += text),
    color: "never" as const,
  };
  try {
    // As a person runs it: a preview first, and nothing more when that fails.
    if (operation === "destroy") await stack.destroy({ ...options, previewOnly: true } as never);
    changed.length = 0;
    await stack[operation](options as never);
    return { failed: false, summary, changed, output };
  } catch (error) {
    return { failed: true, summary, changed, output: output || String(error) };
  }
}

async function main(): Promise<void> {
  const { root, stack, directory, secrets, settings, limits } = JSON.parse(
    process.argv[2] ?? "",
  ) as Orders;
  const engine = findEngine();
  if (!engine.found) throw new Error(engine.reason);
  const writes: ObservedWrite[] = [];
  const sandbox = await openSandboxStack({
    root,
    stack,
    directory,
    engineFolder: engine.folder,
    program: () => program(root, stack),
    ...(secrets ? { secrets } : {}),
    settings: { ...settings, observe: (write) => writes.push(write) },
  });
  process.on("unhandledRejection", () => {
    // Calls of a program whose engine has stopped; the operation has already said so.
  });
  process.on("message", (operation: Operation | "close") => {
    if (operation === "close") {
      void sandbox.close().then(() => process.exit(0));
      return;
    }
    void operate(sandbox.stack, operation, limits).then(async (outcome) => {
      const { deployment } = await sandbox.stack.exportStack();
      const resources = ((deployment.resources ?? []) as { urn: string; type: string }[])
        .filter(({ type }) => !type.startsWith("pulumi:"))
        .map(({ urn }) => urn);
      process.send?.({ ...outcome, writes: writes.splice(0), resources });
    });
  });
  process.send?.("ready");
}

void main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exit(1);
});
