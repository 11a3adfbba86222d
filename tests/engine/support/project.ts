import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { parse } from "yaml";
import { findEngine } from "../../../packages/sandbox/engine/pulumi";
import { startSandbox } from "../../../packages/sandbox/server";
import { type RuntimeOptions, startLanguageHost } from "./languageHost";

const repository = resolve(__dirname, "../../..");
const tenantId = "22222222-2222-4222-8222-222222222222";

/** A folder that holds the whole program with its stack `dev`. */
export function copyOfProgram(): string {
  const root = mkdtempSync(join(tmpdir(), "genaiops-program-"));
  const files = ["Pulumi.yaml", "Pulumi.dev.yaml", "package.json", "tsconfig.json", "index.ts"];
  for (const entry of [...files, "config", "components", "packages", "flows", "images"]) {
    cpSync(join(repository, entry), join(root, entry), { recursive: true });
  }
  symlinkSync(join(repository, "node_modules"), join(root, "node_modules"), "junction");
  return root;
}

/** A folder that holds a program of one resource group, run with the same options. */
export function programOfOneResource(): string {
  const root = mkdtempSync(join(tmpdir(), "genaiops-one-"));
  const { runtime } = readProject(repository);
  const config = { "azure-native:tenantId": tenantId, "azure-native:subscriptionId": tenantId };
  writeFileSync(join(root, "Pulumi.yaml"), JSON.stringify({ name: "one", runtime }));
  writeFileSync(join(root, "Pulumi.dev.yaml"), JSON.stringify({ config }));
  writeFileSync(join(root, "package.json"), JSON.stringify({ main: "index.ts" }));
  writeFileSync(
    join(root, "index.ts"),
    `import { ResourceGroup } from "@pulumi/azure-native/resources";
new ResourceGroup("one", { resourceGroupName: "rg-one", location: "swedencentral" });
`,
  );
  symlinkSync(join(repository, "node_modules"), join(root, "node_modules"), "junction");
  return root;
}

function readProject(root: string): { runtime: { name: string; options: RuntimeOptions } } {
  return parse(readFileSync(join(root, "Pulumi.yaml"), "utf8"));
}

/**
 * `pulumi preview --stack dev` in the folder, the program started as the Node language host starts it.
 * Seconds are those of the command alone.
 */
export async function previewAsUser(root: string) {
  const engine = findEngine();
  if (!engine.found) throw new Error(engine.reason);
  const state = join(root, ".state");
  mkdirSync(state);
  const { runtime } = readProject(root);
  const host = await startLanguageHost(runtime.options, root);
  const sandbox = await startSandbox({
    stateFile: join(state, "azure.json"),
    settings: { tenantId },
  });
  const path = [engine.folder, join(repository, "packages/sandbox/providers"), process.env["PATH"]];
  const environment = {
    ...process.env,
    ...sandbox.environment,
    PATH: path.join(delimiter),
    PULUMI_BACKEND_URL: `file://${state}`,
    PULUMI_HOME: join(state, "home"),
    PULUMI_CONFIG_PASSPHRASE: "only for this run",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  };
  try {
    await run(["stack", "init", "dev"], root, environment);
    const started = process.hrtime.bigint();
    const output = await run(
      ["preview", "--stack=dev", `--client=${host.address}`, "--exec-kind=auto.inline"],
      root,
      environment,
    );
    const seconds = Number(process.hrtime.bigint() - started) / 1e9;
    return { output, seconds, runtime, runs: host.runs };
  } finally {
    host.close();
    await sandbox.close();
  }
}

function run(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<string> {
  return new Promise((done, fail) => {
    const child = spawn("pulumi", [...args, "--non-interactive", "--color=never"], { cwd, env });
    let output = "";
    child.stdout.on("data", (text) => (output += text));
    child.stderr.on("data", (text) => (output += text));
    child.on("error", fail);
    child.on("close", (code) => (code === 0 ? done(output) : fail(new Error(output))));
  });
}
