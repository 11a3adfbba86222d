import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { startSandbox } from "../../packages/sandbox/server";
import { type RuntimeOptions, startLanguageHost } from "./support/languageHost";

/**
 * The Node language host is a download of its own. What it does is start `@pulumi/pulumi/cmd/run` with
 * the options of Pulumi.yaml; a stand-in does just that here, and the engine runs the program through it.
 */
const repository = resolve(__dirname, "../..");
const root = mkdtempSync(join(tmpdir(), "genaiops-language-host-"));
const { runtime } = parse(readFileSync(join(repository, "Pulumi.yaml"), "utf8")) as {
  runtime: { name: string; options: RuntimeOptions };
};

beforeAll(() => {
  const copied = ["Pulumi.yaml", "Pulumi.dev.yaml", "package.json", "tsconfig.json", "index.ts"];
  for (const entry of [...copied, "config", "components", "packages", "flows", "images"]) {
    cpSync(join(repository, entry), join(root, entry), { recursive: true });
  }
  symlinkSync(join(repository, "node_modules"), join(root, "node_modules"), "junction");
  mkdirSync(join(root, ".state"));
});

test("the engine previews the stack through cmd/run with the options of Pulumi.yaml", async () => {
  const host = await startLanguageHost(runtime.options, root);
  const sandbox = await startSandbox({
    stateFile: join(root, ".state/azure.json"),
    settings: { tenantId: "22222222-2222-4222-8222-222222222222" },
  });
  const environment = {
    ...process.env,
    ...sandbox.environment,
    PATH: `${join(root, "packages/sandbox/providers")}:${process.env["PATH"]}`,
    PULUMI_BACKEND_URL: `file://${join(root, ".state")}`,
    PULUMI_HOME: join(root, ".state/home"),
    PULUMI_CONFIG_PASSPHRASE: "only for this test",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  };
  const pulumi = (...args: string[]) => run("pulumi", args, environment);
  try {
    await pulumi("stack", "init", "dev", "--non-interactive");
    const preview = await pulumi(
      "preview",
      "--stack=dev",
      "--non-interactive",
      "--color=never",
      `--client=${host.address}`,
      "--exec-kind=auto.inline",
    );
    expect(runtime).toEqual({
      name: "nodejs",
      options: { typescript: false, nodeargs: "--import tsx" },
    });
    expect(host.runs.map(({ exitCode, output }) => [exitCode, output])).toEqual([[0, ""]]);
    expect(host.runs[0]?.arguments.slice(0, 2)).toEqual(["--import", "tsx"]);
    expect(preview).toMatch(/genaiops:index:EndpointSettings web-classification.settings create/);
    expect(preview).toMatch(/\+ \d+ to create\n/);
  } finally {
    host.close();
    await sandbox.close();
  }
});

function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  return new Promise((done, fail) => {
    const child = spawn(command, args, { cwd: root, env });
    let output = "";
    child.stdout.on("data", (text) => (output += text));
    child.stderr.on("data", (text) => (output += text));
    child.on("error", fail);
    child.on("close", (code) => (code === 0 ? done(output) : fail(new Error(output))));
  });
}
