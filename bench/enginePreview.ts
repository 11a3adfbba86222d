import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { loadProgram } from "../packages/cli/plan/program";
import { openSandboxStack } from "../packages/cli/sandbox/stack";
import { findEngine } from "../packages/sandbox/engine/pulumi";
import { report, root } from "./child";

/** One preview on the real engine, of the stack `dev` or of a program with one resource group. */
async function oneResource(): Promise<Record<string, unknown>> {
  const { ResourceGroup } =
    require("@pulumi/azure-native/resources/resourceGroup") as typeof import("@pulumi/azure-native/resources");
  new ResourceGroup("one", { resourceGroupName: "rg-one", location: "swedencentral" });
  return {};
}

async function main(what: string): Promise<void> {
  const engine = findEngine();
  if (!engine.found) throw new Error(engine.reason);
  const directory = mkdtempSync(path.join(tmpdir(), "genaiops-bench-"));
  const sandbox = await openSandboxStack({
    root,
    stack: "dev",
    directory,
    engineFolder: engine.folder,
    program: what === "dev" ? loadProgram(root) : oneResource,
  });
  const started = process.hrtime.bigint();
  const { changeSummary } = await sandbox.stack.preview();
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  await sandbox.close();
  rmSync(directory, { recursive: true, force: true });
  report({ seconds, resources: changeSummary.create ?? 0 });
  process.exit(0);
}

void main(process.argv[2] ?? "dev");
